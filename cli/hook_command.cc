#include "hook_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include "hook_installer.h"
#include "masker.h"
#include "output.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

constexpr int kNotActiveExit = 1;
constexpr int kUsageExit = 2;
constexpr std::string_view kHookName = "sluice-hook";

// Names of folders must not steer a terminal.
std::string Printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }, '?');
  return text;
}

int Print(const std::vector<std::string>& lines) {
  std::string text;
  Masker masker;
  for (const std::string& line : lines) text += Printable(masker.Line(line)) + "\n";
  if (const Result<void> written = WriteReport("", text); !written) return Fail({written.error()});
  return 0;
}

std::string MakeExecutable(const std::vector<std::string>& files) {
  std::string text =
      "\na file that is not there yet begins with the line #!/bin/sh; git runs none that is not executable:"
      "\n    chmod +x";
  for (const std::string& file : files) text += " " + ShellWord(file);
  return text;
}

// Before version 9, git runs the files in .husky themselves; since then those in .husky/_ that start them.
std::string HuskysOwnAdvice(const std::string& folder) {
  if (folder.ends_with("/.husky")) {
    std::vector<std::string> files;
    for (const std::string& hook : InstalledHooks()) files.push_back(fmt::format("{}/{}", folder, hook));
    return MakeExecutable(files);
  }
  if (!folder.ends_with("/.husky/_")) return "";
  std::string text;
  for (const std::string& hook : InstalledHooks()) {
    std::error_code error;
    if (std::filesystem::exists(fmt::format("{}/{}", folder, hook), error)) continue;
    text += fmt::format("\n.husky/_/{} is missing, so git would not run it: run `npx husky`, of 9.1.5 or later", hook);
  }
  return text;
}

// What to add to files that a team shares: so the program is found in PATH, not where it is on this machine.
std::string HuskySnippet(const std::string& folder) {
  std::string text = "husky manages hooks here: add the line to";
  for (const std::string& hook : InstalledHooks()) {
    text += fmt::format("\n  .husky/{}:\n    sluice-hook {} || exit $?", hook, hook);
  }
  return text + HuskysOwnAdvice(folder);
}

std::string LefthookSnippet() {
  std::string text = "lefthook manages hooks here: add to lefthook.yml, then run `lefthook install`";
  for (const std::string& hook : InstalledHooks()) {
    text += fmt::format("\n  {}:\n    commands:\n      sluice:\n        run: sluice-hook {}", hook, hook);
  }
  return text;
}

// File names are of no use, and in parallel pieces of them the same scan would run several times.
std::string PreCommitSnippet() {
  std::string text =
      "the pre-commit framework manages hooks here: add to .pre-commit-config.yaml, then run `pre-commit install";
  for (const std::string& hook : InstalledHooks()) text += " --hook-type " + hook;
  text += "`\n  - repo: local\n    hooks:";
  for (const std::string& hook : InstalledHooks()) {
    text += fmt::format(
        "\n      - id: sluice-{0}\n        name: sluice\n        entry: sluice-hook {0}\n        language: system\n"
        "        stages: [{0}]\n        pass_filenames: false\n        always_run: true\n        require_serial: true",
        hook);
  }
  return text;
}

std::string TrackedSnippet(const std::string& folder) {
  std::string text = "hooks are files of the working tree here: add the line to";
  std::vector<std::string> files;
  for (const std::string& hook : InstalledHooks()) {
    files.push_back(fmt::format("{}/{}", folder, hook));
    text += fmt::format("\n  {}:\n    {} {} || exit $?", files.back(), HookCommand(), hook);
  }
  return text + MakeExecutable(files);
}

std::string ManagerSnippet(HookManager manager, const std::string& folder) {
  switch (manager) {
    case HookManager::kHusky:
      return HuskySnippet(folder);
    case HookManager::kLefthook:
      return LefthookSnippet();
    case HookManager::kPreCommit:
      return PreCommitSnippet();
    case HookManager::kTracked:
      break;
  }
  return TrackedSnippet(folder);
}

std::string Snippet(HookManager manager, const std::string& folder) {
  std::string text = ManagerSnippet(manager, folder);
  if (HookCommand() != kHookName) {
    text += fmt::format("\n{} is not in PATH here; {} is it: everybody who commits needs it in PATH, or there",
                        kHookName, HookCommand());
  }
  return text;
}

bool IsBare(std::string_view program) { return program.find('/') == std::string_view::npos; }

// Another's hook that calls a sluice-hook that is not there.
std::string DescribeNotFound(const OneHook& hook) {
  const bool is_bare = IsBare(hook.not_found);
  std::string what_to_do = is_bare ? "install it" : "install it there";
  if (const Result<std::string> program = FindHookBinary(); program) {
    what_to_do = is_bare ? fmt::format("add the folder of {} to PATH", *program)
                         : fmt::format("write `{} {}` there", HookCommand(), hook.name);
  }
  return fmt::format("{} calls {}, which is {}, so every commit is stopped: {}", hook.called_from, hook.not_found,
                     is_bare ? "not in PATH here" : "missing", what_to_do);
}

// Behind what is said of a hook that may let a commit pass.
std::string AlsoNotFound(const OneHook& hook) {
  if (hook.not_found.empty()) return "";
  return fmt::format("; nothing is scanned now, since {} is {}", hook.not_found,
                     IsBare(hook.not_found) ? "not in PATH here" : "missing");
}

