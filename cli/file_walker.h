// Which files `sluice scan PATH…` reads.
#ifndef SLUICE_CLI_FILE_WALKER_H_
#define SLUICE_CLI_FILE_WALKER_H_

#include <string>
#include <vector>

#include "sluice/report.h"
#include "sluice/result.h"

namespace sluice::cli {

struct WalkedFile {
  std::string open_path;    // To open it, relative to the current directory or absolute.
  std::string path;         // For rules and reports: relative to the top, '/' between the parts.
  bool is_symlink = false;  // Its content is the name it points to; what that names is never opened.
};

struct Walk {
  std::vector<WalkedFile> files;  // In the order of their paths.
  std::vector<Skipped> skipped;
  std::vector<Skipped> unreadable;  // Files and folders that matter only where nobody excludes them.
  std::vector<std::string> notes;
};

// The files below `paths`. Inside a git repository these are the tracked ones and those that .gitignore does not leave
// out, unless `no_ignore`; a path that is named is always taken. Folders `.git` are never entered. Symlinks are
// not followed, but for a path that is itself one to a folder. `top` is what paths are reported relative to: a path
// outside of it is reported as it was given.
Result<Walk> WalkPaths(const std::vector<std::string>& paths, const std::string& top, bool no_ignore);

// `path`, which is relative to the current directory or absolute and need not exist, relative to `top` where it lies
// below it; else as it was given.
[[nodiscard]] std::string PathBelow(const std::string& top, const std::string& path);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_FILE_WALKER_H_
