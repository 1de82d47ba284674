#include "base/counted.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice {

std::string WithCommas(std::uint64_t number) {
  std::string digits = fmt::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string Counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", WithCommas(number), noun, number == 1 ? "" : "s");
}

std::string CountedNames(std::span<const std::string> names, std::string_view noun) {
  constexpr std::size_t kMostNames = 3;
  std::string first;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) first += (i == 0 ? "" : ", ") + names[i];
  return fmt::format("{} ({}{})", Counted(names.size(), noun), first, names.size() > kMostNames ? ", …" : "");
}

}  // namespace sluice
