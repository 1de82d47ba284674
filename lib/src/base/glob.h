// Globs in the syntax of .gitignore lines, matched against paths relative to the top.
#ifndef SLUICE_BASE_GLOB_H_
#define SLUICE_BASE_GLOB_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sluice {

// A pattern, read once. Without a '/' (but at the end) it matches at any depth; with one it is anchored at the top. `*`
// and `?` do not cross '/', `**` in place of a folder's name does, `[a-z]` and `[!a-z]` are sets, '\' escapes.
class Glob {
 public:
  // REQUIRES: what `pattern` views outlives the glob.
  explicit Glob(std::string_view pattern);

  // True when it matches `path` or a folder above it. Takes no memory, and pattern × path steps for each folder at
  // most.
  [[nodiscard]] bool Matches(std::string_view path) const;

 private:
  friend class GlobSet;
  enum class Kind : std::uint8_t {
    kNone,      // Matches nothing.
    kAnchored,  // From the top.
    kName,      // A file or folder of this name.
    kOneStar,   // A file or folder: `first_`, anything, `last_`.
    kAnyDepth,
  };

  Kind kind_ = Kind::kNone;
  std::string_view first_;  // Or the whole pattern.
  std::string_view last_;
  bool is_folder_ = false;  // Files of that name are not meant.
};

// Many patterns, asked at once: names and "*.extension" are looked up.
class GlobSet {
 public:
  GlobSet() = default;
  // REQUIRES: what `patterns` view outlives the set.
  explicit GlobSet(std::span<const std::string_view> patterns);

  // True when one of them does.
  [[nodiscard]] bool Matches(std::string_view path) const;

 private:
  std::vector<std::string_view> names_;       // In order.
  std::vector<std::string_view> extensions_;  // With their dot; in order.
  std::vector<Glob> others_;
};

[[nodiscard]] inline bool GlobMatches(std::string_view pattern, std::string_view path) {
  return Glob(pattern).Matches(path);
}

}  // namespace sluice

#endif  // SLUICE_BASE_GLOB_H_
