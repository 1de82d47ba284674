// Proves that a fully static program can start every library of the hook; run by cmake/StaticHook.cmake.
#include <git2.h>
#include <hs.h>
#include <re2/re2.h>

#include <cstring>

int main() {
  // A version of libgit2 that net_stubs.c does not fit fails to link, or here.
  if (git_libgit2_init() < 1) return 1;
  git_oid oid;
  if (git_odb_hash(&oid, "sluice", std::strlen("sluice"), GIT_OBJECT_BLOB) != 0) return 2;
  git_repository* repository = nullptr;
  if (git_repository_open(&repository, "/nonexistent") != GIT_ENOTFOUND) return 3;
  if (hs_version() == nullptr) return 4;
  return RE2::FullMatch("AKIA7", "AKIA[0-9]") ? 0 : 5;
}
