// Finds what differs between a tree and the entries of the index (way B).
//
// After `git add` the root of the cache-tree is invalid, and so are the directories down to what was added; all others
// still name their tree and how many entries they have. So one walk over the entries hops over every directory whose
// tree is the one that HEAD has, diffs trees where it is another, and looks at entries only where no tree is known.
#ifndef SLUICE_GIT_ENTRY_DIFF_H_
#define SLUICE_GIT_ENTRY_DIFF_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "git/change.h"
#include "git/index_file.h"
#include "git/tree.h"
#include "sluice/result.h"

namespace sluice::git {

struct EntryDiffResult {
  TreeChanges changes;
  std::vector<std::size_t> samples;  // For IndexFile::Find.
};

// `cache_tree` may be null: then every directory is looked at. kUnsupported when the index is split, sparse, of version
// 4 or not in order.
Result<EntryDiffResult> DiffTreeToEntries(TreeSource& source, const std::optional<Oid>& old_tree,
                                          const IndexFile& index, const CacheTreeNode* cache_tree);

}  // namespace sluice::git

#endif  // SLUICE_GIT_ENTRY_DIFF_H_
