// The TOML library, configured once, and the few helpers that both readers of TOML files share.
#ifndef SLUICE_RULES_TOML_H_
#define SLUICE_RULES_TOML_H_

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <span>
#include <string>
#include <string_view>

#include <toml++/toml.h>

#include "sluice/result.h"

namespace sluice {

// The member of `known` that is at most two edits from `key`, or "".
[[nodiscard]] std::string_view NearestName(std::string_view key, std::span<const std::string_view> known);

// "name:line" of a node.
[[nodiscard]] std::string PlaceOf(std::string_view file, const toml::node& node);

}  // namespace sluice

#endif  // SLUICE_RULES_TOML_H_
