// Numbers of things, and the first of their names, in a line for a person.
#ifndef SLUICE_BASE_COUNTED_H_
#define SLUICE_BASE_COUNTED_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

// "1,234,567"; not from the locale, which would make a line depend on who runs it.
[[nodiscard]] std::string WithCommas(std::uint64_t number);

// "1 rule", "1,234 rules".
[[nodiscard]] std::string Counted(std::uint64_t number, std::string_view noun);

// "1 rule (a)", "4 rules (a, b, c, …)".
[[nodiscard]] std::string CountedNames(std::span<const std::string> names, std::string_view noun);

}  // namespace sluice

#endif  // SLUICE_BASE_COUNTED_H_
