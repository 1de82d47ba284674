// Which encoding a file is in, and UTF-8 out of UTF-16 and UTF-32.
#ifndef SLUICE_SCAN_TRANSCODE_H_
#define SLUICE_SCAN_TRANSCODE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::scan {

enum class Encoding : std::uint8_t { kBytes, kUtf16Le, kUtf16Be, kUtf32Le, kUtf32Be };

// From a byte order mark, or without one from where the NUL bytes stand in the first 4 KiB of `head`. kBytes for
// everything else (UTF-8, Latin-1, binary): those are scanned as they are. A wrong guess must lose nothing, so the
// caller scans the raw bytes too when there was no byte order mark.
struct Sniffed {
  Encoding encoding = Encoding::kBytes;
  std::size_t bom_bytes = 0;  // Bytes of the byte order mark at the start; also counted for UTF-8 (3).
};
[[nodiscard]] Sniffed SniffEncoding(std::string_view head);

// Stateful, so that a file can come in pieces that end in the middle of a unit. Unpaired surrogates and values beyond
// U+10FFFF become U+FFFD; nothing is dropped.
class Transcoder {
 public:
  explicit Transcoder(Encoding encoding) : encoding_(encoding) {}
  // Appends the UTF-8 of `piece` (raw bytes of the encoding) to `out`.
  void Append(std::string_view piece, std::string* out);
  // The end of input: a dangling unit becomes U+FFFD.
  void Finish(std::string* out);

 private:
  void Unit16(std::uint32_t unit, std::string* out);

  Encoding encoding_;
  std::uint32_t high_surrogate_ = 0;
  unsigned char pending_[4] = {};
  std::size_t pending_bytes_ = 0;
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_TRANSCODE_H_
