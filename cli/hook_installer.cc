// Why a script and not a link to sluice-hook: decisions/0001-hook-file.md.
#include "hook_installer.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "git/git_process.h"

namespace sluice::cli {

namespace {

constexpr std::array<std::string_view, 2> kHooks = {"pre-commit", "pre-merge-commit"};
// Every hook that git runs in a repository: a global core.hooksPath hides the repository's own, so each is passed on.
constexpr std::array<std::string_view, 22> kAllHooks = {
    "applypatch-msg",     "commit-msg",     "post-applypatch",  "post-checkout",
    "post-commit",        "post-merge",     "post-receive",     "post-rewrite",
    "post-update",        "pre-applypatch", "pre-auto-gc",      "pre-commit",
    "pre-merge-commit",   "pre-push",       "pre-rebase",       "pre-receive",
    "prepare-commit-msg", "proc-receive",   "push-to-checkout", "reference-transaction",
    "sendemail-validate", "update"};
constexpr std::string_view kMark = "# sluice hook, format 1";
constexpr std::string_view kKeptSuffix = ".before-sluice";

bool IsOurs(std::string_view hook) { return std::find(kHooks.begin(), kHooks.end(), hook) != kHooks.end(); }

// For a POSIX shell, whatever the text holds.
std::string Quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted += "'";
}

bool Exists(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Error CannotChange(const std::string& path) {
  return {ErrorCode::kIncomplete, path, std::string("cannot be changed: ") + std::strerror(errno)};
}

// A reader sees the old file or the new one, never half of it.
Result<void> WriteScript(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".new" + std::to_string(getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    out.flush();
    if (!out) {
      const Error error = CannotChange(temporary);
      unlink(temporary.c_str());
      return error;
    }
  }
  if (chmod(temporary.c_str(), 0755) != 0 || rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = CannotChange(path);
    unlink(temporary.c_str());
    return error;
  }
  return {};
}

bool MakeFolders(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    mkdir(path.substr(0, slash).c_str(), 0777);
  }
  return mkdir(path.c_str(), 0777) == 0 || errno == EEXIST;
}

// The script for `hook`. Without the program it stops the commit: a hook that cannot scan must not let one pass.
std::string Script(std::string_view hook, const std::string& binary, bool chained, bool global) {
  std::string text =
      fmt::format("#!/bin/sh\n{}\n# `sluice hook uninstall{}` removes it.\n", kMark, global ? " --global" : "");
  if (IsOurs(hook)) {
    text += fmt::format(
        "sluice={}\n"
        "[ -x \"$sluice\" ] || {{\n"
        "  echo \"sluice: $sluice: not found, so nothing was scanned; run 'sluice hook install' again\" >&2\n"
        "  exit 3\n"
        "}}\n",
        Quote(binary));
    if (!chained && !global) return text + fmt::format("exec \"$sluice\" {}\n", hook);
    text += fmt::format("\"$sluice\" {} || exit $?\n", hook);
  }
  if (chained) text += fmt::format("exec \"$0{}\" \"$@\"\n", kKeptSuffix);
  if (global) {
    // The repository's own hook, which core.hooksPath hides.
    text += fmt::format(
        "own=$(git rev-parse --git-common-dir)/hooks/{0}\n"
        "[ ! -x \"$own\" ] || exec \"$own\" \"$@\"\n",
        hook);
  }
  return text;
}

bool HasMark(const std::optional<std::string>& text) {
  return text && text->find(fmt::format("\n{}\n", kMark)) != std::string::npos;
}

// The program that one of our scripts starts, or "".
std::string BinaryOf(const std::string& script) {
  const std::size_t begin = script.find("\nsluice='");
  if (begin == std::string::npos) return "";
  std::string binary;
  for (std::size_t i = begin + 9; i < script.size(); ++i) {
    if (script[i] != '\'') {
      binary += script[i];
    } else if (script.compare(i, 4, "'\\''") == 0) {
      binary += '\'';
      i += 3;
    } else {
      break;
    }
  }
  return binary;
}

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

// The value of a configuration key and where it was set, or nullopt.
struct Setting {
  std::string value;
  std::string origin;
};

std::optional<Setting> HooksPathSetting(const git::GitCommand& git) {
  const Result<std::string> output = git.Run({"config", "--null", "--show-origin", "--get", "core.hooksPath"});
  if (!output) return std::nullopt;
  const std::size_t first = output->find('\0');
  const std::size_t second = output->find('\0', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  return Setting{output->substr(first + 1, second - first - 1), output->substr(0, first)};
}

struct Place {
  std::string folder;                 // Of the hooks, absolute.
  std::string top;                    // Of the working tree; "" when there is none.
  std::string git_dir;                // The common one, absolute.
  std::optional<Setting> hooks_path;  // core.hooksPath, when set.

  // Hooks that are files of the working tree (husky) belong to the team, not to this machine.
  [[nodiscard]] bool IsInWorkTree() const {
    return !top.empty() && folder.starts_with(top + "/") && !folder.starts_with(git_dir + "/");
  }
};

std::string Absolute(const std::string& base, const std::string& path) {
  if (path.starts_with('/')) return path;
  return base + "/" + path;
}

// Without symlinks and "..", also when the end of it does not exist yet.
std::string RealPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

Result<Place> FindPlace(const HookOptions& options) {
  const git::GitCommand git(options.directory);
  const std::string base = RealPath(options.directory.empty() ? "." : options.directory);
  Place place;
  const Result<std::string> common = git.Run({"rev-parse", "--git-common-dir"});
  if (!common) return common.error();
  place.git_dir = RealPath(Absolute(base, Trimmed(*common)));
  const Result<std::string> hooks = git.Run({"rev-parse", "--git-path", "hooks"});
  if (!hooks) return hooks.error();
  place.folder = RealPath(Absolute(base, Trimmed(*hooks)));
  if (const Result<std::string> top = git.Run({"rev-parse", "--show-toplevel"})) place.top = RealPath(Trimmed(*top));
  place.hooks_path = HooksPathSetting(git);
  return place;
}

// $XDG_CONFIG_HOME/sluice/hooks or ~/.config/sluice/hooks.
Result<std::string> GlobalFolder() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && config[0] == '/') {
    return std::string(config) + "/sluice/hooks";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    return std::string(home) + "/.config/sluice/hooks";
  }
  return Error{ErrorCode::kUsage, "", "neither HOME nor XDG_CONFIG_HOME is set: there is no place for global hooks"};
}

