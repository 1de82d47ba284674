#include "checks/json.h"

#include <nlohmann/json.hpp>

#include "checks/encodings.h"

namespace sluice::checks {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 4096;

// Events of the parser into a tree. Returning false stops the parser, so that deep nesting costs nothing. This, rather
// than the library's own value type, since only one file then pays for its 25,000 lines and none of it can throw.
class Builder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  bool null() { return Add(Json{}); }
  bool boolean(bool value) { return AddNumber(Json::Type::kBool, value ? 1 : 0); }
  bool number_integer(number_integer_t value) { return AddNumber(Json::Type::kNumber, static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) { return AddNumber(Json::Type::kNumber, static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) { return AddNumber(Json::Type::kNumber, value); }
  bool string(string_t& value) {
    Json json;
    json.type = Json::Type::kString;
    json.text = std::move(value);
    return Add(std::move(json));
  }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return Open(Json::Type::kObject); }
  bool key(string_t& name) {
    open_.back().names.push_back(std::move(name));
    return true;
  }
  bool end_object() { return Close(); }
  bool start_array(std::size_t) { return Open(Json::Type::kArray); }
  bool end_array() { return Close(); }
  template <typename Exception>
  bool parse_error(std::size_t, const std::string&, const Exception&) {
    return false;
  }

  [[nodiscard]] Json Take() { return std::move(root_); }

 private:
  bool AddNumber(Json::Type type, double value) {
    Json json;
    json.type = type;
    json.number = value;
    return Add(std::move(json));
  }

  bool Add(Json value) {
    if (++values_ > kMaxValues) return false;
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().items.push_back(std::move(value));
    }
    return true;
  }

  bool Open(Json::Type type) {
    if (open_.size() >= kMaxDepth) return false;
    open_.emplace_back().type = type;
    return true;
  }

  bool Close() {
    Json done = std::move(open_.back());
    open_.pop_back();
    return Add(std::move(done));
  }

  Json root_;
  std::vector<Json> open_;  // Objects and arrays that have begun, outermost first.
  std::size_t values_ = 0;
};

}  // namespace

const Json* Json::Find(std::string_view name) const {
  if (type != Type::kObject) return nullptr;
  for (std::size_t i = names.size(); i-- > 0;) {
    if (names[i] == name) return &items[i];
  }
  return nullptr;
}

std::string_view Json::Text(std::string_view name) const {
  const Json* value = Find(name);
  return value != nullptr && value->type == Type::kString ? std::string_view(value->text) : std::string_view();
}

std::optional<double> Json::Number(std::string_view name) const {
  const Json* value = Find(name);
  if (value == nullptr || value->type != Type::kNumber) return std::nullopt;
  return value->number;
}

std::optional<Json> ParseJson(std::string_view text) {
  if (text.size() > kMaxInputBytes) return std::nullopt;
  Builder builder;
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::nullopt;
  return builder.Take();
}

std::optional<Json> ParseJsonObject(std::string_view text) {
  std::optional<Json> json = ParseJson(text);
  if (json && !json->IsObject()) return std::nullopt;
  return json;
}

std::optional<Json> ParseBase64JsonObject(std::string_view text) {
  const std::optional<std::string> decoded = DecodeBase64(text, Base64::kEither);
  if (!decoded) return std::nullopt;
  return ParseJsonObject(*decoded);
}

}  // namespace sluice::checks
