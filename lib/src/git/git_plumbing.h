// What git itself says, for every repository that libgit2 or our own reader does not follow (way C).
//
// Only plumbing formats with NUL or counted lengths are parsed, and strictly: an answer in any other form is an error,
// never "no change".
#ifndef SLUICE_GIT_GIT_PLUMBING_H_
#define SLUICE_GIT_GIT_PLUMBING_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/change.h"
#include "git/git_process.h"
#include "git/oid.h"
#include "git/tree.h"
#include "sluice/result.h"

namespace sluice::git {

struct RepositoryPlace {
  std::string top;      // Absolute, without a trailing slash.
  std::string git_dir;  // Absolute, with one.
};

// kUsage when there is no repository, or a bare one; kIncomplete when git refuses it.
Result<RepositoryPlace> FindRepository(const GitCommand& git);

// Whether HEAD names a commit.
Result<bool> HasHead(const GitCommand& git);

// Whether `oid` is a commit, or a tag of one, in the history of a reference or of one of `others`. False, too, when git
// cannot tell.
bool IsInHistory(const GitCommand& git, const Oid& oid, const std::vector<Oid>& others);

// The index against `parent`, or against HEAD (nothing, when it is unborn).
Result<TreeChanges> DiffIndex(const GitCommand& git, const std::optional<Oid>& parent);

// The parser of DiffIndex, of `git diff --raw -z`.
Result<TreeChanges> ParseRawDiff(std::string_view output);

// The entry at `path` in the index; kIncomplete when it is in conflict. (Where a file is only intended to be added, git
// lists an empty one.)
Result<std::optional<FoundEntry>> FindInIndex(const GitCommand& git, std::string_view path);

// The file at `path` in a commit; nullopt when there is none, or no such commit.
Result<std::optional<FoundEntry>> FindInCommit(const GitCommand& git, const std::string& commit, std::string_view path);

// Blobs through one `git cat-file --batch`, which is started by the first question and asked again and again.
class CatFile {
 public:
  // `git` must outlive it.
  explicit CatFile(const GitCommand& git) : git_(git) {}

  // kIncomplete when it is missing, no blob, or larger than `max_bytes`.
  Result<std::string> Read(const Oid& oid, std::uint64_t max_bytes);
  Result<std::uint64_t> Size(const Oid& oid);
  Result<void> Stream(const Oid& oid, const std::function<bool(std::string_view)>& sink);

 private:
  // One question and the first line of its answer; the rest is in buffer_ or still to come.
  struct Session {
    std::unique_ptr<ChildProcess> child;
    std::string buffer;
  };

  Result<std::uint64_t> Ask(Session& session, const char* mode, const Oid& oid);
  static bool Fill(Session& session);
  // The answer cannot be followed any more: the next question starts anew.
  static Error Broken(Session& session, const Oid& oid);

  const GitCommand& git_;
  Session contents_;
  Session sizes_;
};

}  // namespace sluice::git

#endif  // SLUICE_GIT_GIT_PLUMBING_H_
