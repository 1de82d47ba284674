// Which encoding a file is in, and UTF-8 out of UTF-16 and UTF-32.
#ifndef SLUICE_SCAN_TRANSCODE_H_
#define SLUICE_SCAN_TRANSCODE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::scan {

enum class Encoding : std::uint8_t { kBytes, kUtf16Le, kUtf16Be, kUtf32Le, kUtf32Be };

// From a byte order mark, or without one from where the NUL bytes stand in the first 4 KiB of `head`. kBytes for
// everything else (UTF-8, Latin-1, binary): those are scanned as they are. A wrong guess, or a mark in front of other
// text, must lose nothing, so the caller scans the raw bytes too.
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

// ASCII text written two or four bytes a character, wherever it begins in a file: a string in a program, lines that
// PowerShell appended to an 8-bit file, the second half of a file that begins in another encoding. Of everything else
// only the line ends are kept, so that lines keep their numbers. Stateful, for files in pieces.
class WideText {
 public:
  // Appends what `piece` completes to `out`.
  void Append(std::string_view piece, std::string* out);
  void Finish(std::string* out);

 private:
  void Flush(std::string* out);

  std::string run_;        // Characters with the same number of NULs between them.
  std::size_t lines_ = 0;  // Line ends that are not written yet: nothing is, without wide text.
  std::size_t nuls_ = 0;   // Since the last character.
  std::size_t step_ = 0;   // Between the characters of the run; 0 is not known yet.
  bool is_wide_ = false;   // A part of this run has been written already.
};

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_TRANSCODE_H_
