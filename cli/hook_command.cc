#include "hook_command.h"

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "hook_installer.h"
#include "output.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

constexpr int kNotActiveExit = 1;

int Print(const Result<std::vector<std::string>>& lines) {
  if (!lines) {
    Say(lines.error().ToString());
    return ExitCode(Errors{lines.error()});
  }
  std::string text;
  for (const std::string& line : *lines) text += line + "\n";
  if (const Result<void> written = WriteReport("", text); !written) return ExitCode(Errors{written.error()});
  return 0;
}

int PrintStatus(const HookOptions& options) {
  Result<HookStatus> status = GetHookStatus(options);
  if (!status) return Print(status.error());
  const bool active = status->active;
  status->lines.emplace_back(active ? "a commit here is scanned" : "a commit here is NOT scanned");
  const int code = Print(status->lines);
  return code == 0 && !active ? kNotActiveExit : code;
}

}  // namespace

void AddHookVerbs(CLI::App* app, int* code) {
  CLI::App* hook = app->add_subcommand("hook", "Let git run sluice before each commit");
  hook->require_subcommand(1);
  auto options = std::make_shared<HookOptions>();
  CLI::App* install = hook->add_subcommand("install", "Install the hooks, beside those that are there");
  CLI::App* uninstall = hook->add_subcommand("uninstall", "Remove them; earlier hooks come back as they were");
  CLI::App* status = hook->add_subcommand("status", "Whether a commit here is scanned, and what stands in the way");
  for (CLI::App* verb : {install, uninstall}) {
    verb->add_flag("--global", options->global, "For all repositories of this user (core.hooksPath)");
  }
  install->add_option("--hook-binary", options->hook_binary, "The sluice-hook program (default: beside sluice)");
  install->callback([options, code] { *code = Print(InstallHooks(*options)); });
  uninstall->callback([options, code] { *code = Print(UninstallHooks(*options)); });
  status->callback([options, code] { *code = PrintStatus(*options); });
}

}  // namespace sluice::cli
