// Any pattern on any path: an answer, soon. The input is the pattern, a NUL, the path.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/glob.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = bytes.find('\0');
  if (cut == std::string_view::npos) return 0;
  // Copies of exact size, so that one byte too far is seen.
  const std::string pattern(bytes.substr(0, cut));
  const std::string path(bytes.substr(cut + 1));
  const sluice::Glob glob(pattern);
  const bool matches = glob.Matches(path);
  // What a folder matches, all below it does.
  if (matches && !glob.Matches(path + "/below")) __builtin_trap();
  // A name matches itself at any depth.
  if (!path.empty() && path.find_first_of("*?[\\/") == std::string::npos) {
    if (!sluice::GlobMatches(path, path) || !sluice::GlobMatches(path, "above/" + path)) __builtin_trap();
  }
  return 0;
}
