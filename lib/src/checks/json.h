// A JSON document as a small tree, for looking into tokens. Depth and size are bounded, since tokens are hostile.
#ifndef SLUICE_CHECKS_JSON_H_
#define SLUICE_CHECKS_JSON_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::checks {

struct Json {
  enum class Type : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

  Type type = Type::kNull;
  double number = 0;               // Of a kNumber; 0 or 1 of a kBool.
  std::string text;                // Of a kString.
  std::vector<Json> items;         // Elements of a kArray, values of a kObject.
  std::vector<std::string> names;  // Of a kObject, one for each of `items`.

  [[nodiscard]] bool IsObject() const { return type == Type::kObject; }
  // The last member of that name, or nullptr; also when this is no object.
  [[nodiscard]] const Json* Find(std::string_view name) const;
  [[nodiscard]] bool Has(std::string_view name) const { return Find(name) != nullptr; }
  // The text of a string member; empty when there is none.
  [[nodiscard]] std::string_view Text(std::string_view name) const;
  // The value of a number member.
  [[nodiscard]] std::optional<double> Number(std::string_view name) const;
};

// One whole document. nullopt for anything else, more than 64 KiB, or more than 32 levels.
[[nodiscard]] std::optional<Json> ParseJson(std::string_view text);
// The same, and it must be an object.
[[nodiscard]] std::optional<Json> ParseJsonObject(std::string_view text);
// Out of base64 or base64url, padded or not.
[[nodiscard]] std::optional<Json> ParseBase64JsonObject(std::string_view text);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_JSON_H_
