// Whether the file in which lefthook or the pre-commit framework is told what to run makes a commit stop when
// sluice-hook does.
//
//   const HookCall call = CallInLefthookFile("pre-commit:\n  commands:\n    s:\n      run: sluice-hook pre-commit\n",
//                                            "pre-commit");
//   if (call.effect != CallEffect::kStops) …  // kMayLeaveOut: it names it, and may not run it for every commit.
//
// The call is looked for where it is known what it means. Anything beside it that may keep it from being run, and any
// YAML that is not read here, makes the answer less sure.
#ifndef SLUICE_CLI_MANAGER_FILE_H_
#define SLUICE_CLI_MANAGER_FILE_H_

#include <string_view>

#include "hook_call.h"

namespace sluice::cli {

// lefthook.yml.
[[nodiscard]] HookCall CallInLefthookFile(std::string_view yaml, std::string_view hook);

// Whether a lefthook.yml surely says nothing of `hook`, itself or through other files.
[[nodiscard]] bool HasNoWordInLefthook(std::string_view yaml, std::string_view hook);

// .pre-commit-config.yaml.
[[nodiscard]] HookCall CallInPreCommitFile(std::string_view yaml, std::string_view hook);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_MANAGER_FILE_H_
