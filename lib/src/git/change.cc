#include "git/change.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sluice::git {
namespace {

std::uint32_t TypeOf(std::uint32_t mode) { return mode & kModeTypeMask; }

bool HasContent(std::uint32_t mode) { return TypeOf(mode) == kModeRegular || TypeOf(mode) == kModeSymlink; }

bool IsDeletion(const TreeChange& change) { return change.new_mode == 0 && !change.unmerged; }

bool IsAddition(const TreeChange& change) { return change.old_mode == 0 && !change.unmerged; }

// Whether the bytes at this path are those of the parent: only the mode differs.
bool SameContent(const TreeChange& change) {
  return TypeOf(change.old_mode) == TypeOf(change.new_mode) && change.old_oid == change.new_oid;
}

void SortByPath(TreeChanges& changes) {
  const auto by_path = [](const TreeChange& a, const TreeChange& b) { return a.path < b.path; };
  if (!std::is_sorted(changes.begin(), changes.end(), by_path)) std::sort(changes.begin(), changes.end(), by_path);
}

// How many files of this content a parent has that the index lacks: each can be where one added file came from.
using Sources = std::map<std::pair<std::uint32_t, Oid>, std::size_t>;

Sources DeletedSources(const TreeChanges& changes) {
  Sources sources;
  for (const TreeChange& change : changes) {
    if (IsDeletion(change) && HasContent(change.old_mode)) ++sources[{TypeOf(change.old_mode), change.old_oid}];
  }
  return sources;
}

class Combiner {
 public:
  explicit Combiner(std::span<TreeChanges> parents) : parents_(parents), row_(parents.size()) {
    for (TreeChanges& changes : parents_) {
      SortByPath(changes);
      sources_.push_back(DeletedSources(changes));
    }
  }

  StagedChange Run() {
    if (parents_.empty()) return {};
    std::vector<std::size_t> cursors(parents_.size(), 0);
    for (const TreeChange& change : parents_[0]) {
      if (FillRow(change.path, cursors)) Add();
    }
    // What a rename came from is not gone. (In a merge it may be gone from one parent only, and was not counted.)
    if (parents_.size() == 1) result_.deleted -= result_.renamed;
    return std::move(result_);
  }

 private:
  // Points row_ at the change of this path against every parent; false when a parent has the very same entry.
  bool FillRow(const std::string& path, std::vector<std::size_t>& cursors) {
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      const TreeChanges& changes = parents_[i];
      std::size_t& cursor = cursors[i];
      while (cursor < changes.size() && changes[cursor].path < path) ++cursor;
      if (cursor == changes.size() || changes[cursor].path != path) return false;
      row_[i] = &changes[cursor];
    }
    return true;
  }

  bool Any(bool (*predicate)(const TreeChange&)) const {
    return std::any_of(row_.begin(), row_.end(), [&](const TreeChange* change) { return predicate(*change); });
  }

  void Add() {
    const TreeChange& first = *row_[0];
    if (Any([](const TreeChange& change) { return change.unmerged; })) {
      result_.skipped.push_back({first.path, std::string(kUnmergedReason), /*incomplete=*/true});
    } else if (IsDeletion(first)) {
      ++result_.deleted;
    } else if (TypeOf(first.new_mode) == kModeGitlink) {
      result_.skipped.push_back({first.path, "submodule", /*incomplete=*/false});
    } else if (Any(&SameContent)) {
      return;
    } else if (TakeRenameSource()) {
      ++result_.renamed;
      result_.new_names.push_back(first.path);
    } else {
      AddFile();
    }
  }

  // A file that is new against a parent and has the bytes of one that this parent loses has only moved.
  bool TakeRenameSource() {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (!IsAddition(*row_[i])) continue;
      const auto source = sources_[i].find({TypeOf(row_[i]->new_mode), row_[i]->new_oid});
      if (source == sources_[i].end() || source->second == 0) continue;
      --source->second;
      return true;
    }
    return false;
  }

  void AddFile() {
    const TreeChange& first = *row_[0];
    StagedFile file{first.path, first.new_mode, ToHex(first.new_oid), {}};
    for (const TreeChange* change : row_) {
      const bool comparable = TypeOf(change->old_mode) == TypeOf(change->new_mode);
      file.old_oids.push_back(comparable ? ToHex(change->old_oid) : std::string());
    }
    result_.files.push_back(std::move(file));
  }

  std::span<TreeChanges> parents_;
  std::vector<const TreeChange*> row_;
  std::vector<Sources> sources_;
  StagedChange result_;
};

}  // namespace

std::uint32_t CanonicalMode(std::uint32_t mode) {
  switch (TypeOf(mode)) {
    case kModeRegular:
      return (mode & 0100U) != 0 ? 0100755 : 0100644;
    case kModeSymlink:
    case kModeTree:
      return TypeOf(mode);
    default:
      // What git's canon_mode() does: whatever it does not know is a submodule.
      return kModeGitlink;
  }
}

StagedChange Combine(std::span<TreeChanges> parents) { return Combiner(parents).Run(); }

}  // namespace sluice::git
