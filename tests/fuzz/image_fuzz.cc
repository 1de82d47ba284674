// Compiled images of any bytes: what Image::Validate() lets pass is safe to read. Hyperscan's own part is not loaded:
// it comes from an authenticated file only.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::uint64_t> aligned(size / 8 + 1);
  std::memcpy(aligned.data(), data, size);
  const auto bytes = std::as_bytes(std::span(aligned)).first(size);
  const auto image = sluice::engine::Image::Validate(bytes, sluice::engine::Image::Origin::kEmbedded);
  if (!image) return 0;
  std::size_t seen = 0;
  for (std::size_t i = 0; i < image->rule_count(); ++i) {
    const sluice::RuleInfo rule = image->rule(i);
    for (const char c : rule.id) seen += c == 'x' ? 1 : 0;
    for (const std::string_view tag : rule.tags) seen += tag.size();
  }
  for (std::size_t i = 0; i < image->expression_count(); ++i) {
    for (const std::uint32_t rule : image->RulesOf(i)) {
      if (rule >= image->rule_count()) __builtin_trap();
    }
  }
  return seen == static_cast<std::size_t>(-1) ? 1 : 0;
}
