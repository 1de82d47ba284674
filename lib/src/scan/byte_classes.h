// What kind of byte stands where: one pass over a text, after which the rest looks at 64 bytes at a time.
#ifndef SLUICE_SCAN_BYTE_CLASSES_H_
#define SLUICE_SCAN_BYTE_CLASSES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sluice::scan {

// Of 64 bytes, by class; bit 0 is the first byte. Bits behind the end of the text are 0.
struct ByteClasses {
  std::uint64_t base64;  // Letters, digits and "+/-_": base64 and base64url.
  std::uint64_t digit;
  std::uint64_t upper;
  std::uint64_t lower;
  // What may hide a value in another form: a quote behind a letter, digit or one of +/-_. that may join its string to
  // the next one (a blank, an operator or a quote follows); the first byte of what may be an escape of a printable
  // character (\x \u \U %2 &# &a …); c2, e2 and ef, with which the invisible and full-width characters begin; an S at
  // the begin of a word, before an e ("kind: Secret").
  std::uint64_t special;
};

// Replaces `classes` by those of `text`, one for each 64 bytes and the rest.
void Classify(std::string_view text, std::vector<ByteClasses>* classes);

// Fills `classes` by those of `words` × 64 bytes. `before` is the one in front of them, or a NUL. Reads one
// byte behind them.
using WordClassifier = void (*)(const char* text, std::size_t words, char before, ByteClasses* classes);

// The one for each kind of vector that this processor has, the fastest first. All of them give the same.
[[nodiscard]] std::span<const WordClassifier> WordClassifiers();
void Classify(WordClassifier classify_words, std::string_view text, std::vector<ByteClasses>* classes);

// Bit i is set where `bits` has kLeast set bits from i on.
template <std::size_t kLeast>
constexpr std::uint64_t RunStarts(std::uint64_t bits) {
  if constexpr (kLeast == 1) {
    return bits;
  } else {
    constexpr std::size_t kHalf = (kLeast + 1) / 2;
    const std::uint64_t starts = RunStarts<kHalf>(bits);
    return starts & starts >> (kLeast - kHalf);
  }
}

// Calls found(begin, end) for each longest stretch of at least `kLeast` base64 characters, in order.
template <std::size_t kLeast, typename Found>
void ForEachRun(const std::vector<ByteClasses>& classes, Found found) {
  static_assert(kLeast > 0 && kLeast <= 64);
  constexpr std::size_t kBits = 64;
  std::size_t open = 0;  // Length of the run that ends where this word begins.
  std::size_t base = 0;
  for (const ByteClasses& word : classes) {
    // Most words hold no long run: they are dealt with without a jump that depends on their bits.
    const auto leading = static_cast<std::size_t>(std::countr_one(word.base64));
    if (open + leading >= kLeast && open != 0) {
      if (leading == kBits) {
        open += kBits;
        base += kBits;
        continue;
      }
      found(base - open, base + leading);
    }
    const auto trailing = static_cast<std::size_t>(std::countl_one(word.base64));
    // The run in front was dealt with, that at the end is the next word's.
    std::uint64_t bits = open == 0 ? word.base64 : word.base64 & (word.base64 + 1);
    bits = trailing == kBits ? 0 : bits & (~std::uint64_t{0} >> trailing);
    for (std::uint64_t starts = RunStarts<kLeast>(bits); starts != 0;) {
      const auto from = static_cast<std::size_t>(std::countr_zero(starts));
      const std::size_t to = from + static_cast<std::size_t>(std::countr_one(bits >> from));
      found(base + from, base + to);
      starts &= ~std::uint64_t{0} << to;
    }
    open = trailing;
    base += kBits;
  }
  if (open >= kLeast) found(base - open, base);
}

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_H_
