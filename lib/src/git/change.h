// The one form in which every way of finding a change hands it over, and the rules that turn it into a StagedChange.
//
// What counts as new, renamed, deleted or skipped is decided here once, so that the ways cannot differ in it.
#ifndef SLUICE_GIT_CHANGE_H_
#define SLUICE_GIT_CHANGE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"
#include "sluice/git/staged.h"

namespace sluice::git {

inline constexpr std::uint32_t kModeTypeMask = 0170000;
inline constexpr std::uint32_t kModeTree = 0040000;
inline constexpr std::uint32_t kModeRegular = 0100000;
inline constexpr std::uint32_t kModeSymlink = 0120000;
inline constexpr std::uint32_t kModeGitlink = 0160000;

// A crafted tree names billions of files in a few objects. What is beyond this is refused, never cut off.
inline constexpr std::size_t kMaxChanges = 8'000'000;

inline constexpr std::string_view kUnmergedReason = "unmerged: resolve the conflict first";

// The modes that git writes: 100664 and its like, found in old histories, are what git takes them for.
[[nodiscard]] std::uint32_t CanonicalMode(std::uint32_t mode);

// One path that differs between a parent's tree and the index.
struct TreeChange {
  std::string path;
  std::uint32_t old_mode = 0;  // 0: not in the parent.
  std::uint32_t new_mode = 0;  // 0: not in the index.
  Oid old_oid;
  Oid new_oid;
  bool unmerged = false;  // The index has only the stages of a conflict.
};

// Against one parent. Unsorted.
using TreeChanges = std::vector<TreeChange>;

// Combines the changes against each parent, in order. Reorders what it is given.
[[nodiscard]] StagedChange Combine(std::span<TreeChanges> parents);

}  // namespace sluice::git

#endif  // SLUICE_GIT_CHANGE_H_
