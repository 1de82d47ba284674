// Classifies words of 64 bytes with vectors of one kind. Included by a file for each kind, which is compiled for the
// processors that have it; nothing else may be included there that other files use too, or the linker might pick its
// copy for all.
#ifndef SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
#define SLUICE_SCAN_BYTE_CLASSES_SIMD_H_

#include <cstddef>
#include <cstdint>

#include "scan/byte_class_tables.h"
#include "scan/byte_classes.h"

namespace sluice::scan {

// Of 64 bytes, whatever stands in front of them.
struct WordMasks {
  std::uint64_t zero;
  std::uint64_t digit;
  std::uint64_t upper;
  std::uint64_t lower;
  std::uint64_t sign;  // +/-_
  std::uint64_t dot;
  // First bytes of what ByteClasses calls special, or, until narrowed, of what may be.
  std::uint64_t quote;
  std::uint64_t escape;
  std::uint64_t word;
  std::uint64_t odd;
};

// WordFunctions::classify. `Kind`::Look(const char*) gives the masks of the 64 bytes there; Kind::Narrow(const char*,
// WordMasks*) then leaves of the special ones those that what follows them allows. Both may read two bytes more.
template <typename Kind>
void ClassifyWords(const char* text, std::size_t words, ClassesBefore* before, const ClassesOfWords& classes) {
  constexpr std::size_t kWord = 64;
  constexpr std::size_t kWordsAhead = 16;
  ClassesBefore was = *before;
  for (std::size_t i = 0; i < words; ++i) {
    // The processor does not look ahead over the end of a page.
    if (i + kWordsAhead < words) __builtin_prefetch(text + (i + kWordsAhead) * kWord);
    WordMasks masks = Kind::Look(text + i * kWord);
    const std::uint64_t letter = masks.upper | masks.lower;
    const std::uint64_t alnum = letter | masks.digit;
    const std::uint64_t base64 = alnum | masks.sign;
    const std::uint64_t joinable = base64 | masks.dot;
    const std::uint64_t behind_digit = masks.digit << 1U | was.digit;
    const std::uint64_t behind_lower = masks.lower << 1U | was.lower;
    const std::uint64_t behind_alnum = alnum << 1U | was.alnum;
    const std::uint64_t behind_joinable = joinable << 1U | was.joinable;
    const std::uint64_t two_behind_upper = masks.upper << 2U | was.upper;
    const std::uint64_t behind_letter = behind_alnum & ~behind_digit;
    classes.base64[i] = base64;
    classes.mix[i] =
        (letter & behind_digit) | (masks.digit & behind_letter) | (masks.upper & behind_lower & two_behind_upper);
    masks.quote &= behind_joinable;
    masks.word &= ~behind_alnum;
    Kind::Narrow(text + i * kWord, &masks);
    classes.special[i] = masks.quote | masks.escape | masks.word | masks.odd;
    was = {was.zero | masks.zero,      masks.digit >> (kWord - 1), masks.upper >> (kWord - 2),
           masks.lower >> (kWord - 1), alnum >> (kWord - 1),       joinable >> (kWord - 1)};
  }
  *before = was;
}

// Looks by comparisons. `Vector`: kBytes; Load(const char*); Equal(v, char) and InRange(v, first, count) give 0xff for
// each byte for which it is so, and can be joined by `|` and `&`; Mask(v), the highest bit of each byte; LowerCase(v),
// of letters; CaseBits(v), a bit for each byte, set for lower case letters and not for others (anything for what is no
// letter).
template <typename Vector>
struct Comparing {
  static WordMasks Look(const char* begin) {
    constexpr std::size_t kWord = 64;
    WordMasks masks{};
    std::uint64_t letters = 0;
    for (std::size_t at = 0; at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      masks.zero |= Vector::Mask(is('\0')) << at;
      masks.digit |= Vector::Mask(Vector::InRange(bytes, '0', 10)) << at;
      letters |= Vector::Mask(Vector::InRange(Vector::LowerCase(bytes), 'a', 26)) << at;
      masks.lower |= Vector::CaseBits(bytes) << at;
      masks.sign |= Vector::Mask(is('+') | is('/') | is('-') | is('_')) << at;
      masks.dot |= Vector::Mask(is('.')) << at;
      masks.quote |= Vector::Mask(is('"') | is('\'') | is('`')) << at;
      masks.escape |= Vector::Mask(is('\\') | is('%') | is('&')) << at;
      masks.word |= Vector::Mask(is('S') | is('j')) << at;
      masks.odd |= Vector::Mask(bytes) << at;
    }
    masks.upper = letters & ~masks.lower;
    masks.lower &= letters;
    return masks;
  }

  static void Narrow(const char* begin, WordMasks* masks) {
    // One loop over few bits, without a jump for what stands there.
    std::uint64_t those = 0;
    for (std::uint64_t bits = masks->quote | masks->escape | masks->word; bits != 0; bits &= bits - 1) {
      const auto place = static_cast<unsigned>(__builtin_ctzll(bits));
      const char* const at = begin + place;
      const unsigned patterns = At(kFirst, at[0]) & At(kSecond, at[1]) & (At(kThird, at[2]) | kOver);
      those |= std::uint64_t{patterns != 0} << place;
    }
    masks->quote &= those;
    masks->escape &= those;
    masks->word &= those;
    // In some scripts every byte is one, so these are compared together.
    constexpr std::size_t kWord = 64;
    const std::uint64_t beyond_ascii = masks->odd;
    masks->odd = 0;
    for (std::size_t at = 0; beyond_ascii != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      const auto next_is = [&](char c) { return Vector::Equal(next, c); };
      const auto odd =
          (is('\xc2') & (next_is('\xa0') | next_is('\xad'))) | (is('\xcd') & next_is('\x8f')) |
          (is('\xd8') & next_is('\x9c')) |
          ((is('\xe1') | is('\xe3') | is('\xf3')) & (next_is('\x85') | next_is('\x9e') | next_is('\xa0'))) |
          (is('\xe2') & Vector::InRange(next, '\x80', 2)) | (is('\xef') & Vector::InRange(next, '\xb8', 8)) |
          (is('\xf0') & (next_is('\x9b') | next_is('\x9d')));
      masks->odd |= Vector::Mask(odd) << at;
    }
  }

 private:
  static unsigned At(const Table& table, char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 ? table.of[byte] : 0U;
  }
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
