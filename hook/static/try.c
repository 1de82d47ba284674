// Does libgit2's archive link, and start, without its network code? cmake/StaticHook.cmake runs this.
#include <git2.h>

int main(void) {
  git_repository* repository = NULL;
  if (git_libgit2_init() < 1) return 1;
  // Not a repository: the answer must be an error, not a crash.
  return git_repository_open(&repository, "/nonexistent") == 0 ? 2 : 0;
}
