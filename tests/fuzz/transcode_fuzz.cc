// Bytes in any encoding, whole and in pieces: the same text, all of it, and never a crash.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "scan/transcode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sluice::scan::Encoding;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (sluice::scan::SniffEncoding(bytes).bom_bytes > size) __builtin_trap();
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be, Encoding::kUtf32Le, Encoding::kUtf32Be}) {
    std::string whole;
    sluice::scan::Transcoder at_once(encoding);
    at_once.Append(bytes, &whole);
    at_once.Finish(&whole);
    std::string pieces;
    sluice::scan::Transcoder bit_by_bit(encoding);
    for (std::size_t at = 0; at < size; at += 3) bit_by_bit.Append(bytes.substr(at, 3), &pieces);
    bit_by_bit.Finish(&pieces);
    if (whole != pieces) __builtin_trap();
  }
  return 0;
}
