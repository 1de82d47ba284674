// Globs in the syntax of .gitignore lines, matched against paths relative to the top.
#ifndef SLUICE_BASE_GLOB_H_
#define SLUICE_BASE_GLOB_H_

#include <string_view>

namespace sluice {

// True when `pattern` matches `path` or a folder above it. Without a '/' (but at the end) the pattern matches at any
// depth; with one it is anchored at the top. `*` and `?` do not cross '/', `**` does, `[a-z]` and `[!a-z]` are sets,
// '\' escapes. Linear in the path for each `*`; its stack is at most as deep as the pattern is long.
[[nodiscard]] bool GlobMatches(std::string_view pattern, std::string_view path);

}  // namespace sluice

#endif  // SLUICE_BASE_GLOB_H_