// `by_hand`: installing would change nothing, and what to write where is said below.
std::string Describe(const OneHook& hook, bool by_hand) {
  switch (hook.state) {
    case HookState::kMissing:
      return by_hand ? "not installed: what to do is said below" : "not installed: run `sluice hook install`";
    case HookState::kInstalled:
      return fmt::format("installed; runs {}{}", hook.program,
                         hook.chained.empty() ? "" : ", after the earlier hook, " + hook.chained);
    case HookState::kInstalledGlobally:
      return fmt::format("installed for all your repositories; runs the repository's own hook, then {}", hook.program);
    case HookState::kCalled:
      return hook.not_found.empty() ? "sluice-hook is called from " + hook.called_from : DescribeNotFound(hook);
    case HookState::kMayGoOn:
      return fmt::format("{} calls sluice-hook, but may go on after it: write `sluice-hook {} || exit 1`{}",
                         hook.called_from, hook.name, AlsoNotFound(hook));
    case HookState::kMayStage:
      return fmt::format("{} calls sluice-hook, but may stage more after it, which is not scanned: call it last",
                         hook.called_from);
    case HookState::kMaySkip:
      return fmt::format(
          "{} calls sluice-hook, but may not get that far: write `sluice-hook {} || exit 1` at its top{}",
          hook.called_from, hook.name, AlsoNotFound(hook));
    case HookState::kMayLeaveOut:
      if (!hook.not_found.empty()) {
        return fmt::format(
            "{} says to run sluice-hook, but {} is not in PATH here, and its hook may let a commit pass without it: "
            "write `assert_lefthook_installed: true` there, then run `lefthook install`",
            hook.called_from, hook.not_found);
      }
      return fmt::format("{} names sluice-hook, but may not have it run for every commit: write what is said below",
                         hook.called_from);
    case HookState::kNoShell:
      return fmt::format("{} names sluice-hook, but is no shell script, so whether a commit stops is not known: {}",
                         hook.called_from,
                         by_hand ? "write one" : "run `sluice hook install`, which keeps it and scans after it");
    case HookState::kOther:
      return "another hook, which does not call sluice-hook";
    case HookState::kEdited:
      return "installed, but edited since: what it does is not known";
    case HookState::kNotExecutable:
      return "not executable, so git does not run it";
    case HookState::kNoProgram:
      return fmt::format("installed, but {} is missing, so every commit is stopped: run `sluice hook install` again",
                         hook.program);
    case HookState::kDanglingLink:
      break;
  }
  return fmt::format("a link to a sluice-hook that is gone, so git runs nothing: remove it and {}",
                     by_hand ? "do what is said below" : "run `sluice hook install`");
}

bool CallsUnsurely(const OneHook& hook) {
  return hook.state == HookState::kMayGoOn || hook.state == HookState::kMayStage || hook.state == HookState::kMaySkip ||
         hook.state == HookState::kMayLeaveOut || hook.state == HookState::kNoShell;
}

std::string Verdict(const HookStatus& status) {
  if (status.active) return "a commit here is scanned";
  if (status.some_active) return "a commit here is NOT scanned by every hook";
  return std::any_of(status.hooks.begin(), status.hooks.end(), CallsUnsurely)
             ? "a commit here may pass whatever sluice-hook finds"
             : "a commit here is not scanned";
}

std::vector<std::string> Describe(const HookStatus& status) {
  std::vector<std::string> lines = {"hooks: " + status.folder};
  if (status.hooks_path) {
    lines.push_back(fmt::format("core.hooksPath = {} ({}, {})", status.hooks_path->value, status.hooks_path->scope,
                                status.hooks_path->origin));
  }
  for (const OneHook& hook : status.hooks)
    lines.push_back(fmt::format("{}: {}", hook.name, Describe(hook, status.only_by_hand)));
  if (!status.unused.empty()) {
    lines.push_back(fmt::format("{}: sluice is installed here, but core.hooksPath sends git elsewhere", status.unused));
  }
  for (const HookManager manager : status.managers) lines.push_back(Snippet(manager, status.folder));
  lines.push_back(Verdict(status));
  return lines;
}

int Install(const HookOptions& options) {
  const Result<HookChange> change = InstallHooks(options);
  if (!change) return Fail({change.error()});
  if (change->only_by_hand) Say(Printable(change->folder) + ": is in the working tree: nothing was installed");
  const int code = Print(change->lines);
  for (const HookManager manager : change->managers) Say(Printable(Snippet(manager, change->folder)));
  return change->only_by_hand ? kUsageExit : code;
}

int Uninstall(const HookOptions& options) {
  const Result<HookChange> change = UninstallHooks(options);
  return change ? Print(change->lines) : Fail({change.error()});
}

int PrintStatus(const HookOptions& options) {
  const Result<HookStatus> status = GetHookStatus(options);
  if (!status) return Fail({status.error()});
  std::vector<std::string> lines = Describe(*status);
  const Errors errors = StagedConfigurationErrors(options.directory);
  if (!errors.empty()) {
    lines.emplace_back("every commit here is stopped, since the configuration is wrong:");
    for (const Error& error : errors) lines.push_back("  " + ErrorLine(error));
  }
  const int code = Print(lines);
  if (code != 0) return code;
  return errors.empty() ? (status->active ? 0 : kNotActiveExit) : ExitCode(errors);
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
  install->callback([options, code] { *code = Install(*options); });
  uninstall->callback([options, code] { *code = Uninstall(*options); });
  status->callback([options, code] { *code = PrintStatus(*options); });
}

}  // namespace sluice::cli
