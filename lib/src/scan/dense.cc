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

// The 64 bits in front of `end`, of which the highest is the last; 0 where there is no text. No jump depends on where
// a word ends, which nobody can predict.
std::uint64_t InFrontOf(std::size_t end, const std::vector<std::uint64_t>& bits) {
  __extension__ using TwoWords = unsigned __int128;
  const std::size_t word = end / kBits;
  const std::uint64_t before = word > 0 ? bits[word - 1] : 0;
  return static_cast<std::uint64_t>((TwoWords{bits[word]} << kBits | before) >> (end % kBits));
}

// Where the run of base64 characters begins that ends in front of `end`.
std::size_t BeginOfRun(const ByteClasses& classes, std::size_t end) {
  const auto length = static_cast<std::size_t>(std::countl_one(InFrontOf(end, classes.base64)));
  if (length < kBits) return end - length;
  std::size_t word = end / kBits;
  std::uint64_t others = ~classes.base64[word] & Lowest(end % kBits);
  while (others == 0 && word > 0) others = ~classes.base64[--word];
  return others == 0 ? 0 : word * kBits + static_cast<std::size_t>(std::bit_width(others));
}

// The places at which a run is mixed: how many there are, kDenseMixes standing for more, and the first of them.
struct Mixes {
  std::size_t count = 0;
  std::size_t at = 0;
};
Mixes FindMixes(const std::vector<std::uint64_t>& mix, std::size_t begin, std::size_t end) {
  static_assert(kDenseMixes == 2);
  const auto of = [](std::uint64_t bits, std::size_t from) {
    return Mixes{(bits & (bits - 1)) != 0 ? kDenseMixes : std::size_t{bits != 0},
                 from + static_cast<std::size_t>(std::countr_zero(bits))};
  };
  if (end - begin < kBits) return of(InFrontOf(end, mix) >> (kBits - (end - begin)), begin);
  Mixes all;
  for (std::size_t word = begin / kBits; word * kBits < end && all.count < kDenseMixes; ++word) {
    std::uint64_t bits = mix[word];
    if (word == begin / kBits) bits &= ~Lowest(begin % kBits);
    if (word == end / kBits) bits &= Lowest(end % kBits);
    const Mixes here = of(bits, word * kBits);
    if (all.count == 0) all.at = here.at;
    all.count = std::min(kDenseMixes, all.count + here.count);
  }
  return all;
}

// Is the longest run of base64 characters [begin, end) well mixed?
bool IsMixed(std::string_view text, const ByteClasses& classes, std::size_t begin, std::size_t end) {
  const Mixes mixes = FindMixes(classes.mix, begin, end);
  if (mixes.count != 1) return mixes.count == kDenseMixes;
  // No change between letters and digits, but a capital behind a single small letter? It is never at the begin.
  if (IsDigit(text[mixes.at]) || IsDigit(text[mixes.at - 1])) return false;
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
  dense_runs.clear();
  dense.clear();
  const std::size_t words = classes.run_end.size();
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t ends = classes.run_end[word]; ends != 0; ends &= ends - 1) {
      const std::size_t end = word * kBits + static_cast<std::size_t>(std::countr_zero(ends));
      const std::size_t begin = BeginOfRun(classes, end);
      const bool mixed = IsMixed(text, classes, begin, end);
      if (end - begin >= (mixed ? kLongRunBytes : kLongHexBytes)) long_runs.push_back({{begin, end}, mixed});
      if (!mixed || !HoldsRandomStretch(text.substr(begin, end - begin))) continue;
      dense_runs.push_back({begin, end});
      const View around = {begin > kBefore ? begin - kBefore : 0, std::min(text.size(), end + kBehind)};
      if (!dense.empty() && around.begin <= dense.back().end) {
        dense.back().end = around.end;
      } else {
        dense.push_back(around);
      }
    }
  }
}

std::span<const View> Survey::DenseRunsIn(const View& view) const {
  const auto first = std::partition_point(dense_runs.begin(), dense_runs.end(),
                                          [&](const View& run) { return run.end <= view.begin; });
  const auto last =
      std::partition_point(first, dense_runs.end(), [&](const View& run) { return run.begin < view.end; });
  return {first, last};
}

bool HoldsDenseRun(std::string_view value) {
  if (value.size() < kDenseBytes) return false;
  Survey survey;
  survey.Make(value);
  return !survey.dense_runs.empty();
}

}  // namespace sluice::scan