Result<std::string> InstallOne(const std::string& folder, std::string_view hook, const std::string& binary) {
  const std::string path = fmt::format("{}/{}", folder, hook);
  const std::string kept = path + std::string(kKeptSuffix);
  if (Exists(path) && !HasMark(ReadFile(path))) {
    if (Exists(kept)) {
      return Error{ErrorCode::kUsage, kept, "is in the way: move it, then install again"};
    }
    if (rename(path.c_str(), kept.c_str()) != 0) return CannotChange(path);
  }
  // git runs no hook that is not executable, so a kept one that is not stays silent.
  const bool chained = access(kept.c_str(), X_OK) == 0;
  const std::string script = Script(hook, binary, chained, /*global=*/false);
  if (ReadFile(path) == script) return fmt::format("{}: already installed", hook);
  if (const Result<void> written = WriteScript(path, script); !written) {
    if (Exists(kept) && !Exists(path)) rename(kept.c_str(), path.c_str());
    return written.error();
  }
  return fmt::format("{}: installed in {}{}", hook, path,
                     chained ? fmt::format("; the earlier hook runs after it ({}{})", hook, kKeptSuffix) : "");
}

// True when `script` is what we write for its own program: nobody has edited it.
bool IsUnedited(const std::string& script, std::string_view hook, bool global) {
  const std::string binary = BinaryOf(script);
  return script == Script(hook, binary, false, global) || script == Script(hook, binary, true, global);
}

Result<std::string> UninstallOne(const std::string& folder, std::string_view hook, bool global) {
  const std::string path = fmt::format("{}/{}", folder, hook);
  const std::string kept = path + std::string(kKeptSuffix);
  const std::optional<std::string> script = ReadFile(path);
  if (!HasMark(script)) return fmt::format("{}: not installed", hook);
  if (!IsUnedited(*script, hook, global)) {
    return Error{ErrorCode::kUsage, path, "was edited since it was installed: remove sluice's lines by hand"};
  }
  if (Exists(kept)) {
    if (rename(kept.c_str(), path.c_str()) != 0) return CannotChange(path);
    return fmt::format("{}: removed; the earlier hook is back", hook);
  }
  if (unlink(path.c_str()) != 0) return CannotChange(path);
  return fmt::format("{}: removed", hook);
}

