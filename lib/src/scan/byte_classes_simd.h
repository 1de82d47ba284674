// Classifies whole words of 64 bytes with vectors of one kind. Included by a file for each kind, which is compiled for
// the processors that have it; nothing else may be included there that other files use too, or the linker might pick
// its copy for all.
#ifndef SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
#define SLUICE_SCAN_BYTE_CLASSES_SIMD_H_

#include <cstddef>
#include <cstdint>

#include "scan/byte_classes.h"

namespace sluice::scan {

// `Vector`: kBytes; Load(const char*); Equal(v, char); InRange(v, first, count), the mask of bytes; and `|` and `&` of
// those masks; Mask(m), a bit for each byte. Reads one byte behind the words.
template <typename Vector>
void ClassifyWords(const char* text, std::size_t words, ByteClasses* classes) {
  constexpr std::size_t kWord = 64;
  for (std::size_t i = 0; i < words; ++i) {
    ByteClasses word{};
    std::uint64_t quotes = 0;
    std::uint64_t leads = 0;
    const char* const begin = text + i * kWord;
    for (std::size_t at = 0; at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      const auto digit = Vector::InRange(bytes, '0', 10);
      const auto upper = Vector::InRange(bytes, 'A', 26);
      const auto lower = Vector::InRange(bytes, 'a', 26);
      word.digit |= Vector::Mask(digit) << at;
      word.upper |= Vector::Mask(upper) << at;
      word.lower |= Vector::Mask(lower) << at;
      word.base64 |= Vector::Mask(digit | upper | lower | is('+') | is('/') | is('-') | is('_')) << at;
      word.odd |= Vector::Mask(is('\xc2') | is('\xe2') | is('\xef')) << at;
      quotes |= Vector::Mask(is('"') | is('\'') | is('`')) << at;
      leads |= Vector::Mask(is('\\') | is('%') | is('&')) << at;
    }
    // Behind a quote: a blank, another quote, an operator.
    for (std::size_t at = 0; quotes != 0 && at < kWord; at += Vector::kBytes) {
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(next, c); };
      const auto joins = Vector::InRange(next, '\t', ' ' - '\t' + 1) | is('"') | is('\'') | is('`') | is('+') |
                         is('.') | is('&') | is('|') | is('<') | is('~') | is('\\');
      word.joint |= Vector::Mask(joins) << at;
    }
    word.joint &= quotes;
    for (std::size_t at = 0; leads != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      const auto next_is = [&](char c) { return Vector::Equal(next, c); };
      const auto escape = (is('\\') & (next_is('x') | next_is('u') | next_is('U'))) |
                          (is('%') & Vector::InRange(next, '2', 6)) |
                          (is('&') & (next_is('#') | next_is('a') | next_is('q') | next_is('l') | next_is('g')));
      word.escape |= Vector::Mask(escape) << at;
    }
    classes[i] = word;
  }
}

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
