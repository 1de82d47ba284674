// What is written in another form inside of text: base64 (also URL-safe, also wrapped over lines), hex, and in these
// UTF-16, gzip, zlib or zip; percent, Unicode and HTML escapes, tokens cut into string literals that are joined, and
// tokens with invisible or full-width characters in them.
#ifndef SLUICE_SCAN_DECODE_H_
#define SLUICE_SCAN_DECODE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scan/dense.h"

namespace sluice::scan {

// By byte of a layer, where in the text around it the byte comes from; never falls. Kept as stretches, since a layer of
// megabytes has few: a number for each byte took four times the layer.
class Origin {
 public:
  // The next `bytes` bytes: the first comes from `from`, and `den` of them from `num` bytes. `phase` says how far in
  // those the first stands: byte i comes from `from + (i * num + phase) / den`.
  void Add(std::size_t bytes, std::size_t from, std::size_t num = 1, std::size_t den = 1, std::size_t phase = 0);
  // REQUIRES: at < size().
  [[nodiscard]] std::size_t operator[](std::size_t at) const;
  [[nodiscard]] std::size_t size() const { return size_; }
  // What is not of the first `size` bytes is forgotten.
  void Cut(std::size_t size);
  // What this leads to so far lies in a text that `around` leads on from. REQUIRES: `around` does so at once.
  void GoOnWith(Origin around);

 private:
  struct Stretch {
    std::uint32_t at;
    std::uint32_t from;
    std::uint8_t num;
    std::uint8_t den;
    std::uint8_t phase;
  };
  static std::size_t Find(const std::vector<Stretch>& stretches, std::size_t at);

  std::vector<Stretch> stretches_;
  std::vector<Stretch> around_;
  std::size_t around_size_ = 0;
  std::size_t size_ = 0;
};

// A stretch of text in plain form, with what stood before it on its line, so that rules see what it is assigned to.
struct Layer {
  std::string text;
  Origin from;  // Of the bytes of `text`, and one more, for its end.
  // "base64", "hex", "escapes", "joined strings", "joined lines", "invisible characters", "gzip in base64"…
  std::string_view how;
  bool is_code = false;  // All of it was base64 or hex, also of something compressed.
  // Bytes of `text` that are the same in the text around it, at the beginning: nothing new is found in them alone.
  std::size_t plain_bytes = 0;
};

struct DecodeLimits {
  std::size_t max_depth = 5;                               // Layers inside of layers; but so deep
  std::size_t max_plain_depth = 3;                         // those that are no code: each may be larger than its text.
  std::size_t max_stream_bytes = std::size_t{8} << 20U;    // Of what one compressed stream gives.
  std::size_t max_unpacked_bytes = std::size_t{8} << 20U;  // Of what all of them give in one file, and
  std::size_t max_ratio = 4;                               // so many times its size.
  std::size_t max_total_bytes = std::size_t{64} << 20U;    // Of all layers of one text.
};

// Of one file, with all that is in it.
struct DecodeBudget {
  DecodeLimits limits;
  std::size_t file_bytes = 0;  // That were looked at.
  std::size_t unpacked_bytes = 0;
  // On the first code that is not unpacked ("xz in base64: what it unpacks to was not looked at"), or empty.
  std::string note = {};
};

// A text may be a window of a larger one. Codes that begin in so many of its last bytes are the next window's, too.
inline constexpr std::size_t kBehindWindow = std::size_t{128} << 10U;

// A text whose layers are looked for. `survey` is that of `text`; the first `plain_bytes` were looked at elsewhere.
// REQUIRES: text.size() < 4 GiB.
struct LayeredText {
  std::string_view text;
  const Survey& survey;
  std::size_t plain_bytes = 0;
};

// Gives `sink` the layers of `outer` one after the other, not those in them. Linear in the text; a stretch is decoded
// only when its first bytes give text or announce a compressed stream, or some others give what is long enough for a
// token. False when a limit kept something from being
// decoded.
bool FindLayers(const LayeredText& outer, DecodeBudget* budget, const std::function<void(const Layer&)>& sink);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_DECODE_H_
