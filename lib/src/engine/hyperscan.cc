#include "engine/hyperscan.h"

#include <cstdlib>
#include <cstring>

namespace sluice::engine {

bool PlatformIsSupported() { return hs_valid_platform() == HS_SUCCESS; }

Result<HsDatabase> Compile(const std::vector<Expression>& expressions) {
  std::vector<const char*> patterns;
  std::vector<unsigned> flags;
  std::vector<unsigned> ids;
  for (const Expression& expression : expressions) {
    ids.push_back(static_cast<unsigned>(patterns.size()));
    patterns.push_back(expression.pattern.c_str());
    flags.push_back(HS_FLAG_DOTALL | (expression.ignore_case ? HS_FLAG_CASELESS : 0U));
  }
  const hs_platform_info_t generic = {};
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t code =
      hs_compile_multi(patterns.data(), flags.data(), ids.data(), static_cast<unsigned>(patterns.size()), HS_MODE_BLOCK,
                       &generic, &database, &error);
  if (code == HS_SUCCESS) return HsDatabase(database);
  Error failure{ErrorCode::kConfig, "", "Hyperscan cannot compile the triggers"};
  if (error != nullptr) {
    if (error->expression >= 0) failure.where = expressions[static_cast<std::size_t>(error->expression)].rule_id;
    failure.message = std::string("Hyperscan: ") + error->message;
    hs_free_compile_error(error);
  }
  return failure;
}

Result<std::vector<std::byte>> Serialize(const hs_database_t* database) {
  char* bytes = nullptr;
  std::size_t length = 0;
  if (hs_serialize_database(database, &bytes, &length) != HS_SUCCESS) {
    return Error{ErrorCode::kConfig, "", "Hyperscan cannot serialise its database"};
  }
  std::vector<std::byte> copy(length);
  std::memcpy(copy.data(), bytes, length);
  std::free(bytes);  // NOLINT: allocated by Hyperscan with malloc
  return copy;
}

Result<HsDatabase> Deserialize(std::span<const std::byte> bytes) {
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(reinterpret_cast<const char*>(bytes.data()), bytes.size(), &database) != HS_SUCCESS) {
    return Error{ErrorCode::kConfig, "", "not a database of this Hyperscan"};
  }
  return HsDatabase(database);
}

std::string BuildTag() { return std::string(hs_version()) + " " SLUICE_VERSION " image 12"; }

}  // namespace sluice::engine
