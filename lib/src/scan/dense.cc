#include "scan/dense.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "base/ascii.h"
#include "scan/near.h"
#include "scan/randomness.h"
#include "sluice/rule.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kBits = 64;

// The lowest `count` bits; `count` < 64.
constexpr std::uint64_t Lowest(std::size_t count) { return (std::uint64_t{1} << count) - 1; }

// Where the run of base64 characters begins that ends in front of `end`.
std::size_t BeginOfRun(const ByteClasses& classes, std::size_t end) {
  std::size_t word = end / kBits;
  std::uint64_t others = ~classes.base64[word] & Lowest(end % kBits);
  while (others == 0 && word > 0) others = ~classes.base64[--word];
  return others == 0 ? 0 : word * kBits + static_cast<std::size_t>(std::bit_width(others));
}

// Is the longest run of base64 characters [begin, end) well mixed?
bool IsMixed(std::string_view text, const ByteClasses& classes, std::size_t begin, std::size_t end) {
  static_assert(kDenseMixes == 2);
  std::size_t mix = 0;  // Where the one is, if any; never at the begin of the text.
  for (std::size_t word = begin / kBits; word * kBits < end; ++word) {
    std::uint64_t bits = classes.mix[word];
    if (word == begin / kBits) bits &= ~Lowest(begin % kBits);
    if (word == end / kBits) bits &= Lowest(end % kBits);
    if (bits == 0) continue;
    if (mix != 0 || (bits & (bits - 1)) != 0) return true;
    mix = word * kBits + static_cast<std::size_t>(std::countr_zero(bits));
  }
  // No change between letters and digits, but a capital behind a single small letter?
  if (mix == 0 || IsDigit(text[mix]) || IsDigit(text[mix - 1])) return false;
  const std::string_view run = text.substr(begin, end - begin);
  return static_cast<std::size_t>(std::count_if(run.begin(), run.end(), IsUpper)) >= kDenseUpper &&
         static_cast<std::size_t>(std::count_if(run.begin(), run.end(), IsLower)) >= kDenseLower;
}

}  // namespace

void Survey::Make(std::string_view text) {
  constexpr std::size_t kBefore = kNearBefore + kLongestName + kDenseMargin;
  constexpr std::size_t kBehind = kNearBehind + kLongestName + kDenseMargin;
  static_assert(kBefore >= kMaxDenseMatch);
  Classify(text, &classes);
  long_runs.clear();
  dense.clear();
  const std::size_t words = classes.run_end.size();
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t ends = classes.run_end[word]; ends != 0; ends &= ends - 1) {
      const std::size_t end = word * kBits + static_cast<std::size_t>(std::countr_zero(ends));
      const std::size_t begin = BeginOfRun(classes, end);
      const bool mixed = IsMixed(text, classes, begin, end);
      if (end - begin >= kLongRunBytes) long_runs.push_back({{begin, end}, mixed});
      if (!mixed || !HoldsRandomStretch(text.substr(begin, end - begin))) continue;
      const View around = {begin > kBefore ? begin - kBefore : 0, std::min(text.size(), end + kBehind)};
      if (!dense.empty() && around.begin <= dense.back().end) {
        dense.back().end = around.end;
      } else {
        dense.push_back(around);
      }
    }
  }
}

bool HoldsDenseRun(std::string_view value) {
  if (value.size() < kDenseBytes) return false;
  Survey survey;
  survey.Make(value);
  return !survey.dense.empty();
}

}  // namespace sluice::scan
