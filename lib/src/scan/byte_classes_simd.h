// Classifies whole words of 64 bytes with vectors of one kind. Included by a file for each kind, which is compiled for
// the processors that have it; nothing else may be included there that other files use too, or the linker might pick
// its copy for all.
#ifndef SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
#define SLUICE_SCAN_BYTE_CLASSES_SIMD_H_

#include <cstddef>
#include <cstdint>

#include "scan/byte_classes.h"

namespace sluice::scan {

// `Vector`: kBytes; Load(const char*); Equal(v, char) and InRange(v, first, count) give 0xff for each byte for which it
// is so (or a bit), and can be joined by `|` and `&`; Mask(v), the highest bit of each byte (or those bits);
// LowerCase(v), of letters; CaseBits(v), a bit for each byte, set for lower case letters and not for others (anything
// for what is no letter). A WordClassifier.
template <typename Vector>
void ClassifyWords(const char* text, std::size_t words, char before, ByteClasses* classes) {
  constexpr std::size_t kWord = 64;
  // Of the byte in front of the word.
  const char lower_before = static_cast<char>(before | 0x20);
  std::uint64_t was_alnum = (before >= '0' && before <= '9') || (lower_before >= 'a' && lower_before <= 'z') ? 1 : 0;
  std::uint64_t was_joinable =
      was_alnum != 0 || before == '+' || before == '/' || before == '-' || before == '_' || before == '.' ? 1 : 0;
  for (std::size_t i = 0; i < words; ++i) {
    ByteClasses word{};
    std::uint64_t quotes = 0;
    std::uint64_t leads = 0;
    std::uint64_t capitals = 0;
    std::uint64_t dots = 0;
    const char* const begin = text + i * kWord;
    std::uint64_t letters = 0;
    std::uint64_t signs = 0;
    std::uint64_t beyond_ascii = 0;
    for (std::size_t at = 0; at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      word.digit |= Vector::Mask(Vector::InRange(bytes, '0', 10)) << at;
      letters |= Vector::Mask(Vector::InRange(Vector::LowerCase(bytes), 'a', 26)) << at;
      word.lower |= Vector::CaseBits(bytes) << at;
      signs |= Vector::Mask(is('+') | is('/') | is('-') | is('_')) << at;
      quotes |= Vector::Mask(is('"') | is('\'') | is('`')) << at;
      leads |= Vector::Mask(is('\\') | is('%') | is('&')) << at;
      capitals |= Vector::Mask(is('S')) << at;
      dots |= Vector::Mask(is('.')) << at;
      beyond_ascii |= Vector::Mask(bytes) << at;
    }
    word.upper = letters & ~word.lower;
    word.lower &= letters;
    word.base64 = letters | word.digit | signs;
    const std::uint64_t alnum = letters | word.digit;
    const std::uint64_t joinable = word.base64 | dots;
    quotes &= joinable << 1U | was_joinable;
    was_joinable = joinable >> (kWord - 1);
    capitals &= ~(alnum << 1U | was_alnum);
    for (std::size_t at = 0; capitals != 0 && at < kWord; at += Vector::kBytes) {
      word.special |= Vector::Mask(Vector::Equal(Vector::Load(begin + at + 1), 'e')) << at;
    }
    word.special &= capitals;
    was_alnum = alnum >> (kWord - 1);
    for (std::size_t at = 0; beyond_ascii != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      word.special |= Vector::Mask(is('\xc2') | is('\xe2') | is('\xef')) << at;
    }
    std::uint64_t joints = 0;
    // Behind a quote: a blank, another quote, an operator.
    for (std::size_t at = 0; quotes != 0 && at < kWord; at += Vector::kBytes) {
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(next, c); };
      const auto joins = Vector::InRange(next, '\t', ' ' - '\t' + 1) | is('"') | is('\'') | is('`') | is('+') |
                         is('.') | is('&') | is('|') | is('<') | is('~') | is('\\');
      joints |= Vector::Mask(joins) << at;
    }
    word.special |= joints & quotes;
    for (std::size_t at = 0; leads != 0 && at < kWord; at += Vector::kBytes) {
      const auto bytes = Vector::Load(begin + at);
      const auto next = Vector::Load(begin + at + 1);
      const auto is = [&](char c) { return Vector::Equal(bytes, c); };
      const auto next_is = [&](char c) { return Vector::Equal(next, c); };
      const auto escape = (is('\\') & (next_is('x') | next_is('u') | next_is('U'))) |
                          (is('%') & Vector::InRange(next, '2', 6)) |
                          (is('&') & (next_is('#') | next_is('a') | next_is('q') | next_is('l') | next_is('g')));
      word.special |= Vector::Mask(escape) << at;
    }
    classes[i] = word;
  }
}

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_SIMD_H_
