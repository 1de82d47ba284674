#include "scan/dense.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "scan/near.h"
#include "sluice/rule.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kBits = 64;

// The bits of `member` from `at` on.
std::uint64_t BitsFrom(const std::vector<ByteClasses>& classes, std::size_t at, std::uint64_t ByteClasses::*member) {
  const std::size_t word = at / kBits;
  const std::size_t shift = at % kBits;
  const std::uint64_t bits = classes[word].*member >> shift;
  return shift == 0 || word + 1 == classes.size() ? bits : bits | classes[word + 1].*member << (kBits - shift);
}

// The number of bits, but not more than kMost: few are needed, and most runs have fewer.
template <std::size_t kMost>
std::size_t CountBits(std::uint64_t bits) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < kMost; ++i) {
    count += bits != 0 ? 1 : 0;
    bits &= bits - 1;
  }
  return count;
}

bool IsDense(const std::vector<ByteClasses>& classes, std::size_t begin, std::size_t end) {
  std::size_t changes = 0;
  std::size_t lone = 0;
  std::size_t upper = 0;
  std::size_t lower = 0;
  // Of the bytes in front of the 64 at hand.
  std::uint64_t was_digit = 0;
  std::uint64_t was_upper = 0;  // Two of them.
  std::uint64_t was_lower = 0;
  for (std::size_t at = begin; at < end; at += kBits) {
    const std::uint64_t bits = ~std::uint64_t{0} >> (kBits - std::min(kBits, end - at));
    const std::uint64_t digits = BitsFrom(classes, at, &ByteClasses::digit) & bits;
    const std::uint64_t uppers = BitsFrom(classes, at, &ByteClasses::upper) & bits;
    const std::uint64_t lowers = BitsFrom(classes, at, &ByteClasses::lower) & bits;
    const std::uint64_t letters = uppers | lowers;
    const std::uint64_t behind_letter = letters << 1U | was_lower | was_upper >> 1U;
    changes += CountBits<kDenseMixes>((digits & behind_letter) | (letters & (digits << 1U | was_digit)));
    lone += CountBits<kDenseMixes>(uppers & (lowers << 1U | was_lower) & (uppers << 2U | was_upper));
    if (changes + lone >= kDenseMixes) return true;
    upper += CountBits<kDenseUpper>(uppers);
    lower += CountBits<kDenseLower>(lowers);
    was_digit = digits >> (kBits - 1);
    was_upper = uppers >> (kBits - 2);
    was_lower = lowers >> (kBits - 1);
  }
  return lone > 0 && upper >= kDenseUpper && lower >= kDenseLower;
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
