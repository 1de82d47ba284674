#include "git/entry_diff.h"

#include <utility>

namespace sluice::git {
namespace {

Error NotUnderstood(std::string message) { return {ErrorCode::kUnsupported, "index", std::move(message)}; }

bool IsEntryMode(std::uint32_t mode) {
  return mode == 0100644 || mode == 0100755 || mode == kModeSymlink || mode == kModeGitlink;
}

class EntryDiff {
 public:
  EntryDiff(TreeSource& source, const IndexFile& index)
      : source_(source), index_(index), cursor_(index), tree_diff_(source, changes_) {}

  Result<EntryDiffResult> Run(const std::optional<Oid>& old_tree, const CacheTreeNode* cache_tree) {
    if (index_.version() == 4) return NotUnderstood("version 4");
    if (Result<void> done = Level(old_tree, cache_tree, 0); !done) return done.error();
    if (cursor_.IsMalformed() || !cursor_.AtEnd()) return NotUnderstood("malformed entries");
    if (Result<void> done = CheckExtensions(); !done) return done.error();
    return EntryDiffResult{std::move(changes_), cursor_.TakeSamples()};
  }

 private:
  // What the index has next at this level: a file of that name, or a directory that it is in.
  struct Item {
    std::string_view name;
    bool is_tree = false;
  };

  // Only here is it known where the entries end, and so what follows them.
  Result<void> CheckExtensions() {
    const Result<IndexExtensions> extensions = index_.ReadExtensions(cursor_.offset());
    if (!extensions) return extensions.error();
    if (extensions->split) return NotUnderstood("split index");
    if (extensions->sparse) return NotUnderstood("sparse index");
    if (!extensions->unknown.empty()) return NotUnderstood("unknown extension '" + extensions->unknown + "'");
    return {};
  }

  [[nodiscard]] std::optional<Item> NextItem() const {
    if (cursor_.AtEnd() || !cursor_.entry().path.starts_with(prefix_)) return std::nullopt;
    const std::string_view rest = cursor_.entry().path.substr(prefix_.size());
    const std::size_t slash = rest.find('/');
    return Item{rest.substr(0, slash), slash != std::string_view::npos};
  }

  Result<void> Level(const std::optional<Oid>& old_tree, const CacheTreeNode* node, std::size_t depth) {
    if (depth > kMaxTreeDepth) return NotUnderstood("directories are nested too deeply");
    Result<OpenTree> old_side = OpenTree::Open(source_, old_tree);
    if (!old_side) return old_side.error();
    TreeCursor& older = old_side->cursor;
    while (true) {
      const std::optional<Item> item = NextItem();
      if (!item && older.AtEnd()) break;
      if (item && item->name.empty()) return NotUnderstood("a path with an empty part");
      if (item && !item->is_tree && cursor_.entry().intent_to_add) {
        // The commit leaves it out: as good as absent.
        cursor_.Next();
        continue;
      }
      const int order = Compare(older, item);
      const TreeEntry* old_entry = order <= 0 ? &older.entry() : nullptr;
      Result<void> done =
          order < 0 ? tree_diff_.AddPair(old_entry, nullptr, prefix_, depth) : Take(*item, old_entry, node, depth);
      if (!done) return done;
      if (order <= 0) older.Next();
    }
    if (older.IsMalformed()) {
      return Error{ErrorCode::kUnsupported, "tree " + ToHex(*old_tree), "malformed, or not sorted as git sorts it"};
    }
    return {};
  }

  static int Compare(const TreeCursor& older, const std::optional<Item>& item) {
    if (older.AtEnd()) return 1;
    if (!item) return -1;
    return CompareEntryNames(older.entry().name, older.entry().IsTree(), item->name, item->is_tree);
  }

  // Consumes an item of the index. `old_entry`: of the same name and kind, or null.
  Result<void> Take(const Item& item, const TreeEntry* old_entry, const CacheTreeNode* node, std::size_t depth) {
    if (!item.is_tree) return TakeFile(item, old_entry, depth);
    const CacheTreeNode* child = node != nullptr ? node->Child(item.name) : nullptr;
    const std::optional<Oid> old_tree =
        old_entry != nullptr ? std::optional(Oid::FromSha1(old_entry->oid)) : std::nullopt;
    const std::size_t length = prefix_.size();
    prefix_.append(item.name).push_back('/');
    Result<void> done;
    if (child != nullptr && child->entry_count) {
      done = Hop(*child->entry_count);
      if (done) done = tree_diff_.Run(prefix_, old_tree, child->oid);
    } else {
      done = Level(old_tree, child, depth + 1);
    }
    prefix_.resize(length);
    return done;
  }

  // Passes the entries of the directory prefix_. That they are exactly `count` is checked at both ends.
  Result<void> Hop(std::uint64_t count) {
    cursor_.Skip(count - 1);
    bool covered = count > 0 && !cursor_.AtEnd() && cursor_.entry().path.starts_with(prefix_);
    if (covered) cursor_.Next();
    covered = covered && !cursor_.IsMalformed() && (cursor_.AtEnd() || !cursor_.entry().path.starts_with(prefix_));
    if (!covered) return NotUnderstood("the cache-tree does not cover the entries");
    return {};
  }

  Result<void> TakeFile(const Item& item, const TreeEntry* old_entry, std::size_t depth) {
    const IndexEntry entry = cursor_.entry();
    if (entry.stage != 0) return TakeUnmerged(entry.path);
    if (!IsEntryMode(entry.mode)) {
      return NotUnderstood(entry.mode == kModeTree ? "sparse index" : "an entry of unknown mode");
    }
    cursor_.Next();
    const TreeEntry new_entry{entry.mode, item.name, entry.oid};
    return tree_diff_.AddPair(old_entry, &new_entry, prefix_, depth);
  }

  Result<void> TakeUnmerged(std::string_view path) {
    while (!cursor_.AtEnd() && cursor_.entry().path == path) cursor_.Next();
    TreeChange& change = changes_.emplace_back();
    change.path = path;
    change.unmerged = true;
    return {};
  }

  TreeSource& source_;
  const IndexFile& index_;
  IndexCursor cursor_;
  TreeChanges changes_;
  TreeDiff tree_diff_;
  std::string prefix_;
};

}  // namespace

Result<EntryDiffResult> DiffTreeToEntries(TreeSource& source, const std::optional<Oid>& old_tree,
                                          const IndexFile& index, const CacheTreeNode* cache_tree) {
  return EntryDiff(source, index).Run(old_tree, cache_tree);
}

}  // namespace sluice::git
