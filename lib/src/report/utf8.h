// UTF-8 read one code point at a time: names and texts come from a hostile repository, so nothing is taken on trust.
#ifndef SLUICE_REPORT_UTF8_H_
#define SLUICE_REPORT_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace sluice::report {

struct CodePoint {
  char32_t value = 0;      // U+FFFD when not valid.
  std::size_t length = 1;  // Bytes; 1 when not valid, so that every bad byte is seen by itself.
  bool valid = false;
};

// The code point at the start of `text`. Strict (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
// REQUIRES: !text.empty().
[[nodiscard]] CodePoint DecodeUtf8(std::string_view text);
[[nodiscard]] bool IsUtf8(std::string_view text);

// What could steer a terminal or reorder what a person reads: C0, DEL, C1, line separators, and the bidirectional
// controls of "Trojan Source" (CVE-2021-42574).
[[nodiscard]] bool SteersTerminal(char32_t code_point);

// How many columns a terminal gives to it: 0 for combining marks, 2 for wide East Asian characters and emoji.
[[nodiscard]] std::size_t DisplayWidth(char32_t code_point);

// Appends `text`, with what steers a terminal and what is not UTF-8 as \xHH for each byte.
void AppendDisplay(std::string_view text, std::string* out);

// RFC 3986: unreserved characters and '/' stay, every other byte becomes %HH.
[[nodiscard]] std::string PercentEncode(std::string_view bytes);

}  // namespace sluice::report

#endif  // SLUICE_REPORT_UTF8_H_
