// Reads tree objects, and finds what differs between two of them.
//
// A tree object is a row of "<octal mode> <name>\0<20 bytes of oid>", in the order of names where a subtree's name
// counts as if it ended in '/'. Whoever wrote it may be hostile: every read is checked, and a tree that git would not
// have written (unsorted, a '/' in a name) is kUnsupported, so that git itself is asked what it makes of it.
#ifndef SLUICE_GIT_TREE_H_
#define SLUICE_GIT_TREE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "git/change.h"
#include "git/oid.h"
#include "sluice/result.h"

namespace sluice::git {

// git refuses deeper trees since 2.43 (core.maxTreeDepth); a path of 4 kB cannot be deeper either.
inline constexpr std::size_t kMaxTreeDepth = 2048;

// A few crafted trees that hold each other many times over take for ever to walk; no change has this many.
inline constexpr std::size_t kMaxTreesRead = 2'000'000;

struct TreeEntry {
  std::uint32_t mode = 0;  // Canonical.
  std::string_view name;
  const std::uint8_t* oid = nullptr;  // 20 bytes.

  [[nodiscard]] bool IsTree() const { return mode == kModeTree; }
};

// The bytes of a tree object, kept alive by `owner`.
struct TreeBytes {
  std::shared_ptr<const void> owner;
  std::span<const std::uint8_t> bytes;
};

class TreeSource {
 public:
  TreeSource() = default;
  TreeSource(const TreeSource&) = delete;
  TreeSource& operator=(const TreeSource&) = delete;
  virtual ~TreeSource() = default;
  // kUnsupported when it is missing or no tree.
  virtual Result<TreeBytes> ReadTree(const Oid& oid) = 0;
};

// Walks the entries of one tree. Views stay valid as long as the bytes.
class TreeCursor {
 public:
  // Positions on the first entry.
  explicit TreeCursor(std::span<const std::uint8_t> bytes) : bytes_(bytes) { Next(); }

  [[nodiscard]] bool AtEnd() const { return at_end_; }
  // The walk ended early.
  [[nodiscard]] bool IsMalformed() const { return malformed_; }
  // REQUIRES: !AtEnd().
  [[nodiscard]] const TreeEntry& entry() const { return entry_; }
  void Next();

 private:
  bool Parse();

  std::span<const std::uint8_t> bytes_;
  std::size_t offset_ = 0;
  TreeEntry entry_;
  bool at_end_ = false;
  bool malformed_ = false;
};

// The order of tree entries and of the index: <0, 0, >0. A file and a directory of one name are not equal.
[[nodiscard]] int CompareEntryNames(std::string_view a, bool a_is_tree, std::string_view b, bool b_is_tree);

// An open tree, or the nothing that a side without one has.
struct OpenTree {
  // nullopt is no tree: nothing is read.
  static Result<OpenTree> Open(TreeSource& source, const std::optional<Oid>& oid);

  TreeBytes tree;
  TreeCursor cursor{{}};
};

// Appends to `changes` what differs between two trees; reads only subtrees that differ.
class TreeDiff {
 public:
  // Both must outlive the diff.
  TreeDiff(TreeSource& source, TreeChanges& changes) : source_(source), changes_(changes) {}

  // `prefix` ("" or "dir/") is where both trees stand. nullopt is no tree.
  Result<void> Run(std::string_view prefix, const std::optional<Oid>& old_tree, const std::optional<Oid>& new_tree);

  // One entry that only one side has, or that both have under the same name and kind.
  Result<void> AddPair(const TreeEntry* old_entry, const TreeEntry* new_entry, std::string& prefix, std::size_t depth);

 private:
  Result<void> Level(const std::optional<Oid>& old_tree, const std::optional<Oid>& new_tree, std::string& prefix,
                     std::size_t depth);

  TreeSource& source_;
  TreeChanges& changes_;
  std::size_t trees_read_ = 0;
};

// Finds the entry at `path` below `root`; nullopt when there is none.
struct FoundEntry {
  std::uint32_t mode = 0;
  Oid oid;
};
Result<std::optional<FoundEntry>> FindInTree(TreeSource& source, const Oid& root, std::string_view path);

}  // namespace sluice::git

#endif  // SLUICE_GIT_TREE_H_
