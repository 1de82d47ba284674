// Bytes in any encoding, whole and in pieces: the UTF-8 is the same, is valid, and nothing is dropped.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scan/transcode.h"

namespace {

using sluice::scan::Encoding;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

// By RFC 3629: no overlong forms, no surrogates, nothing beyond U+10FFFF. The number of characters.
std::size_t CountValidUtf8(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    Require(first < 0x80 || (first >= 0xC2 && first <= 0xF4));
    Require(text.size() - i >= size);
    std::uint32_t value = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t k = 1; k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      Require((next & 0xC0) == 0x80);
      value = (value << 6) | (next & 0x3FU);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    Require(value >= kSmallest[size] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF));
    i += size;
  }
  return count;
}

std::string InPieces(std::string_view bytes, Encoding encoding, std::size_t piece) {
  std::string text;
  sluice::scan::Transcoder transcoder(encoding);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
    transcoder.Append(bytes.substr(0, piece), &text);
  transcoder.Finish(&text);
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t piece = 1 + data[0] % 16;
  const sluice::scan::Sniffed sniffed = sluice::scan::SniffEncoding(bytes);
  Require(sniffed.bom_bytes <= bytes.size());
  for (const Encoding encoding :
       {Encoding::kBytes, Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kUtf32Le, Encoding::kUtf32Be}) {
    const std::string whole = InPieces(bytes, encoding, bytes.size() + 1);
    Require(InPieces(bytes, encoding, piece) == whole);
    if (encoding == Encoding::kBytes) {
      Require(whole == bytes);
      continue;
    }
    const std::size_t unit = encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf16Be ? 2 : 4;
    const std::size_t units = (bytes.size() + unit - 1) / unit;
    const std::size_t characters = CountValidUtf8(whole);
    Require(characters <= units && characters * (unit == 2 ? 2 : 1) >= units);  // A pair of units is one character.
  }
  return 0;
}
