// The lines that a new version of a file adds to an old one, of any bytes. The input is the old one, a NUL, the new
// one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sluice/git/staged.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(bytes.find('\0'), size);
  const std::string before(bytes.substr(0, cut));
  const std::string after(bytes.substr(std::min(cut + 1, size)));
  const auto ranges = sluice::git::AddedLines(before, after);
  if (!ranges) return 0;
  // In order, apart, none empty, within the new text; and together all lines that stand in the new text only.
  std::size_t line = 1;
  std::size_t last_end = 0;
  auto range = ranges->begin();
  for (const auto& [begin, end] : *ranges) {
    if (begin >= end || begin <= last_end) std::abort();
    last_end = end;
  }
  for (std::size_t at = 0; at < after.size(); ++line) {
    const std::size_t end = std::min(after.find('\n', at), after.size());
    const std::string text = after.substr(at, end - at);
    while (range != ranges->end() && range->end <= line) ++range;
    const bool is_added = range != ranges->end() && range->begin <= line;
    const bool is_old = ("\n" + before + "\n").find("\n" + text + "\n") != std::string::npos;
    if (!is_old && !is_added) std::abort();
    at = end + 1;
  }
  if (last_end > line) std::abort();
  return 0;
}
