// Any text: its layers are bounded, and every byte of one comes from somewhere in the text, in order.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "scan/decode.h"

namespace {

using sluice::scan::DecodeLimits;
using sluice::scan::FindLayers;
using sluice::scan::Layer;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void Check(std::string_view text, std::size_t depth) {
  DecodeLimits limits;
  limits.max_layer_bytes = 1U << 16U;
  limits.max_total_bytes = 1U << 18U;
  std::vector<Layer> layers;
  sluice::scan::Survey survey;
  survey.Make(text);
  FindLayers(text, survey, limits, &layers);
  std::size_t total = 0;
  for (const Layer& layer : layers) {
    Require(layer.from.size() == layer.text.size() + 1);
    Require(layer.plain_bytes <= layer.text.size());
    for (std::size_t i = 0; i < layer.text.size(); ++i) {
      Require(layer.from[i] < text.size() && layer.from[i] <= layer.from[i + 1]);
    }
    Require(layer.from.back() <= text.size());
    total += layer.text.size();
    if (depth < limits.max_depth) Check(layer.text, depth + 1);
  }
  Require(total <= limits.max_total_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Check({reinterpret_cast<const char*>(data), size}, 1);
  return 0;
}
