// What the next commit adds, exactly.
//
//   Result<git::Repository> repository = git::Repository::Open({});
//   Result<git::StagedChange> change = repository->Staged({});
//   for (const git::StagedFile& file : change->files) Result<std::string> bytes = repository->ReadBlob(file.oid);
//
// Thread rule: a Repository belongs to one thread.
#ifndef SLUICE_GIT_STAGED_H_
#define SLUICE_GIT_STAGED_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/result.h"

namespace sluice::git {

// How the change was found; every way gives the same answer on a repository that it understands.
enum class Way : std::uint8_t {
  kAuto,
  kCacheTree,  // A: the root of the index's cache-tree against HEAD^{tree}.
  kEntries,    // B: the entries of the index, hopping over subtrees that the cache-tree says are unchanged.
  kGit,        // C: `git diff --cached --raw -z` and `git cat-file --batch`.
};
[[nodiscard]] std::string_view ToString(Way way);

// A file whose content the commit would add: the blob differs from every parent's at this path.
struct StagedFile {
  std::string path;    // Relative to the top, '/' between the parts, raw bytes.
  std::uint32_t mode;  // 0100644, 0100755 or 0120000 (a symlink: its blob is the target's name).
  std::string oid;     // Lower-case hex (40, or 64 in a SHA-256 repository).
  // The blob at this path in each parent, in order; "" where the parent has no blob there (new file, or a symlink
  // or submodule became a file). A line is new when it is new against every parent.
  std::vector<std::string> old_oids;
};

// An entry of the change that has no content to scan, and why ("submodule", …).
struct StagedSkip {
  std::string path;
  std::string reason;
  bool incomplete = false;  // It should have been scanned.
};

struct StagedChange {
  std::vector<StagedFile> files;  // Sorted by path (bytes).
  std::vector<StagedSkip> skipped;
  std::size_t deleted = 0;  // Entries that are gone, other than by a rename.
  // Files moved without a changed byte: nothing is new in them. One deleted file is where one added file came from; a
  // second file of that content is in `files`.
  std::size_t renamed = 0;
  std::vector<std::string> new_names;  // Of those.
  Way way = Way::kAuto;                // The way that answered.
  std::string why_not_faster;          // When `way` is kGit: what the faster ways did not understand; else empty.
};

struct StagedOptions {
  Way way = Way::kAuto;  // Force one way; tests hold them together. kUnsupported when it cannot answer.
  // pre-merge-commit: MERGE_HEAD is not written yet; the other parents come from git's GITHEAD_<oid> variables, as far
  // as they are in the history of a reference or were just fetched.
  bool merging = false;
};

struct OpenOptions {
  std::string directory;  // Where to start; empty is the current directory.
  // git runs us (GIT_INDEX_FILE is set…): it has checked the owner of the repository already.
  bool in_hook = false;
};

class Repository {
 public:
  // Finds the repository as git would (GIT_DIR and the other variables count). kUsage "not a git repository" when
  // there is none, or when it is bare; kIncomplete with git's own reason when it cannot be opened.
  static Result<Repository> Open(const OpenOptions& options);
  Repository(Repository&&) noexcept;
  Repository& operator=(Repository&&) noexcept;
  ~Repository();

  // The top of the working tree (absolute), without a trailing slash.
  [[nodiscard]] const std::string& top() const;

  // True while MERGE_HEAD is there.
  [[nodiscard]] bool IsMerging() const;
  // True when git made the index for one commit (commit -a, commit FILE): the repository's own holds something else.
  [[nodiscard]] bool HasOwnIndex() const;

  // Not a clean answer, an error: an index that cannot be read or is not there (unless HEAD is unborn), a missing tree.
  Result<StagedChange> Staged(const StagedOptions& options);

  // Changes whenever the index file is written (inode, size, times), so that a change during a scan is seen.
  [[nodiscard]] std::string IndexStamp() const;

  // The bytes of a blob. kIncomplete when it is missing or larger than `max_bytes`.
  Result<std::string> ReadBlob(std::string_view oid, std::uint64_t max_bytes = kMaxBlobInMemory);
  Result<std::uint64_t> BlobSize(std::string_view oid);
  // Feeds a blob of any size in pieces, with bounded memory. `sink` returns false to stop early.
  Result<void> StreamBlob(std::string_view oid, const std::function<bool(std::string_view)>& sink);

  // The content that git-lfs keeps under that SHA-256 (in hexadecimal) for a pointer that is committed in its place.
  // nullopt when it is not at hand where git-lfs keeps it by default, or larger than `max_bytes`.
  std::optional<std::string> ReadLfsObject(std::string_view sha256, std::uint64_t max_bytes = kMaxBlobInMemory);

  // The blob at `path` in the tree that will be committed (for .sluice.toml), or nullopt when there is none. A symlink
  // or a submodule of that name is an error (kConfig): nobody means "no configuration" by it. Call after Staged().
  Result<std::optional<std::string>> ReadStaged(std::string_view path);
  // The same, in HEAD: nullopt when there is no regular file of that name, or no HEAD.
  Result<std::optional<std::string>> ReadCommitted(std::string_view path);

  // Larger blobs are streamed.
  static constexpr std::uint64_t kMaxBlobInMemory = 32U << 20U;

 private:
  struct Impl;
  explicit Repository(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// A run of lines, [begin, end), from 1.
struct LineRange {
  std::size_t begin;
  std::size_t end;
};

// The lines of `new_text` that `old_text` does not have at that place, in order, not touching each other. An empty
// `old_text` makes every line new. Lines end at '\n'; that the last one lacks it is no difference. In a change of more
// than 100,000 lines, one that was only moved is not new either.
Result<std::vector<LineRange>> AddedLines(std::string_view old_text, std::string_view new_text);

}  // namespace sluice::git

#endif  // SLUICE_GIT_STAGED_H_