Result<std::vector<std::string>> InstallGlobally(const std::string& binary) {
  const Result<std::string> folder = GlobalFolder();
  if (!folder) return folder.error();
  const git::GitCommand git("/");
  const Result<std::string> current = git.Run({"config", "--global", "--get", "core.hooksPath"});
  if (current && Trimmed(*current) != *folder) {
    return Error{ErrorCode::kUsage, "core.hooksPath",
                 fmt::format("is set to {} already: add `{} pre-commit || exit $?` to the pre-commit hook there",
                             Trimmed(*current), binary)};
  }
  if (!MakeFolders(*folder)) return CannotChange(*folder);
  for (const std::string_view hook : kAllHooks) {
    const Result<void> written =
        WriteScript(fmt::format("{}/{}", *folder, hook), Script(hook, binary, /*chained=*/false, /*global=*/true));
    if (!written) return written.error();
  }
  if (const Result<std::string> set = git.Run({"config", "--global", "core.hooksPath", *folder}); !set) {
    return set.error();
  }
  return std::vector<std::string>{
      fmt::format("installed for every repository of this user: core.hooksPath = {}", *folder),
      "a repository's own hooks still run, after it; one that sets core.hooksPath itself is not covered"};
}

Result<std::vector<std::string>> UninstallGlobally() {
  const Result<std::string> folder = GlobalFolder();
  if (!folder) return folder.error();
  std::vector<std::string> lines;
  for (const std::string_view hook : kAllHooks) {
    const Result<std::string> line = UninstallOne(*folder, hook, /*global=*/true);
    if (!line) return line.error();
  }
  rmdir(folder->c_str());
  rmdir(folder->substr(0, folder->rfind('/')).c_str());
  const git::GitCommand git("/");
  const Result<std::string> current = git.Run({"config", "--global", "--get", "core.hooksPath"});
  if (current && Trimmed(*current) == *folder) {
    if (const Result<std::string> unset = git.Run({"config", "--global", "--unset", "core.hooksPath"}); !unset) {
      return unset.error();
    }
    lines.emplace_back("removed; core.hooksPath is unset");
  } else {
    lines.emplace_back("not installed");
  }
  return lines;
}

// What to add by hand where hooks are files of the team.
std::string SnippetFor(std::string_view manager, const std::string& binary) {
  if (manager == "husky") {
    return fmt::format("husky manages the hooks here: add the line `{} pre-commit` to .husky/pre-commit", binary);
  }
  if (manager == "lefthook") {
    return fmt::format(
        "lefthook manages the hooks here: add to lefthook.yml\n"
        "  pre-commit:\n    commands:\n      sluice:\n        run: {} pre-commit",
        binary);
  }
  return fmt::format(
      "the pre-commit framework manages the hooks here: add to .pre-commit-config.yaml\n"
      "  - repo: local\n    hooks:\n      - id: sluice\n        name: sluice\n        language: system\n"
      "        entry: {} pre-commit\n        pass_filenames: false\n        always_run: true\n"
      "        require_serial: true",
      binary);
}

// Which hook manager this repository uses, or "".
std::string_view ManagerOf(const Place& place) {
  if (place.hooks_path && place.hooks_path->value.find(".husky") != std::string::npos) return "husky";
  for (const std::string_view name : {"lefthook.yml", "lefthook.yaml", ".lefthook.yml"}) {
    if (!place.top.empty() && Exists(fmt::format("{}/{}", place.top, name))) return "lefthook";
  }
  if (!place.top.empty() && Exists(place.top + "/.pre-commit-config.yaml")) return "pre-commit";
  return "";
}

