#include "report/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "base/ascii.h"

namespace sluice::report {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

struct Range {
  char32_t first;
  char32_t last;
};

bool InRanges(char32_t code_point, const Range* begin, const Range* end) {
  return std::any_of(
      begin, end, [code_point](const Range& range) { return range.first <= code_point && code_point <= range.last; });
}

// How a sequence begins decides its length, and which values are too small for it (overlong).
struct Lead {
  std::size_t length = 0;  // 0: not a first byte.
  char32_t bits = 0;
  char32_t least = 0;
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xC2 && byte <= 0xDF) return {2, static_cast<char32_t>(byte & 0x1FU), 0x80};
  if ((byte & 0xF0U) == 0xE0) return {3, static_cast<char32_t>(byte & 0x0FU), 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, static_cast<char32_t>(byte & 0x07U), 0x10000};
  return {};
}

void AppendHex(unsigned char byte, std::string* out) {
  out->push_back(kHexDigits[byte >> 4U]);
  out->push_back(kHexDigits[byte & 0x0FU]);
}

bool IsUnreserved(char c) { return IsAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

}  // namespace

CodePoint DecodeUtf8(std::string_view text) {
  constexpr CodePoint kInvalid{0xFFFD, 1, false};
  const Lead lead = ReadLead(static_cast<unsigned char>(text[0]));
  if (lead.length == 0 || lead.length > text.size()) return kInvalid;
  char32_t value = lead.bits;
  for (std::size_t i = 1; i < lead.length; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) return kInvalid;
    value = (value << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < lead.least || value > 0x10FFFF || surrogate) return kInvalid;
  return {value, lead.length, true};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const CodePoint code_point = DecodeUtf8(text);
    if (!code_point.valid) return false;
    text.remove_prefix(code_point.length);
  }
  return true;
}

bool SteersTerminal(char32_t code_point) {
  static constexpr std::array<Range, 7> kSteering{{{0x00, 0x1F},
                                                   {0x7F, 0x9F},
                                                   {0x061C, 0x061C},
                                                   {0x200E, 0x200F},
                                                   {0x2028, 0x202E},
                                                   {0x2066, 0x2069},
                                                   {0xE0000, 0xE007F}}};
  return InRanges(code_point, std::begin(kSteering), std::end(kSteering));
}

std::size_t DisplayWidth(char32_t code_point) {
  // The blocks that matter for a caret under source text, not all of Unicode's East Asian Width.
  static constexpr std::array<Range, 5> kZero{
      {{0x0300, 0x036F}, {0x200B, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}}};
  static constexpr std::array<Range, 8> kWide{{{0x1100, 0x115F},
                                               {0x2E80, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0x1F300, 0x1FAFF},
                                               {0x20000, 0x3FFFD}}};
  if (code_point < 0x0300) return 1;
  if (InRanges(code_point, std::begin(kZero), std::end(kZero))) return 0;
  return InRanges(code_point, std::begin(kWide), std::end(kWide)) ? 2 : 1;
}

void AppendDisplay(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const CodePoint code_point = DecodeUtf8(text);
    const std::string_view bytes = text.substr(0, code_point.length);
    if (code_point.valid && !SteersTerminal(code_point.value)) {
      out->append(bytes);
    } else {
      for (const char byte : bytes) {
        out->append("\\x");
        AppendHex(static_cast<unsigned char>(byte), out);
      }
    }
    text.remove_prefix(code_point.length);
  }
}

std::string PercentEncode(std::string_view bytes) {
  std::string encoded;
  encoded.reserve(bytes.size());
  for (const char c : bytes) {
    if (IsUnreserved(c) || c == '/') {
      encoded.push_back(c);
    } else {
      encoded.push_back('%');
      AppendHex(static_cast<unsigned char>(c), &encoded);
    }
  }
  return encoded;
}

}  // namespace sluice::report
