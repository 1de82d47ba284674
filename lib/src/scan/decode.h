// What is written in another form inside of text: base64 (also URL-safe, also wrapped over lines, also gzip in it),
// hex, percent, Unicode and HTML escapes, tokens cut into string literals that are joined, and tokens with invisible or
// full-width characters in them.
#ifndef SLUICE_SCAN_DECODE_H_
#define SLUICE_SCAN_DECODE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scan/dense.h"

namespace sluice::scan {

// A stretch of text in plain form, with what stood before it on its line, so that rules see what it is assigned to.
struct Layer {
  std::string text;
  // By byte of `text` (and one more, for its end): where in the text around it the byte comes from. Never falls.
  std::vector<std::uint32_t> from;
  // "base64", "hex", "escapes", "joined strings", "joined lines", "invisible characters", "gzip in base64".
  std::string_view how;
  // Bytes of `text` that are the same in the text around it, at the beginning: nothing new is found in them alone.
  std::size_t plain_bytes = 0;
};

struct DecodeLimits {
  std::size_t max_depth = 3;                             // Layers inside of layers.
  std::size_t max_layer_bytes = std::size_t{4} << 20U;   // Of what one gzip stream gives.
  std::size_t max_total_bytes = std::size_t{64} << 20U;  // Of all layers of one text.
};

// Appends the layers of `text`, not those in them. Linear in the text; a stretch is decoded only when its first bytes
// give text. False when a limit kept something from being decoded.
// `survey` is that of `text`. REQUIRES: text.size() < 4 GiB.
bool FindLayers(std::string_view text, const Survey& survey, const DecodeLimits& limits, std::vector<Layer>* layers);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_DECODE_H_
