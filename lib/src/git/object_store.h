// What libgit2 is for: finding the repository, its references, and its objects.
//
// Its index, diff, patch and revwalk are not used (slow, or wrong on shapes that git knows). When it does not follow a
// repository, the answer is kUnsupported and git is asked instead.
#ifndef SLUICE_GIT_OBJECT_STORE_H_
#define SLUICE_GIT_OBJECT_STORE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.h"
#include "git/tree.h"
#include "sluice/git/staged.h"
#include "sluice/result.h"

struct git_odb;
struct git_repository;

namespace sluice::git {

// Starts libgit2 once for the process. It is never shut down: the process ends soon, and takes its memory with it.
void StartLibgit2();

class ObjectStore final : public TreeSource {
 public:
  // Every failure is kUnsupported: libgit2 reports "no repository here" and "not yours" alike.
  static Result<std::unique_ptr<ObjectStore>> Open(const OpenOptions& options);

  [[nodiscard]] const std::string& top() const { return top_; }          // Without a trailing slash.
  [[nodiscard]] const std::string& git_dir() const { return git_dir_; }  // With one.

  // nullopt: the branch has no commit yet.
  Result<std::optional<Oid>> HeadCommit();
  // The tree of a commit, or of the commit that a tag names.
  Result<Oid> TreeOf(const Oid& commit_or_tag);

  Result<TreeBytes> ReadTree(const Oid& oid) override;
  // kUnsupported when it is missing or no blob; kIncomplete when it is larger.
  Result<std::string> ReadBlob(const Oid& oid, std::uint64_t max_bytes);
  Result<std::uint64_t> BlobSize(const Oid& oid);

 private:
  struct FreeRepository {
    void operator()(git_repository* repository) const;
  };
  struct FreeOdb {
    void operator()(git_odb* odb) const;
  };

  ObjectStore() = default;
  Result<void> OpenRepository(const OpenOptions& options);
  Result<void> OpenObjects();

  std::unique_ptr<git_repository, FreeRepository> repository_;
  std::unique_ptr<git_odb, FreeOdb> odb_;
  std::string top_;
  std::string git_dir_;
};

}  // namespace sluice::git

#endif  // SLUICE_GIT_OBJECT_STORE_H_
