// What a person meant who misspelt a name.
#ifndef SLUICE_BASE_NEAREST_NAME_H_
#define SLUICE_BASE_NEAREST_NAME_H_

#include <span>
#include <string_view>

namespace sluice {

// The member of `known` that is at most two edits from `key`, or "".
[[nodiscard]] std::string_view NearestName(std::string_view key, std::span<const std::string_view> known);

}  // namespace sluice

#endif  // SLUICE_BASE_NEAREST_NAME_H_
