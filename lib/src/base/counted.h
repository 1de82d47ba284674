// Numbers of things, and the first of their names, in a line for a person.
#ifndef SLUICE_BASE_COUNTED_H_
#define SLUICE_BASE_COUNTED_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

// "1 rule", "2 rules".
[[nodiscard]] std::string Counted(std::size_t count, std::string_view noun);

// "1 rule (a)", "4 rules (a, b, c, …)".
[[nodiscard]] std::string CountedNames(std::span<const std::string> names, std::string_view noun);

}  // namespace sluice

#endif  // SLUICE_BASE_COUNTED_H_
