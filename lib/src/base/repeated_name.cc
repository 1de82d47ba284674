#include "base/repeated_name.h"

#include <algorithm>
#include <cstddef>

#include "base/ascii.h"

namespace sluice {

namespace {

constexpr std::size_t kMostBytes = 64;
constexpr std::size_t kMostDigits = 4;

}  // namespace

bool IsLikeAName(std::string_view text) {
  const auto is_joint = [](char c) { return c == '-' || c == '_'; };
  const auto is_name_char = [&](char c) { return IsLower(c) || IsDigit(c) || is_joint(c); };
  const auto digits = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), IsDigit));
  const bool has_words = std::any_of(text.begin(), text.end(), is_joint);
  return !text.empty() && text.size() <= kMostBytes && digits <= (has_words ? kMostDigits : 0) &&
         std::all_of(text.begin(), text.end(), is_name_char);
}

std::string RepeatedName(std::string_view text, std::string_view otherwise) {
  return IsLikeAName(text) ? std::string(" '").append(text).append("'") : std::string(otherwise);
}

}  // namespace sluice
