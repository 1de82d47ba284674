#include "scan/dense.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "scan/near.h"
#include "sluice/rule.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kBits = 64;

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
    changes += static_cast<std::size_t>(
        std::popcount((digit & (letter << 1U | was_letter)) | (letter & (digit << 1U | was_digit))));
    upper += static_cast<std::size_t>(std::popcount(word.upper & bits));
    lower += static_cast<std::size_t>(std::popcount(word.lower & bits));
    if (changes >= kDenseChanges || (upper >= kDenseUpper && lower >= kDenseLower)) return true;
    was_digit = digit >> (kBits - 1);
    was_letter = letter >> (kBits - 1);
    at = stop;
  }
  return false;
}

}  // namespace

void FindDenseStretches(const std::vector<ByteClasses>& classes, std::size_t bytes, std::vector<View>* stretches) {
  constexpr std::size_t kBefore = kNearBefore + kLongestName + kDenseMargin;
  constexpr std::size_t kBehind = kNearBehind + kLongestName + kDenseMargin;
  static_assert(kBefore >= kMaxDenseMatch);
  stretches->clear();
  ForEachRun<kDenseBytes>(classes, [&](std::size_t begin, std::size_t end) {
    if (!IsDense(classes, begin, end)) return;
    const View around = {begin > kBefore ? begin - kBefore : 0, std::min(bytes, end + kBehind)};
    if (!stretches->empty() && around.begin <= stretches->back().end) {
      stretches->back().end = around.end;
    } else {
      stretches->push_back(around);
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
