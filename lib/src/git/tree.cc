#include "git/tree.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluice::git {
namespace {

Error Malformed(const Oid& oid) {
  return {ErrorCode::kUnsupported, "tree " + ToHex(oid), "malformed, or not sorted as git sorts it"};
}

Error TooDeep() { return {ErrorCode::kUnsupported, "", "directories are nested too deeply"}; }

Error TooMany() { return {ErrorCode::kIncomplete, "", "the change has too many files to be scanned"}; }

bool SameEntry(const TreeEntry& a, const TreeEntry& b) {
  return a.mode == b.mode && std::memcmp(a.oid, b.oid, kSha1Size) == 0;
}

std::optional<Oid> SubtreeOid(const TreeEntry* entry) {
  return entry != nullptr ? std::optional(Oid::FromSha1(entry->oid)) : std::nullopt;
}

}  // namespace

void TreeCursor::Next() {
  if (at_end_) return;
  if (offset_ == bytes_.size()) {
    at_end_ = true;
  } else if (!Parse()) {
    at_end_ = malformed_ = true;
  }
}

bool TreeCursor::Parse() {
  std::uint32_t mode = 0;
  std::size_t digits = 0;
  while (offset_ < bytes_.size() && bytes_[offset_] >= '0' && bytes_[offset_] <= '7' && digits < 7) {
    mode = mode * 8 + (bytes_[offset_] - static_cast<std::uint32_t>('0'));
    ++offset_;
    ++digits;
  }
  if (digits == 0 || offset_ == bytes_.size() || bytes_[offset_] != ' ') return false;
  ++offset_;
  const auto* name = reinterpret_cast<const char*>(bytes_.data() + offset_);
  const auto* end = static_cast<const char*>(std::memchr(name, '\0', bytes_.size() - offset_));
  if (end == nullptr || end == name) return false;
  TreeEntry next{CanonicalMode(mode), {name, static_cast<std::size_t>(end - name)}, nullptr};
  offset_ += next.name.size() + 1;
  if (bytes_.size() - offset_ < kSha1Size || next.name.find('/') != std::string_view::npos) return false;
  next.oid = bytes_.data() + offset_;
  offset_ += kSha1Size;
  // The walk of two trees side by side relies on the order.
  if (entry_.oid != nullptr && CompareEntryNames(entry_.name, entry_.IsTree(), next.name, next.IsTree()) >= 0) {
    return false;
  }
  entry_ = next;
  return true;
}

int CompareEntryNames(std::string_view a, bool a_is_tree, std::string_view b, bool b_is_tree) {
  const std::size_t common = std::min(a.size(), b.size());
  if (const int order = std::memcmp(a.data(), b.data(), common); order != 0) return order;
  const auto after = [common](std::string_view name, bool is_tree) -> int {
    if (name.size() > common) return static_cast<unsigned char>(name[common]);
    return is_tree ? '/' : 0;
  };
  return after(a, a_is_tree) - after(b, b_is_tree);
}

Result<OpenTree> OpenTree::Open(TreeSource& source, const std::optional<Oid>& oid) {
  if (!oid || *oid == EmptyTreeSha1()) return OpenTree{};
  Result<TreeBytes> tree = source.ReadTree(*oid);
  if (!tree) return tree.error();
  TreeCursor cursor(tree->bytes);
  return OpenTree{std::move(*tree), cursor};
}

Result<void> TreeDiff::Run(std::string_view prefix, const std::optional<Oid>& old_tree,
                           const std::optional<Oid>& new_tree) {
  std::string path(prefix);
  return Level(old_tree, new_tree, path, static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')));
}

Result<void> TreeDiff::Level(const std::optional<Oid>& old_tree, const std::optional<Oid>& new_tree,
                             std::string& prefix, std::size_t depth) {
  if (old_tree == new_tree) return {};
  if (depth > kMaxTreeDepth) return TooDeep();
  trees_read_ += (old_tree ? 1U : 0U) + (new_tree ? 1U : 0U);
  if (trees_read_ > kMaxTreesRead) return TooMany();
  Result<OpenTree> old_side = OpenTree::Open(source_, old_tree);
  if (!old_side) return old_side.error();
  Result<OpenTree> new_side = OpenTree::Open(source_, new_tree);
  if (!new_side) return new_side.error();
  TreeCursor& older = old_side->cursor;
  TreeCursor& newer = new_side->cursor;
  while (!older.AtEnd() || !newer.AtEnd()) {
    int order = 0;
    if (older.AtEnd()) {
      order = 1;
    } else if (newer.AtEnd()) {
      order = -1;
    } else {
      order = CompareEntryNames(older.entry().name, older.entry().IsTree(), newer.entry().name, newer.entry().IsTree());
    }
    const TreeEntry* old_entry = order <= 0 ? &older.entry() : nullptr;
    const TreeEntry* new_entry = order >= 0 ? &newer.entry() : nullptr;
    if (Result<void> added = AddPair(old_entry, new_entry, prefix, depth); !added) return added;
    if (order <= 0) older.Next();
    if (order >= 0) newer.Next();
  }
  if (older.IsMalformed()) return Malformed(*old_tree);
  if (newer.IsMalformed()) return Malformed(*new_tree);
  return {};
}

Result<void> TreeDiff::AddPair(const TreeEntry* old_entry, const TreeEntry* new_entry, std::string& prefix,
                               std::size_t depth) {
  if (old_entry != nullptr && new_entry != nullptr && SameEntry(*old_entry, *new_entry)) return {};
  const TreeEntry& any = old_entry != nullptr ? *old_entry : *new_entry;
  if (any.IsTree()) {
    const std::size_t length = prefix.size();
    prefix.append(any.name).push_back('/');
    Result<void> done = Level(SubtreeOid(old_entry), SubtreeOid(new_entry), prefix, depth + 1);
    prefix.resize(length);
    return done;
  }
  if (changes_.size() >= kMaxChanges) return TooMany();
  TreeChange& change = changes_.emplace_back();
  change.path.reserve(prefix.size() + any.name.size());
  change.path.append(prefix).append(any.name);
  if (old_entry != nullptr) {
    change.old_mode = old_entry->mode;
    change.old_oid = Oid::FromSha1(old_entry->oid);
  }
  if (new_entry != nullptr) {
    change.new_mode = new_entry->mode;
    change.new_oid = Oid::FromSha1(new_entry->oid);
  }
  return {};
}

Result<std::optional<FoundEntry>> FindInTree(TreeSource& source, const Oid& root, std::string_view path) {
  Oid oid = root;
  while (true) {
    const std::size_t slash = path.find('/');
    const bool want_tree = slash != std::string_view::npos;
    const std::string_view name = path.substr(0, slash);
    Result<OpenTree> tree = OpenTree::Open(source, oid);
    if (!tree) return tree.error();
    TreeCursor& cursor = tree->cursor;
    while (!cursor.AtEnd() && (cursor.entry().name != name || cursor.entry().IsTree() != want_tree)) cursor.Next();
    if (cursor.IsMalformed()) return Malformed(oid);
    if (cursor.AtEnd()) return std::optional<FoundEntry>();
    oid = Oid::FromSha1(cursor.entry().oid);
    if (!want_tree) return std::optional(FoundEntry{cursor.entry().mode, oid});
    path.remove_prefix(slash + 1);
  }
}

}  // namespace sluice::git
