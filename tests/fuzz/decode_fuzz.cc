// Any text: its layers are bounded, and every byte of one comes from somewhere in the text, in order.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scan/decode.h"

namespace {

using sluice::scan::DecodeBudget;
using sluice::scan::FindLayers;
using sluice::scan::Layer;

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void Check(std::string_view text, std::size_t plain_bytes, std::size_t depth, DecodeBudget* budget) {
  sluice::scan::Survey survey;
  survey.Make(text);
  std::size_t total = 0;
  const auto check = [&](const Layer& layer) {
    Require(layer.from.size() == layer.text.size() + 1);
    Require(layer.plain_bytes <= layer.text.size());
    for (std::size_t i = 0; i < layer.text.size(); ++i) {
      Require(layer.from[i] < text.size() && layer.from[i] <= layer.from[i + 1]);
    }
    Require(layer.from[layer.text.size()] <= text.size());
    total += layer.text.size();
    if (depth < budget->limits.max_depth) Check(layer.text, layer.plain_bytes, depth + 1, budget);
  };
  FindLayers({text, survey, plain_bytes}, budget, check);
  Require(total <= budget->limits.max_total_bytes);
  Require(budget->unpacked_bytes <= budget->limits.max_unpacked_bytes + budget->limits.max_ratio * budget->file_bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  DecodeBudget budget;
  budget.limits.max_stream_bytes = 1U << 16U;
  budget.limits.max_unpacked_bytes = 1U << 17U;
  budget.limits.max_total_bytes = 1U << 18U;
  budget.file_bytes = size;
  Check({reinterpret_cast<const char*>(data), size}, 0, 1, &budget);
  return 0;
}