bool RunsSluice(const Place& place, std::string_view hook, std::vector<std::string>* lines) {
  const std::string path = fmt::format("{}/{}", place.folder, hook);
  const std::optional<std::string> script = ReadFile(path);
  if (!script) {
    lines->push_back(fmt::format("{}: not installed", hook));
    return false;
  }
  if (!HasMark(script)) {
    const bool mentions = script->find("sluice") != std::string::npos;
    lines->push_back(fmt::format("{}: another hook ({}){}", hook, path, mentions ? " that mentions sluice" : ""));
    return mentions && access(path.c_str(), X_OK) == 0;
  }
  const std::string binary = BinaryOf(*script);
  if (access(path.c_str(), X_OK) != 0) {
    lines->push_back(fmt::format("{}: {} is not executable, so git does not run it", hook, path));
    return false;
  }
  if (access(binary.c_str(), X_OK) != 0) {
    lines->push_back(
        fmt::format("{}: installed, but {} is gone: every commit is stopped until it is back or "
                    "`sluice hook install` is run again",
                    hook, binary));
    return false;
  }
  const bool chained = Exists(path + std::string(kKeptSuffix));
  lines->push_back(fmt::format("{}: installed ({}){}", hook, path, chained ? ", then the earlier hook" : ""));
  return true;
}

}  // namespace

Result<std::string> FindHookBinary() {
  std::string self(PATH_MAX, '\0');
  const ssize_t length = readlink("/proc/self/exe", self.data(), self.size());
  std::vector<std::string> candidates;
  if (length > 0) {
    self.resize(static_cast<std::size_t>(length));
    const std::string folder = self.substr(0, self.rfind('/'));
    candidates = {folder + "/sluice-hook", folder + "/../hook/sluice-hook"};
  }
  const char* path_variable = std::getenv("PATH");
  std::string_view path = path_variable != nullptr ? path_variable : "";
  while (!path.empty()) {
    const std::size_t colon = std::min(path.find(':'), path.size());
    candidates.push_back(std::string(path.substr(0, colon)) + "/sluice-hook");
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  for (const std::string& candidate : candidates) {
    if (candidate.starts_with('/') && access(candidate.c_str(), X_OK) == 0) return RealPath(candidate);
  }
  return Error{ErrorCode::kUsage, "sluice-hook", "is neither beside sluice nor in PATH: name it with --hook-binary"};
}

Result<std::vector<std::string>> InstallHooks(const HookOptions& options) {
  Result<std::string> binary =
      options.hook_binary.empty() ? FindHookBinary() : Result<std::string>(RealPath(options.hook_binary));
  if (!binary) return binary.error();
  if (access(binary->c_str(), X_OK) != 0) return Error{ErrorCode::kUsage, *binary, "is no program"};
  if (options.global) return InstallGlobally(*binary);
  const Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  if (place->IsInWorkTree()) {
    const std::string_view manager = ManagerOf(*place);
    return Error{ErrorCode::kUsage, place->folder,
                 manager.empty() ? fmt::format("core.hooksPath is a folder of the working tree; add the line `{} "
                                               "pre-commit || exit $?` to its pre-commit hook",
                                               *binary)
                                 : SnippetFor(manager, *binary)};
  }
  if (!MakeFolders(place->folder)) return CannotChange(place->folder);
  std::vector<std::string> lines;
  for (const std::string_view hook : kHooks) {
    Result<std::string> line = InstallOne(place->folder, hook, *binary);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  if (place->hooks_path) {
    lines.push_back(fmt::format("core.hooksPath = {} ({}): every repository that it applies to is covered",
                                place->hooks_path->value, place->hooks_path->origin));
  }
  return lines;
}

Result<std::vector<std::string>> UninstallHooks(const HookOptions& options) {
  if (options.global) return UninstallGlobally();
  const Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  std::vector<std::string> lines;
  for (const std::string_view hook : kHooks) {
    Result<std::string> line = UninstallOne(place->folder, hook, /*global=*/false);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  return lines;
}

Result<HookStatus> GetHookStatus(const HookOptions& options) {
  const Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  HookStatus status;
  status.active = true;
  for (const std::string_view hook : kHooks) status.active = RunsSluice(*place, hook, &status.lines) && status.active;
  const std::string own = place->git_dir + "/hooks";
  if (place->hooks_path && place->folder != RealPath(own)) {
    status.lines.push_back(fmt::format("core.hooksPath = {} ({}) is where git looks for hooks here; {} is not used",
                                       place->hooks_path->value, place->hooks_path->origin, own));
  }
  const std::string_view manager = ManagerOf(*place);
  if (!manager.empty() && !status.active) {
    const Result<std::string> binary = FindHookBinary();
    status.lines.push_back(SnippetFor(manager, binary ? *binary : "sluice-hook"));
  }
  return status;
}

}  // namespace sluice::cli
