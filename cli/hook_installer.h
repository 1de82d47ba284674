// Puts sluice-hook where git runs it, beside what is there already, and takes it away again without a trace.
#ifndef SLUICE_CLI_HOOK_INSTALLER_H_
#define SLUICE_CLI_HOOK_INSTALLER_H_

#include <string>
#include <vector>

#include "sluice/result.h"

namespace sluice::cli {

struct HookOptions {
  std::string directory;    // In the repository; empty is the current directory.
  std::string hook_binary;  // sluice-hook; empty: FindHookBinary().
  bool global = false;      // For all repositories of this user, through core.hooksPath.
};

// The sluice-hook beside the running program, in the build tree, or in PATH. kUsage when there is none.
Result<std::string> FindHookBinary();

// What was done or is so, a line each, for a person. Where hooks are kept follows core.hooksPath and worktrees.
// Doing it twice changes nothing. An existing hook is kept as NAME.before-sluice and runs after ours.
Result<std::vector<std::string>> InstallHooks(const HookOptions& options);

// Undoes InstallHooks exactly. kUsage when one of our scripts was edited: it is not ours to delete any more.
Result<std::vector<std::string>> UninstallHooks(const HookOptions& options);

struct HookStatus {
  bool active = false;  // A commit and a merge here would run sluice-hook.
  std::vector<std::string> lines;
};
Result<HookStatus> GetHookStatus(const HookOptions& options);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_HOOK_INSTALLER_H_
