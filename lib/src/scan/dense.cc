#include "scan/dense.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "scan/near.h"
#include "sluice/rule.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kBits = 64;

// At most `most` of them, for most there are none.
std::size_t CountBits(std::uint64_t bits, std::size_t most) {
  std::size_t count = 0;
  for (; bits != 0 && count < most; bits &= bits - 1) ++count;
  return count;
}

bool IsDense(const std::vector<ByteClasses>& classes, std::size_t begin, std::size_t end) {
  std::size_t changes = 0;
  std::size_t upper = 0;
  std::size_t lower = 0;
  // Of the byte in front of the word at hand.
  std::uint64_t was_digit = 0;
  std::uint64_t was_letter = 0;
  for (std::size_t at = begin; at < end;) {
    const std::size_t base = at / kBits * kBits;
    const std::size_t stop = std::min(end, base + kBits);
    const ByteClasses& word = classes[at / kBits];
    const std::uint64_t bits = (~std::uint64_t{0} << (at - base)) & (~std::uint64_t{0} >> (base + kBits - stop));
    const std::uint64_t digit = word.digit & bits;
    const std::uint64_t letter = (word.upper | word.lower) & bits;
    const std::uint64_t change = (digit & (letter << 1U | was_letter)) | (letter & (digit << 1U | was_digit));
    changes += CountBits(change, kDenseChanges);
    upper += CountBits(word.upper & bits, kDenseUpper);
    lower += CountBits(word.lower & bits, kDenseLower);
    if (changes >= kDenseChanges || (upper >= kDenseUpper && lower >= kDenseLower)) return true;
    was_digit = digit >> (kBits - 1);
    was_letter = letter >> (kBits - 1);
    at = stop;
  }
  return false;
}

}  // namespace

void Survey::Make(std::string_view text) {
  constexpr std::size_t kBefore = kNearBefore + kLongestName + kDenseMargin;
  constexpr std::size_t kBehind = kNearBehind + kLongestName + kDenseMargin;
  static_assert(kBefore >= kMaxDenseMatch);
  Classify(text, &classes);
  runs.clear();
  dense.clear();
  ForEachRun<kDenseBytes>(classes, [&](std::size_t begin, std::size_t end) {
    runs.push_back({begin, end});
    if (!IsDense(classes, begin, end)) return;
    const View around = {begin > kBefore ? begin - kBefore : 0, std::min(text.size(), end + kBehind)};
    if (!dense.empty() && around.begin <= dense.back().end) {
      dense.back().end = around.end;
    } else {
      dense.push_back(around);
    }
  });
}

bool HoldsDenseRun(std::string_view value) {
  std::vector<ByteClasses> classes;
  Classify(value, &classes);
  bool holds = false;
  ForEachRun<kDenseBytes>(classes,
                          [&](std::size_t begin, std::size_t end) { holds = holds || IsDense(classes, begin, end); });
  return holds;
}

}  // namespace sluice::scan
