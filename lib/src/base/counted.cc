#include "base/counted.h"

#include <fmt/format.h>

#include <algorithm>

namespace sluice {

std::string Counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string CountedNames(std::span<const std::string> names, std::string_view noun) {
  constexpr std::size_t kMostNames = 3;
  std::string first;
  for (std::size_t i = 0; i < std::min(names.size(), kMostNames); ++i) first += (i == 0 ? "" : ", ") + names[i];
  return fmt::format("{} ({}{})", Counted(names.size(), noun), first, names.size() > kMostNames ? ", …" : "");
}

}  // namespace sluice
