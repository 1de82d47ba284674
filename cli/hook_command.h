// `sluice hook install / uninstall / status`.
#ifndef SLUICE_CLI_HOOK_COMMAND_H_
#define SLUICE_CLI_HOOK_COMMAND_H_

#include <CLI/App.hpp>

namespace sluice::cli {

// Adds the verbs to `app`; running one sets *code to its exit code.
void AddHookVerbs(CLI::App* app, int* code);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_HOOK_COMMAND_H_
