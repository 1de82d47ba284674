// What kind of byte stands where: one pass over a text, after which the rest looks at 64 bytes at a time.
#ifndef SLUICE_SCAN_BYTE_CLASSES_H_
#define SLUICE_SCAN_BYTE_CLASSES_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice::scan {

// Of 64 bytes, by class; bit 0 is the first byte. Bits behind the end of the text are 0.
struct ByteClasses {
  std::uint64_t base64;  // Letters, digits and "+/-_": base64 and base64url.
  std::uint64_t digit;
  std::uint64_t upper;
  std::uint64_t lower;
  std::uint64_t joint;   // A quote in front of what may join its string to the next: a blank, an operator, a quote.
  std::uint64_t escape;  // The first byte of what may be an escape of a printable character: \x \u \U %2 &# &a …
  std::uint64_t odd;     // c2, e2 and ef: they begin the invisible and full-width characters.
};

// Replaces `classes` by those of `text`, one for each 64 bytes and the rest.
void Classify(std::string_view text, std::vector<ByteClasses>* classes);

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
  std::size_t begin = 0;  // Of the run that reaches into this word.
  bool is_open = false;
  std::size_t base = 0;
  for (const ByteClasses& word : classes) {
    std::uint64_t bits = word.base64;
    if (is_open) {
      const auto length = static_cast<std::size_t>(std::countr_one(bits));
      if (length == kBits) {
        base += kBits;
        continue;
      }
      is_open = false;
      if (base + length - begin >= kLeast) found(begin, base + length);
      bits &= ~std::uint64_t{0} << length;
    }
    std::uint64_t starts = RunStarts<kLeast>(bits);
    while (starts != 0) {
      const auto from = static_cast<std::size_t>(std::countr_zero(starts));
      const std::size_t to = from + static_cast<std::size_t>(std::countr_one(bits >> from));
      if (to == kBits) break;
      found(base + from, base + to);
      starts &= ~std::uint64_t{0} << to;
    }
    const auto open_bits = static_cast<std::size_t>(std::countl_one(bits));
    if (open_bits != 0) {
      is_open = true;
      begin = base + kBits - open_bits;
    }
    base += kBits;
  }
  if (is_open && base - begin >= kLeast) found(begin, base);
}

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_H_
