// Puts sluice-hook where git runs it, beside what is there already, and takes it away again without a trace.
//
//   Result<HookChange> change = InstallHooks({.directory = "", .hook_binary = "", .global = false});
//   Result<HookStatus> status = GetHookStatus({});
//   if (status && !status->active) …  // A commit here is not scanned; status->hooks says why.
//
// Threads: none of this may run twice at once in one repository; git itself may, and always sees whole files.
#ifndef SLUICE_CLI_HOOK_INSTALLER_H_
#define SLUICE_CLI_HOOK_INSTALLER_H_

#include <optional>
#include <string>
#include <vector>

#include "sluice/result.h"

namespace sluice::cli {

struct HookOptions {
  std::string directory;    // In the repository; empty is the current directory.
  std::string hook_binary;  // sluice-hook; empty: FindHookBinary().
  bool global = false;      // For all repositories of this user, through core.hooksPath.
};

// A value of core.hooksPath and who set it.
struct HooksPathSetting {
  std::string scope;   // As git names it: system, global, local, worktree, command.
  std::string origin;  // Such as "file:/home/a/.gitconfig".
  std::string value;   // As written.
};

// Who else looks after the hooks of a repository.
enum class HookManager {
  kHusky,      // Writes .husky/_ again on each `npm install`.
  kLefthook,   // Writes its hooks again when lefthook.yml changes.
  kPreCommit,  // The pre-commit framework.
  kTracked,    // None that we know: core.hooksPath is a folder of the working tree.
};

enum class HookState {
  kMissing,
  kInstalled,  // Our script, and the program that it starts is there.
  kInstalledGlobally,
  kCalled,         // Another's hook that calls sluice-hook, as far as its text (or its manager's file) tells.
  kMayGoOn,        // The same, but its text may let a commit pass when sluice-hook stops.
  kMayStage,       // The same, but its text may stage more after the call.
  kMaySkip,        // The same, but its text may go around the call, or end before it.
  kMayLeaveOut,    // A hook manager's file names it, and may not have it run for every commit.
  kNoShell,        // Another's hook that names sluice-hook in another language than a shell's.
  kOther,          // Another's hook.
  kEdited,         // Our script, changed by somebody.
  kNotExecutable,  // Git runs no such hook.
  kNoProgram,      // Our script, but the program is gone: every commit is stopped.
  kDanglingLink,   // A link to a sluice-hook that is gone: git runs no hook and says nothing.
};

struct OneHook {
  std::string name;
  HookState state = HookState::kMissing;
  std::string program;      // The sluice-hook that our script starts; empty when it is not ours.
  std::string chained;      // The name of the earlier hook that runs before ours; empty when there is none.
  std::string called_from;  // For kCalled to kNoShell: the file that says so.
  // For kCalled to kMaySkip: the sluice-hook that it calls, when there is none. For kMayLeaveOut: the manager that its
  // hook starts, the same.
  std::string not_found;
};

struct HookStatus {
  bool active = false;        // A commit and a merge here would run sluice-hook.
  bool some_active = false;   // One of them would.
  bool only_by_hand = false;  // Hooks here are files of the working tree: installing changes nothing.
  std::string folder;         // Where git looks for hooks.
  std::string unused;         // Hooks of ours that git does not look at, since core.hooksPath hides them: their folder.
  std::optional<HooksPathSetting> hooks_path;
  std::vector<OneHook> hooks;
  std::vector<HookManager> managers;  // Whose files do not call sluice-hook yet.
};

struct HookChange {
  std::vector<std::string> lines;  // What was done or was so already, a line each, for a person.
  std::string folder;              // Where git looks for hooks.
  // Nothing was done: hooks here are files of the working tree, which belong to the team.
  bool only_by_hand = false;
  std::vector<HookManager> managers;  // Whose files do not call sluice-hook yet.
};

// The hooks that are installed.
[[nodiscard]] const std::vector<std::string>& InstalledHooks();

// The sluice-hook beside the running program, in the build tree, or in PATH: an absolute path. kUsage when there is
// none.
Result<std::string> FindHookBinary();

// How a shell starts it: `sluice-hook` when that is in PATH, else the absolute path.
[[nodiscard]] std::string HookCommand();

// A word as a POSIX shell takes it, in quotes where it needs them.
[[nodiscard]] std::string ShellWord(const std::string& word);

// Where hooks are kept follows core.hooksPath and worktrees; an existing hook is kept as NAME.before-sluice and runs
// before ours. Doing it twice changes nothing. On an error that is kUsage nothing was changed.
Result<HookChange> InstallHooks(const HookOptions& options);

// Undoes InstallHooks exactly. kUsage, and nothing changed, when one of our scripts was edited: it is not ours to
// delete any more.
Result<HookChange> UninstallHooks(const HookOptions& options);

Result<HookStatus> GetHookStatus(const HookOptions& options);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_HOOK_INSTALLER_H_
