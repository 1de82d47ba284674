// Whether a script that git runs as a hook calls sluice-hook, and whether a commit surely stops when that says so.
//
//   const HookCall call = FindHookCall("sluice-hook pre-commit || true\n", "pre-commit", ErrorExit::kAsWritten);
//   if (call.effect != CallEffect::kStops) …  // kMayGoOn: the finding is printed, and the commit is made.
//
// It reads a shell's commands and what joins them, and no more: what it cannot tell is never kStops.
#ifndef SLUICE_CLI_HOOK_CALL_H_
#define SLUICE_CLI_HOOK_CALL_H_

#include <string>
#include <string_view>

namespace sluice::cli {

// The surer one is the greater.
enum class CallEffect {
  kNone,         // It is not called.
  kUnknown,      // The script is none of a POSIX shell, and names it.
  kMayLeaveOut,  // A hook manager's file names it, and may not have it run for every commit.
  kMaySkip,      // The script may end before the call, go around it, or lead it elsewhere.
  kMayGoOn,      // The call may fail and the script succeed.
  kMayStage,     // The call is made, and what the script stages after it is not scanned.
  kStops,        // When the script comes to its end, the call was made; when that failed, so does the script.
};

struct HookCall {
  CallEffect effect = CallEffect::kNone;
  std::string program;  // As written, without quotes; may hold a variable. Empty: not called by a plain name.
};

// Whether each command that fails ends the script.
enum class ErrorExit {
  kAsWritten,  // When `set -e` or the script's first line says so.
  kAlways,     // husky starts scripts with `sh -e`.
};

// Looks for `sluice-hook HOOK`. Of several calls, the surest.
[[nodiscard]] HookCall FindHookCall(std::string_view script, std::string_view hook, ErrorExit error_exit);

// Whether a script has a command that puts more into the index, or one of which that is not known.
[[nodiscard]] bool MayStage(std::string_view script);

// Whether git, and with it sluice-hook, looks elsewhere where this is set: "GIT_INDEX_FILE".
[[nodiscard]] bool IsGitVariable(std::string_view name);

// Whether a line that is no comment has `sluice-hook HOOK`: for files that are no scripts.
[[nodiscard]] bool NamesHookCall(std::string_view text, std::string_view hook);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_HOOK_CALL_H_
