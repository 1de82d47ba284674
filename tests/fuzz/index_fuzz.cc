// Whatever an index says, nothing outside it is read, and nothing takes for ever. (libFuzzer)
//
// The input is a tree object and an index: two bytes of length, the tree, the rest. Every tree that the index or the
// tree names is that one tree, so that the walk also goes down.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "git/entry_diff.h"
#include "git/index_file.h"
#include "git/tree.h"

namespace sluice::git {
namespace {

class OneTree final : public TreeSource {
 public:
  explicit OneTree(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  Result<TreeBytes> ReadTree(const Oid& oid) override {
    // Most of what a real walk meets: some trees are missing, and it ends.
    if (oid.bytes[0] == 0 || ++reads_ > 64) return Error{ErrorCode::kUnsupported, "", "missing"};
    return TreeBytes{nullptr, bytes_};
  }

 private:
  std::span<const std::uint8_t> bytes_;
  int reads_ = 0;
};

void Require(bool condition) {
  if (!condition) std::abort();
}

void ReadIndex(const IndexFile& index, std::span<const std::uint8_t> tree_bytes) {
  CacheTreeNode cache_tree;
  const Result<CacheTreeRoot> root = index.FindCacheTree();
  bool has_cache_tree = false;
  if (root) {
    if (Result<CacheTreeNode> parsed = ParseCacheTree(root->extension)) {
      cache_tree = std::move(*parsed);
      has_cache_tree = true;
    }
  }
  OneTree source(tree_bytes);
  Oid head;
  head.bytes[0] = 1;
  for (const std::optional<Oid>& parent : {std::optional<Oid>(), std::optional(head)}) {
    Result<EntryDiffResult> diff = DiffTreeToEntries(source, parent, index, has_cache_tree ? &cache_tree : nullptr);
    if (!diff) continue;
    for (const TreeChange& change : diff->changes) {
      Require(!change.path.empty());
      const Result<std::optional<FoundEntry>> found = index.Find(change.path, diff->samples);
      // Every file that the walk itself has seen can be looked up.
      if (!has_cache_tree && change.new_mode != 0) Require(found && found->has_value());
    }
    TreeChanges changes = std::move(diff->changes);
    (void)Combine({&changes, 1});
  }
}

}  // namespace
}  // namespace sluice::git

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t tree_size = std::min<std::size_t>(data[0] * 256U + data[1], size - 2);
  // A copy of exact size each, so that one byte too far is seen.
  const std::vector<std::uint8_t> tree(data + 2, data + 2 + tree_size);
  const std::vector<std::uint8_t> bytes(data + 2 + tree_size, data + size);
  if (const auto index = sluice::git::IndexFile::Parse(bytes)) sluice::git::ReadIndex(*index, tree);
  return 0;
}
