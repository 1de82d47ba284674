// Classifies words of 64 bytes with vectors of one kind. Included by a file for each kind, which is compiled for the
// processors that have it; nothing else may be included there that other files use too, or the linker might pick its
// copy for all.
#ifndef SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
#define SLUICE_SCAN_BYTE_CLASSES_SIMD_H_

#include <cstddef>
#include <cstdint>

#include "scan/byte_classes.h"

namespace sluice::scan {

// Of 64 bytes, whatever stands in front of them.
struct WordMasks {
  std::uint64_t digit;
  std::uint64_t upper;
  std::uint64_t lower;
  std::uint64_t sign;  // +/-_
  std::uint64_t dot;
  // First bytes of what ByteClasses calls special: quotes with what follows them, each "Sec" and "joi".
  std::uint64_t quote;
  std::uint64_t escape;
  std::uint64_t word;
  std::uint64_t odd;
};

// A WordClassifier. `Kind`::Look(const char*) gives the masks of the 64 bytes there, for which it may read two more.
template <typename Kind>
void ClassifyWords(const char* text, std::size_t words, ClassesBefore* before, ByteClasses* classes) {
  constexpr std::size_t kWord = 64;
  constexpr std::size_t kAhead = 1024;
  ClassesBefore was = *before;
  for (std::size_t i = 0; i < words; ++i) {
    // The processor does not look ahead over the end of a page. Behind the text it does no harm.
    __builtin_prefetch(reinterpret_cast<const void*>(reinterpret_cast<std::uintptr_t>(text) + i * kWord + kAhead));
    const WordMasks masks = Kind::Look(text + i * kWord);
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
    classes[i].base64 = base64;
    classes[i].mix =
        (letter & behind_digit) | (masks.digit & behind_letter) | (masks.upper & behind_lower & two_behind_upper);
    classes[i].special = (masks.quote & behind_joinable) | masks.escape | (masks.word & ~behind_alnum) | masks.odd;
    was = {masks.digit >> (kWord - 1), masks.upper >> (kWord - 2), masks.lower >> (kWord - 1), alnum >> (kWord - 1),
           joinable >> (kWord - 1)};
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
    std::uint64_t quotes = 0;
    std::uint64_t leads = 0;
    std::uint64_t words = 0;
    std::uint64_t beyond_ascii = 0;
    for (std::size_t at = 0; at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      masks.digit |= Vector::Mask(Vector::InRange(bytes, '0', 10)) << at;
      letters |= Vector::Mask(Vector::InRange(Vector::LowerCase(bytes), 'a', 26)) << at;
      masks.lower |= Vector::CaseBits(bytes) << at;
      masks.sign |= Vector::Mask(is('+') | is('/') | is('-') | is('_')) << at;
      masks.dot |= Vector::Mask(is('.')) << at;
      quotes |= Vector::Mask(IsQuote(bytes)) << at;
      leads |= Vector::Mask(is('\\') | is('%') | is('&')) << at;
      words |= Vector::Mask(is('S') | is('j')) << at;
      beyond_ascii |= Vector::Mask(bytes) << at;
    }
    masks.upper = letters & ~masks.lower;
    masks.lower &= letters;
    // The rest is seldom there.
    for (std::size_t at = 0; quotes != 0 && at < kWord; at += Vector::kBytes) {
      const auto next = Vector::Load(begin + at + 1);
      const auto after = Vector::Load(begin + at + 2);
      const auto joins = IsOperator(next) | IsQuote(next);
      const auto joins_later = IsBlank(next) & (IsBlank(after) | IsOperator(after) | IsQuote(after) | IsPrefix(after));
      masks.quote |= Vector::Mask(joins | joins_later) << at;
    }
    masks.quote &= quotes;
    for (std::size_t at = 0; leads != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      const auto next_is = [&](char c) { return Vector::Equal(next, c); };
      const auto escape = (is('\\') & (next_is('x') | next_is('u') | next_is('U') | next_is('\r') | next_is('\n'))) |
                          (is('%') & Vector::InRange(next, '2', 6)) |
                          (is('&') & (next_is('#') | next_is('a') | next_is('q') | next_is('l') | next_is('g')));
      masks.escape |= Vector::Mask(escape) << at;
    }
    for (std::size_t at = 0; words != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto next = Vector::Load(begin + at + 1);
      const auto after = Vector::Load(begin + at + 2);
      const auto sec = Vector::Equal(bytes, 'S') & Vector::Equal(next, 'e') & Vector::Equal(after, 'c');
      const auto joi = Vector::Equal(bytes, 'j') & Vector::Equal(next, 'o') & Vector::Equal(after, 'i');
      masks.word |= Vector::Mask(sec | joi) << at;
    }
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
      masks.odd |= Vector::Mask(odd) << at;
    }
    return masks;
  }

 private:
  template <typename Bytes>
  static auto IsQuote(Bytes bytes) {
    return Vector::Equal(bytes, '"') | Vector::Equal(bytes, '\'') | Vector::Equal(bytes, '`');
  }
  template <typename Bytes>
  static auto IsBlank(Bytes bytes) {
    return Vector::InRange(bytes, '\t', ' ' - '\t' + 1);
  }
  template <typename Bytes>
  static auto IsPrefix(Bytes bytes) {
    const auto lower = Vector::LowerCase(bytes);
    return Vector::Equal(lower, 'b') | Vector::Equal(lower, 'f') | Vector::Equal(lower, 'u') |
           Vector::Equal(bytes, 'L') | Vector::Equal(bytes, 'R');
  }
  template <typename Bytes>
  static auto IsOperator(Bytes bytes) {
    return Vector::Equal(bytes, '+') | Vector::Equal(bytes, '.') | Vector::Equal(bytes, '&') |
           Vector::Equal(bytes, '|') | Vector::Equal(bytes, '<') | Vector::Equal(bytes, '~') |
           Vector::Equal(bytes, '\\');
  }
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
