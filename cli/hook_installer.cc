// Why a script and not a link to sluice-hook: decisions/0001-hook-file.md.
//
// Invariants:
//  1. A script of ours says in its text all that uninstalling needs: the program, whether an earlier hook is chained,
//     and what was made for it. Render(Parse(text)) == text, or somebody has edited it and it is not ours to delete.
//  2. Everything is looked at before anything is changed, so a refusal leaves nothing half done.
//  3. At every moment git finds either the old hook or the new one, whole: files are renamed over each other.
#include "hook_installer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
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
#include "hook_call.h"
#include "manager_file.h"

namespace sluice::cli {

namespace {

// Every hook that git looks up in core.hooksPath (githooks(5)): a global one hides the repository's own, so each is
// passed on. fsmonitor-watchman is not among them: core.fsmonitor names its file.
constexpr std::array<std::string_view, 27> kAllHooks = {"applypatch-msg",
                                                        "commit-msg",
                                                        "p4-changelist",
                                                        "p4-post-changelist",
                                                        "p4-pre-submit",
                                                        "p4-prepare-changelist",
                                                        "post-applypatch",
                                                        "post-checkout",
                                                        "post-commit",
                                                        "post-index-change",
                                                        "post-merge",
                                                        "post-receive",
                                                        "post-rewrite",
                                                        "post-update",
                                                        "pre-applypatch",
                                                        "pre-auto-gc",
                                                        "pre-commit",
                                                        "pre-merge-commit",
                                                        "pre-push",
                                                        "pre-rebase",
                                                        "pre-receive",
                                                        "prepare-commit-msg",
                                                        "proc-receive",
                                                        "push-to-checkout",
                                                        "reference-transaction",
                                                        "sendemail-validate",
                                                        "update"};
constexpr std::string_view kMark = "# sluice hook file, format 1: ";
constexpr std::string_view kKeptSuffix = ".before-sluice";
constexpr std::string_view kProgramName = "sluice-hook";

bool RunsProgram(std::string_view hook) {
  const std::vector<std::string>& hooks = InstalledHooks();
  return std::find(hooks.begin(), hooks.end(), hook) != hooks.end();
}

// --- Files -----------------------------------------------------------------------------------------------------------

std::string Trimmed(std::string text) {
  if (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return std::nullopt;
  return text;
}

std::optional<struct stat> LinkStatus(const std::string& path) {
  struct stat status {};
  if (lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status;
}

bool Exists(const std::string& path) { return LinkStatus(path).has_value(); }

bool IsProgram(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
         access(path.c_str(), X_OK) == 0;
}

// A link in PATH lives longer than what it points to now, such as a package manager's folder of one version.
std::string InPath(std::string_view program = kProgramName) {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable != nullptr ? variable : "";
  while (!path.empty()) {
    const std::size_t colon = std::min(path.find(':'), path.size());
    std::string candidate = fmt::format("{}/{}", path.substr(0, colon), program);
    if (candidate.starts_with('/') && IsProgram(candidate)) return candidate;
    path.remove_prefix(std::min(colon + 1, path.size()));
  }
  return "";
}

// Without symlinks and "..", also when the end of it does not exist yet.
std::string RealPath(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  if (error) return path;
  std::string text = real.string();
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

std::string Absolute(const std::string& base, const std::string& path) {
  return path.starts_with('/') ? path : base + "/" + path;
}

bool IsBelow(const std::string& path, const std::string& folder) {
  return path == folder || path.starts_with(folder + "/");
}

Error CannotChange(const std::string& path) {
  return {ErrorCode::kIncomplete, path, std::string("cannot be changed: ") + std::strerror(errno)};
}

Error Refusal(const std::string& path, std::string message) { return {ErrorCode::kUsage, path, std::move(message)}; }

// A reader sees the old file or the new one, never half of it.
Result<void> WriteScript(const std::string& path, std::string_view text) {
  constexpr mode_t kMode = 0755;
  const std::string temporary = fmt::format("{}.sluice-{}", path, getpid());
  const git::UniqueFd file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode));
  if (!file.IsOpen()) return CannotChange(temporary);
  // The mode that open() gave depends on the umask. The data must be on disk before the name is: a hook that is empty
  // after a power cut would let every commit pass.
  bool written = fchmod(file.get(), kMode) == 0;
  while (written && !text.empty()) {
    const ssize_t put = write(file.get(), text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    written = put > 0;
    if (written) text.remove_prefix(static_cast<std::size_t>(put));
  }
  if (written && fsync(file.get()) == 0 && rename(temporary.c_str(), path.c_str()) == 0) return {};
  const Error error = CannotChange(path);
  unlink(temporary.c_str());
  return error;
}

// Makes `path` with the folders above it, and says how many that were.
Result<int> MakeFolders(const std::string& path) {
  int made = 0;
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (mkdir(folder.c_str(), 0777) == 0) {
      ++made;
    } else if (errno != EEXIST) {
      return CannotChange(folder);
    }
    if (slash == std::string::npos) return made;
  }
}

// The opposite: takes away the last `count` folders of `path`, as long as they are empty.
void RemoveFolders(std::string path, int count) {
  while (count-- > 0 && rmdir(path.c_str()) == 0) path.resize(path.rfind('/'));
}

// --- The script ------------------------------------------------------------------------------------------------------

enum class ScriptKind { kPlain, kChained, kGlobal };

constexpr std::array<std::string_view, 3> kKindNames = {"plain", "chained", "global"};

struct Script {
  ScriptKind kind = ScriptKind::kPlain;
  std::string program;       // Absolute; empty in a global script that only passes on.
  int folders_made = 0;      // To keep the hooks in; the innermost ones of the path.
  bool config_made = false;  // The user had no git configuration before core.hooksPath was set in it.
};

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

// The opposite, for text that begins with a quoted word.
std::string Unquote(std::string_view text) {
  std::string plain;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] != '\'') {
      plain += text[i];
    } else if (text.substr(i, 4) == "'\\''") {
      plain += '\'';
      i += 3;
    } else {
      break;
    }
  }
  return plain;
}

// Finds the repository's own hook, which core.hooksPath hides, with nothing started where that can be helped:
// reference-transaction alone runs several times in a commit. Git starts hooks at the top of the working tree, or with
// GIT_DIR; only a linked worktree has a "commondir".
constexpr std::string_view kFindOwnHook =
    R"(if [ -z "${{GIT_DIR-}}" ] && [ -z "${{GIT_COMMON_DIR-}}" ] && [ -d .git ]; then
  sluice_own=.git
elif [ -n "${{GIT_DIR-}}" ] && [ -z "${{GIT_COMMON_DIR-}}" ] && [ ! -e "$GIT_DIR/commondir" ]; then
  sluice_own=$GIT_DIR
else
  sluice_own=$(git rev-parse --git-common-dir) || sluice_own=/dev/null
fi
sluice_own=$sluice_own/hooks/{}
)";

// Git updates the working tree itself only when there is no such hook, so ours has to do what git would.
constexpr std::string_view kPushToCheckout = R"([ -f "$sluice_own" ] && [ -x "$sluice_own" ] && exec "$sluice_own" "$@"
sluice_head=$(git rev-parse --verify --quiet HEAD) || sluice_head=$(git hash-object -t tree /dev/null)
git update-index -q --ignore-submodules --refresh &&
  git diff-files --quiet --ignore-submodules -- &&
  git diff-index --quiet --cached --ignore-submodules "$sluice_head" -- &&
  exec git read-tree -u -m "$1"
echo "sluice: the pushed branch is checked out here, with changes that are not committed" >&2
exit 1
)";

// The repository's own hook before ours, unless it is a link to this very script.
std::string RunOwnFirst(std::string_view hook) {
  return fmt::format(kFindOwnHook, hook) +
         "if [ -f \"$sluice_own\" ] && [ -x \"$sluice_own\" ] && ! [ \"$sluice_own\" -ef \"$0\" ]; then\n"
         "  \"$sluice_own\" \"$@\" || exit $?\n"
         "fi\n";
}

// Beside this script, whatever that is called: the pre-commit framework renames it to NAME.legacy and runs it.
std::string RunEarlierFirst(std::string_view hook) {
  return fmt::format(
      "sluice_earlier=${{0%/*}}/{}{}\n"
      "if [ -f \"$sluice_earlier\" ] && [ -x \"$sluice_earlier\" ]; then\n"
      "  \"$sluice_earlier\" \"$@\" || exit $?\n"
      "fi\n",
      hook, kKeptSuffix);
}

std::string PassOn(std::string_view hook) {
  std::string text = fmt::format(kFindOwnHook, hook);
  if (hook == "push-to-checkout") return text.append(kPushToCheckout);
  return text +
         "[ -f \"$sluice_own\" ] && [ -x \"$sluice_own\" ] && ! [ \"$sluice_own\" -ef \"$0\" ] || exit 0\n"
         "exec \"$sluice_own\" \"$@\"\n";
}

// Names begin with "sluice_": a variable that came in with the environment would be passed on changed.
std::string Render(std::string_view hook, const Script& script) {
  const bool global = script.kind == ScriptKind::kGlobal;
  std::string text =
      fmt::format("#!/bin/sh\n{}{}, made {} folders, {} files\n# Remove it with `sluice hook uninstall{}`.\n", kMark,
                  kKindNames[static_cast<std::size_t>(script.kind)], script.folders_made, script.config_made ? 1 : 0,
                  global ? " --global" : "");
  if (RunsProgram(hook)) {
    text += fmt::format(
        "sluice_hook={}\n"
        "[ -s \"$sluice_hook\" ] && [ -f \"$sluice_hook\" ] && [ -x \"$sluice_hook\" ] || {{\n"
        "  printf '%s\\n' \"sluice: nothing was scanned: $sluice_hook is missing;"
        " run 'sluice hook install{}' again\" >&2\n"
        "  exit 3\n"
        "}}\n",
        Quote(script.program), global ? " --global" : "");
    // The scan comes last: an earlier hook may stage what it made or formatted, and that is committed too.
    if (script.kind != ScriptKind::kPlain) text += global ? RunOwnFirst(hook) : RunEarlierFirst(hook);
    return text + fmt::format("exec \"$sluice_hook\" {} \"$@\"\n", hook);
  }
  if (global) return text + PassOn(hook);
  return text + RunEarlierFirst(hook);
}

// The number that follows `label` in `text`, or 0.
int NumberAfter(std::string_view text, std::string_view label) {
  const std::size_t at = text.find(label);
  int number = 0;
  if (at != std::string_view::npos) {
    std::from_chars(text.data() + at + label.size(), text.data() + text.size(), number);
  }
  return number;
}

// What a script says of itself; nullopt when it is not ours. An edited one is read as far as it goes.
std::optional<Script> Parse(std::string_view text) {
  const std::size_t mark = text.find(kMark);
  if (mark == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(mark + kMark.size(), text.find('\n', mark) - mark - kMark.size());
  Script script;
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind) {
    if (line.starts_with(kKindNames[kind])) script.kind = static_cast<ScriptKind>(kind);
  }
  script.folders_made = NumberAfter(line, "made ");
  script.config_made = NumberAfter(line, "folders, ") != 0;
  constexpr std::string_view kAssignment = "\nsluice_hook=";
  const std::size_t program = text.find(kAssignment);
  if (program != std::string_view::npos) script.program = Unquote(text.substr(program + kAssignment.size()));
  return script;
}

// --- One hook in a folder --------------------------------------------------------------------------------------------

enum class Owner { kNobody, kUs, kUsEdited, kOther };

struct HookFile {
  std::string name;
  std::string path;
  std::string kept;  // Where an earlier hook is, or would be, kept.
  Owner owner = Owner::kNobody;
  std::string text;  // Empty for what cannot be read.
  Script script;     // When it is ours.
  mode_t mode = 0;   // Of the file itself: a link's own when it is one.

  [[nodiscard]] bool IsOurs() const { return owner == Owner::kUs || owner == Owner::kUsEdited; }
};

HookFile LookAt(const std::string& folder, std::string_view name) {
  HookFile hook;
  hook.name = name;
  hook.path = fmt::format("{}/{}", folder, name);
  hook.kept = hook.path + std::string(kKeptSuffix);
  const std::optional<struct stat> status = LinkStatus(hook.path);
  if (!status) return hook;
  hook.owner = Owner::kOther;
  hook.mode = status->st_mode;
  struct stat target {};
  // A pipe would be waited for, and a program read for nothing.
  constexpr off_t kMaxText = 1 << 20;
  if (stat(hook.path.c_str(), &target) == 0 && S_ISREG(target.st_mode) && target.st_size <= kMaxText) {
    hook.text = ReadFile(hook.path).value_or("");
  }
  if (!S_ISREG(hook.mode)) return hook;  // We write files: a link to one of ours is somebody's work.
  if (std::optional<Script> script = Parse(hook.text)) {
    hook.owner = Render(name, *script) == hook.text ? Owner::kUs : Owner::kUsEdited;
    hook.script = std::move(*script);
  }
  return hook;
}

bool IsLinkToProgram(const HookFile& hook) {
  if (!S_ISLNK(hook.mode)) return false;
  std::error_code error;
  return std::filesystem::read_symlink(hook.path, error).filename() == kProgramName;
}

bool IsSameFile(const std::string& one, const std::string& other) {
  const std::optional<struct stat> a = LinkStatus(one);
  const std::optional<struct stat> b = LinkStatus(other);
  return a && b && a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

// Whether `hook` may be made ours; an earlier hook of another is kept.
Result<void> CheckInstall(const HookFile& hook) {
  if (hook.owner == Owner::kUsEdited) {
    return Refusal(hook.path, "was edited since it was installed: move it away, then install again");
  }
  if (hook.owner != Owner::kOther) return {};
  if (IsLinkToProgram(hook)) return Refusal(hook.path, "is a link to sluice-hook: remove it, then install again");
  if (!S_ISREG(hook.mode) && !S_ISLNK(hook.mode)) return Refusal(hook.path, "is neither a file nor a link");
  // Both names on one file: an installation that was interrupted.
  if (Exists(hook.kept) && !IsSameFile(hook.path, hook.kept)) {
    return Refusal(hook.kept, "is in the way of keeping the hook that is there now: move it away, then install again");
  }
  return {};
}

// Gives the earlier hook its second name. It keeps the first until ours is renamed over it, except on a file system
// without hard links.
Result<void> Keep(const HookFile& hook) {
  if (linkat(AT_FDCWD, hook.path.c_str(), AT_FDCWD, hook.kept.c_str(), 0) == 0) return {};
  if (errno == EEXIST && IsSameFile(hook.path, hook.kept)) return {};
  if (rename(hook.path.c_str(), hook.kept.c_str()) == 0) return {};
  return CannotChange(hook.path);
}

void Unkeep(const HookFile& hook) {
  if (IsSameFile(hook.path, hook.kept)) {
    unlink(hook.kept.c_str());
  } else if (!Exists(hook.path)) {
    rename(hook.kept.c_str(), hook.path.c_str());
  }
}

// False when nothing had to be changed. REQUIRES: CheckInstall() agreed.
Result<bool> Install(const HookFile& hook, const Script& script) {
  const std::string text = Render(hook.name, script);
  constexpr mode_t kAllMayRun = 0555;
  if (hook.owner == Owner::kUs && hook.text == text && (hook.mode & kAllMayRun) == kAllMayRun) return false;
  if (hook.owner == Owner::kOther) {
    if (Result<void> kept = Keep(hook); !kept) return kept.error();
  }
  if (Result<void> written = WriteScript(hook.path, text); !written) {
    if (hook.owner == Owner::kOther) Unkeep(hook);
    return written.error();
  }
  return true;
}

Result<void> CheckUninstall(const HookFile& hook) {
  if (hook.owner != Owner::kUsEdited) return {};
  return Refusal(hook.path, "was edited since it was installed: take sluice's lines out by hand");
}

// True when the earlier hook is back. REQUIRES: hook.owner == Owner::kUs.
Result<bool> Uninstall(const HookFile& hook) {
  if (hook.script.kind == ScriptKind::kChained && Exists(hook.kept)) {
    if (rename(hook.kept.c_str(), hook.path.c_str()) != 0) return CannotChange(hook.path);
    return true;
  }
  if (unlink(hook.path.c_str()) != 0) return CannotChange(hook.path);
  return false;
}

// --- Where hooks are -------------------------------------------------------------------------------------------------

// Every value of core.hooksPath, the one in force last.
std::vector<HooksPathSetting> HooksPathSettings(const git::GitCommand& git) {
  const Result<std::string> output =
      git.Run({"config", "--null", "--show-scope", "--show-origin", "--get-all", "core.hooksPath"});
  std::vector<HooksPathSetting> settings;
  if (!output) return settings;  // Not set.
  std::vector<std::string> fields;
  for (std::size_t begin = 0; begin < output->size();) {
    const std::size_t end = std::min(output->find('\0', begin), output->size());
    fields.push_back(output->substr(begin, end - begin));
    begin = end + 1;
  }
  for (std::size_t i = 0; i + 2 < fields.size(); i += 3) settings.push_back({fields[i], fields[i + 1], fields[i + 2]});
  return settings;
}

// $XDG_CONFIG_HOME/sluice/hooks or ~/.config/sluice/hooks.
Result<std::string> GlobalFolder() {
  // The XDG specification says that a relative one is to be ignored.
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config != nullptr && config[0] == '/') {
    return RealPath(std::string(config) + "/sluice/hooks");
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && home[0] == '/') {
    return RealPath(std::string(home) + "/.config/sluice/hooks");
  }
  return Refusal("", "neither HOME nor XDG_CONFIG_HOME is set: there is no place for global hooks");
}

struct Place {
  std::string folder;  // Where git looks for hooks: absolute and real, as all of these.
  std::string own;     // Where it would without core.hooksPath: in the common directory of all worktrees.
  std::string top;     // Of the working tree.
  std::string common;  // The git directory that all worktrees share.
  std::optional<HooksPathSetting> hooks_path;

  // Hooks that are files of the working tree (husky) belong to the team, not to this machine.
  [[nodiscard]] bool IsInWorkTree() const { return IsBelow(folder, top) && !IsBelow(folder, common) && !IsGlobal(); }
  [[nodiscard]] bool IsGlobal() const {
    const Result<std::string> global = GlobalFolder();
    return global && folder == *global;
  }
};

Result<Place> FindPlace(const HookOptions& options) {
  const git::GitCommand git(options.directory);
  const std::string base = RealPath(options.directory.empty() ? "." : options.directory);
  const Result<std::string> bare = git.Run({"rev-parse", "--is-bare-repository"});
  if (!bare) return bare.error();
  if (Trimmed(*bare) == "true") return Refusal("", "a bare repository: no commit is made here; run it in a worktree");
  Place place;
  const Result<std::string> top = git.Run({"rev-parse", "--show-toplevel"});
  if (!top) return Refusal("", "not in a working tree: no commit is made here");
  place.top = RealPath(Trimmed(*top));
  // Absolute paths by ourselves: --path-format is younger than the git of Debian 11.
  const Result<std::string> common = git.Run({"rev-parse", "--git-common-dir"});
  if (!common) return common.error();
  place.common = RealPath(Absolute(base, Trimmed(*common)));
  place.own = RealPath(place.common + "/hooks");
  const Result<std::string> hooks = git.Run({"rev-parse", "--git-path", "hooks"});
  if (!hooks) return hooks.error();
  place.folder = RealPath(Absolute(base, Trimmed(*hooks)));
  if (std::vector<HooksPathSetting> settings = HooksPathSettings(git); !settings.empty()) {
    place.hooks_path = std::move(settings.back());
  }
  // Such as an empty value or /dev/null, which people set to have no hooks.
  struct stat status {};
  if (place.hooks_path &&
      (place.hooks_path->value.empty() || (stat(place.folder.c_str(), &status) == 0 && !S_ISDIR(status.st_mode)))) {
    return Refusal("core.hooksPath", fmt::format("\"{}\" ({}) is no folder, so git runs no hook here: unset it",
                                                 place.hooks_path->value, place.hooks_path->origin));
  }
  return place;
}

// --- Other hook managers ---------------------------------------------------------------------------------------------

struct ManagerFiles {
  HookManager manager;
  std::string_view in_hook;  // What its hook files say.
  std::vector<std::string_view> files;
};

const std::vector<ManagerFiles>& KnownManagers() {
  static const auto* const kManagers =
      new std::vector<ManagerFiles>{{HookManager::kHusky, "husky", {}},
                                    {HookManager::kLefthook,
                                     "lefthook",
                                     {"lefthook.yml",
                                      "lefthook.yaml",
                                      "lefthook.toml",
                                      "lefthook.json",
                                      "lefthook.jsonc",
                                      ".lefthook.yml",
                                      ".lefthook.yaml",
                                      ".lefthook.toml",
                                      ".lefthook.json",
                                      ".lefthook.jsonc",
                                      ".config/lefthook.yml",
                                      ".config/lefthook.yaml",
                                      ".config/lefthook.toml",
                                      ".config/lefthook.json",
                                      ".config/lefthook.jsonc",
                                      "lefthook-local.yml",
                                      "lefthook-local.yaml",
                                      "lefthook-local.toml",
                                      "lefthook-local.json",
                                      "lefthook-local.jsonc",
                                      ".lefthook-local.yml",
                                      ".lefthook-local.yaml",
                                      ".lefthook-local.toml",
                                      ".lefthook-local.json",
                                      ".lefthook-local.jsonc",
                                      ".config/lefthook-local.yml",
                                      ".config/lefthook-local.yaml",
                                      ".config/lefthook-local.toml",
                                      ".config/lefthook-local.json",
                                      ".config/lefthook-local.jsonc"}},
                                    {HookManager::kPreCommit, "pre-commit.com", {".pre-commit-config.yaml"}}};
  return *kManagers;
}

// The files in which the managers of this repository are told what to run.
std::vector<std::string> FilesOf(const Place& place, const ManagerFiles& known, std::string_view hook) {
  std::vector<std::string> files;
  if (known.manager == HookManager::kHusky) files.push_back(fmt::format("{}/.husky/{}", place.top, hook));
  for (const std::string_view file : known.files) files.push_back(fmt::format("{}/{}", place.top, file));
  return files;
}

// Husky's own folder, or the one below it that husky 9 writes.
bool IsHuskys(const Place& place) { return IsBelow(place.folder, place.top + "/.husky"); }

bool IsUsed(const Place& place, const ManagerFiles& known, const std::vector<HookFile>& hooks) {
  if (known.manager == HookManager::kHusky && Exists(place.top + "/.husky")) return true;
  const bool has_file = std::any_of(known.files.begin(), known.files.end(), [&](std::string_view file) {
    return Exists(fmt::format("{}/{}", place.top, file));
  });
  return has_file || std::any_of(hooks.begin(), hooks.end(), [&](const HookFile& hook) {
           return hook.owner == Owner::kOther && hook.text.find(known.in_hook) != std::string::npos;
         });
}

// Where another's hook is made to run sluice-hook.
struct FoundCall {
  HookCall call;
  std::string file;
};

bool IsYaml(std::string_view file) { return file.ends_with(".yml") || file.ends_with(".yaml"); }

FoundCall CallInManagersFile(const ManagerFiles& known, const std::string& file, std::string_view hook) {
  const std::string text = ReadFile(file).value_or("");
  switch (known.manager) {
    case HookManager::kHusky:
      return {FindHookCall(text, hook, ErrorExit::kAlways), file};
    case HookManager::kLefthook:
      if (IsYaml(file)) return {CallInLefthookFile(text, hook), file};
      break;
    case HookManager::kPreCommit:
      return {CallInPreCommitFile(text, hook), file};
    case HookManager::kTracked:
      break;
  }
  return {{NamesHookCall(text, hook) ? CallEffect::kMayLeaveOut : CallEffect::kNone, ""}, file};
}

// The surest call in the files of a manager. Lefthook reads one of its files, and then the person's own: when more than
// one may have a word in this hook, what any of them says is not sure.
FoundCall CallOfManager(const Place& place, const ManagerFiles& known, std::string_view hook) {
  FoundCall surest;
  int with_a_word = 0;
  for (const std::string& file : FilesOf(place, known, hook)) {
    if (!Exists(file)) continue;
    const bool is_silent = IsYaml(file) && HasNoWordInLefthook(ReadFile(file).value_or(""), hook);
    if (!is_silent) ++with_a_word;
    FoundCall found = CallInManagersFile(known, file, hook);
    if (found.call.effect > surest.call.effect) surest = std::move(found);
  }
  if (with_a_word > 1) surest.call.effect = std::min(surest.call.effect, CallEffect::kMayLeaveOut);
  return surest;
}

bool CallsEverything(const Place& place, const ManagerFiles& known) {
  const std::vector<std::string>& hooks = InstalledHooks();
  return std::all_of(hooks.begin(), hooks.end(), [&](const std::string& hook) {
    const CallEffect effect = CallOfManager(place, known, hook).call.effect;
    // What is wrong with a call in a script is said with that.
    return effect != CallEffect::kNone && effect != CallEffect::kMayLeaveOut;
  });
}

std::vector<HookFile> LookAtAll(const std::string& folder) {
  std::vector<HookFile> hooks;
  for (const std::string& name : InstalledHooks()) hooks.push_back(LookAt(folder, name));
  return hooks;
}

// Whether husky starts `hook` with `sh -e`: before version 9 that file starts itself a second time.
ErrorExit ErrorExitOf(const Place& place, const HookFile& hook) {
  constexpr std::string_view kStarter = "husky.sh";
  const bool starts_again =
      hook.text.find(kStarter) != std::string::npos &&
      ReadFile(fmt::format("{}/_/{}", place.folder, kStarter)).value_or("").find("sh -e \"$0\"") != std::string::npos;
  return starts_again ? ErrorExit::kAlways : ErrorExit::kAsWritten;
}

FoundCall FindCall(const Place& place, const HookFile& hook) {
  if (IsLinkToProgram(hook)) return {{CallEffect::kStops, ""}, hook.path};
  FoundCall found = {FindHookCall(hook.text, hook.name, ErrorExitOf(place, hook)), hook.path};
  if (found.call.effect != CallEffect::kNone) return found;
  // The pre-commit framework renames what it finds and runs it before its own.
  const HookFile legacy = LookAt(place.folder, hook.name + ".legacy");
  if (std::optional<Script> script = Parse(legacy.text); script && legacy.text == Render(hook.name, *script) &&
                                                         IsProgram(legacy.path) && IsProgram(script->program) &&
                                                         hook.text.find("pre-commit.com") != std::string::npos) {
    return {{CallEffect::kStops, ""}, legacy.path};
  }
  for (const ManagerFiles& known : KnownManagers()) {
    const bool is_its_hook =
        hook.text.find(known.in_hook) != std::string::npos || (known.manager == HookManager::kHusky && IsHuskys(place));
    if (!is_its_hook) continue;
    FoundCall in_file = CallOfManager(place, known, hook.name);
    if (in_file.call.effect != CallEffect::kNone) return in_file;
  }
  return {};
}

// Lefthook's hook lets every commit pass when it does not find lefthook, unless it was told to assert that. Where else
// than in PATH and node_modules it looks (bundle, npx…) cannot be told without running something.
bool MayMissLefthook(const Place& place, const HookFile& hook) {
  const std::size_t at = hook.text.find("Can't find lefthook");
  if (at == std::string::npos || hook.text.find("exit 1", at) != std::string::npos) return false;
  const char* named = std::getenv("LEFTHOOK_BIN");
  return !(named != nullptr && IsProgram(named)) && InPath("lefthook").empty() &&
         !Exists(place.top + "/node_modules/lefthook") && !Exists(place.top + "/node_modules/@evilmartians");
}

// Whether the hook would find the program, as far as can be told without running it.
bool CanFind(const Place& place, const HookFile& hook, const FoundCall& found) {
  const std::string& program = found.call.program;
  if (program.empty() || program.find_first_of("$`~") != std::string::npos) return true;
  // Git starts hooks at the top of the working tree.
  if (program.find('/') != std::string::npos) return IsProgram(Absolute(place.top, program));
  constexpr std::string_view kSetsPath = "PATH=";
  const bool sets_path = hook.text.find(kSetsPath) != std::string::npos ||
                         ReadFile(found.file).value_or("").find(kSetsPath) != std::string::npos;
  return sets_path || !InPath().empty() ||
         (IsHuskys(place) && IsProgram(fmt::format("{}/node_modules/.bin/{}", place.top, program)));
}

HookState StateOf(CallEffect effect) {
  switch (effect) {
    case CallEffect::kNone:
      return HookState::kOther;
    case CallEffect::kUnknown:
      return HookState::kNoShell;
    case CallEffect::kMayLeaveOut:
      return HookState::kMayLeaveOut;
    case CallEffect::kMaySkip:
      return HookState::kMaySkip;
    case CallEffect::kMayStage:
      return HookState::kMayStage;
    case CallEffect::kMayGoOn:
      return HookState::kMayGoOn;
    case CallEffect::kStops:
      break;
  }
  return HookState::kCalled;
}

OneHook StatusOf(const Place& place, const HookFile& hook) {
  OneHook one;
  one.name = hook.name;
  if (hook.owner == Owner::kNobody) return one;
  if (hook.IsOurs()) one.program = hook.script.program;
  if (hook.IsOurs() && hook.script.kind == ScriptKind::kChained && IsProgram(hook.kept)) {
    one.chained = hook.name + std::string(kKeptSuffix);
  }
  if (hook.owner == Owner::kUsEdited) {
    one.state = HookState::kEdited;
  } else if (hook.owner == Owner::kOther && IsLinkToProgram(hook) && !IsProgram(hook.path)) {
    one.state = HookState::kDanglingLink;
  } else if (!IsProgram(hook.path)) {
    one.state = HookState::kNotExecutable;
  } else if (hook.owner == Owner::kOther) {
    FoundCall found = FindCall(place, hook);
    if (!CanFind(place, hook, found)) one.not_found = found.call.program;
    one.called_from = std::move(found.file);
    one.state = StateOf(found.call.effect);
    if (one.state == HookState::kCalled && MayMissLefthook(place, hook)) {
      one.state = HookState::kMayLeaveOut;
      one.not_found = "lefthook";
    }
  } else if (!IsProgram(hook.script.program)) {
    one.state = HookState::kNoProgram;
  } else {
    one.state = hook.script.kind == ScriptKind::kGlobal ? HookState::kInstalledGlobally : HookState::kInstalled;
  }
  return one;
}

bool Runs(const OneHook& hook) {
  return hook.state == HookState::kInstalled || hook.state == HookState::kInstalledGlobally ||
         (hook.state == HookState::kCalled && hook.not_found.empty());
}

// Those whose files do not call sluice-hook yet: they may write over our hooks, or are the only way to install any.
std::vector<HookManager> ManagersToTell(const Place& place, const std::vector<HookFile>& hooks) {
  std::vector<HookManager> managers;
  for (const ManagerFiles& known : KnownManagers()) {
    if (IsUsed(place, known, hooks) && !CallsEverything(place, known)) managers.push_back(known.manager);
  }
  const bool active =
      std::all_of(hooks.begin(), hooks.end(), [&place](const HookFile& hook) { return Runs(StatusOf(place, hook)); });
  if (managers.empty() && place.IsInWorkTree() && !active) {
    managers.push_back(IsHuskys(place) ? HookManager::kHusky : HookManager::kTracked);
  }
  return managers;
}

// --- Installing in one repository ------------------------------------------------------------------------------------

Result<HookChange> InstallHere(const Place& place, const std::string& program) {
  HookChange change;
  change.folder = place.folder;
  const std::vector<HookFile> hooks = LookAtAll(place.folder);
  change.managers = ManagersToTell(place, hooks);
  if (place.IsInWorkTree()) {
    change.only_by_hand = !change.managers.empty();
    if (!change.only_by_hand) change.lines.emplace_back("the hooks of this working tree call sluice-hook already");
    return change;
  }
  for (const HookFile& hook : hooks) {
    if (Result<void> allowed = CheckInstall(hook); !allowed) return allowed.error();
  }
  const Result<int> made = MakeFolders(place.folder);
  if (!made) return made.error();
  for (const HookFile& hook : hooks) {
    Script script = hook.script;  // An update still knows what was made for it.
    script.program = program;
    script.folders_made = std::max(script.folders_made, *made);
    script.kind =
        hook.owner == Owner::kOther || (hook.IsOurs() && Exists(hook.kept)) ? ScriptKind::kChained : ScriptKind::kPlain;
    const Result<bool> installed = Install(hook, script);
    if (!installed) {
      RemoveFolders(place.folder, *made);
      return installed.error();
    }
    change.lines.push_back(
        fmt::format("{}: {}{}", hook.name, *installed ? "installed in " + hook.path : "already installed",
                    script.kind == ScriptKind::kChained && IsProgram(hook.kept)
                        ? fmt::format("; the earlier hook runs before it, as {}{}", hook.name, kKeptSuffix)
                        : ""));
  }
  if (place.hooks_path && place.folder != place.own) {
    change.lines.push_back(fmt::format("core.hooksPath = {} ({}): every repository that this applies to is covered",
                                       place.hooks_path->value, place.hooks_path->origin));
  }
  return change;
}

// The scripts for all repositories serve this one too; writing ours over them would hide its own hooks.
Result<HookChange> CoveredGlobally(const Place& place) {
  for (const HookFile& hook : LookAtAll(place.folder)) {
    if (Runs(StatusOf(place, hook))) continue;
    return Refusal(hook.path, "does not run sluice-hook: `sluice hook install --global` repairs it");
  }
  HookChange change;
  change.folder = place.folder;
  change.lines.push_back("already installed, for all your repositories: core.hooksPath = " + place.folder);
  return change;
}

// The folders in which a repository's installation may be: core.hooksPath may have been set after it.
std::vector<std::string> OwnFolders(const Place& place) {
  std::vector<std::string> folders = {place.own};
  if (place.folder != place.own && !place.IsInWorkTree() && !place.IsGlobal()) folders.push_back(place.folder);
  return folders;
}

Result<HookChange> UninstallHere(const Place& place) {
  std::vector<HookFile> hooks;
  for (const std::string& folder : OwnFolders(place)) {
    for (HookFile& hook : LookAtAll(folder)) {
      if (Result<void> allowed = CheckUninstall(hook); !allowed) return allowed.error();
      if (hook.owner == Owner::kUs) hooks.push_back(std::move(hook));
    }
  }
  HookChange change;
  for (const HookFile& hook : hooks) {
    const Result<bool> restored = Uninstall(hook);
    if (!restored) return restored.error();
    change.lines.push_back(
        fmt::format("{}: removed from {}{}", hook.name, hook.path, *restored ? "; the earlier hook is back" : ""));
    RemoveFolders(hook.path.substr(0, hook.path.rfind('/')), hook.script.folders_made);
  }
  if (hooks.empty()) change.lines.emplace_back("not installed in this repository");
  if (place.IsGlobal()) {
    change.lines.emplace_back("installed for all your repositories: `sluice hook uninstall --global` removes that");
  }
  return change;
}

// --- Installing for all repositories of the user ---------------------------------------------------------------------

// What applies where no repository says otherwise.
std::optional<HooksPathSetting> UsersHooksPath() {
  std::optional<HooksPathSetting> found;
  for (HooksPathSetting& setting : HooksPathSettings(git::GitCommand(""))) {
    if (setting.scope == "system" || setting.scope == "global") found = std::move(setting);
  }
  return found;
}

bool IsSetTo(const std::optional<HooksPathSetting>& setting, const std::string& folder) {
  return setting && setting->scope == "global" && RealPath(setting->value) == folder;
}

std::vector<HookFile> LookAtGlobal(const std::string& folder) {
  std::vector<HookFile> hooks;
  hooks.reserve(kAllHooks.size());
  for (const std::string_view name : kAllHooks) hooks.push_back(LookAt(folder, name));
  return hooks;
}

Result<void> CheckGlobalInstall(const std::string& folder, const std::vector<HookFile>& hooks) {
  const std::optional<HooksPathSetting> current = UsersHooksPath();
  if (current && !IsSetTo(current, folder)) {
    return Refusal("core.hooksPath",
                   fmt::format("is {} already ({}): `sluice hook install` in a repository that uses it installs there",
                               current->value, current->origin));
  }
  for (const HookFile& hook : hooks) {
    if (hook.owner == Owner::kUsEdited) {
      return Refusal(hook.path, "was edited since it was installed: move it away, then install again");
    }
    if (hook.owner == Owner::kOther) return Refusal(hook.path, "is not ours: move it away, then install again");
  }
  return {};
}

Result<void> RemoveGlobal(const std::string& folder) {
  for (const HookFile& hook : LookAtGlobal(folder)) {
    if (hook.owner != Owner::kUs) continue;
    if (const Result<bool> removed = Uninstall(hook); !removed) return removed.error();
    RemoveFolders(folder, hook.script.folders_made);
  }
  return {};
}

// Writes what is missing or different, and says whether that was anything.
Result<bool> WriteGlobal(const std::string& folder, const std::vector<HookFile>& hooks, const std::string& program) {
  // Exit code 1 when there is no such file.
  const bool has_config = git::GitCommand("").Run({"config", "--global", "--list"}).has_value();
  const Result<int> made = MakeFolders(folder);
  if (!made) return made.error();
  bool changed = false;
  for (const HookFile& hook : hooks) {
    Script script = hook.script;
    script.kind = ScriptKind::kGlobal;
    script.program = RunsProgram(hook.name) ? program : "";
    script.folders_made = std::max(script.folders_made, *made);
    script.config_made = script.config_made || !has_config;
    const Result<bool> written = Install(hook, script);
    if (!written) return written.error();
    changed = *written || changed;
  }
  return changed;
}

Result<HookChange> InstallGlobally(const std::string& program) {
  const Result<std::string> folder = GlobalFolder();
  if (!folder) return folder.error();
  const std::vector<HookFile> hooks = LookAtGlobal(*folder);
  if (Result<void> allowed = CheckGlobalInstall(*folder, hooks); !allowed) return allowed.error();
  const Result<bool> changed = WriteGlobal(*folder, hooks, program);
  if (!changed) return changed.error();
  const bool was_set = IsSetTo(UsersHooksPath(), *folder);
  if (!was_set) {
    const Result<std::string> set = git::GitCommand("").Run({"config", "--global", "core.hooksPath", *folder});
    if (!set) {
      if (const Result<void> removed = RemoveGlobal(*folder); !removed) return removed.error();
      return set.error();
    }
  }
  HookChange change;
  change.folder = *folder;
  change.lines.push_back(fmt::format("{} for all your repositories: core.hooksPath = {}",
                                     *changed || !was_set ? "installed" : "already installed", *folder));
  change.lines.emplace_back(
      "a repository's own hooks run before it; one that sets core.hooksPath itself is not covered");
  return change;
}

// git leaves an empty file behind.
void RemoveEmptyConfig(const std::string& origin) {
  constexpr std::string_view kFile = "file:";
  if (!origin.starts_with(kFile)) return;
  const std::string path = origin.substr(kFile.size());
  const std::optional<struct stat> status = LinkStatus(path);
  if (status && S_ISREG(status->st_mode) && status->st_size == 0) unlink(path.c_str());
}

Result<HookChange> UninstallGlobally() {
  const Result<std::string> folder = GlobalFolder();
  if (!folder) return folder.error();
  const std::vector<HookFile> hooks = LookAtGlobal(*folder);
  for (const HookFile& hook : hooks) {
    if (Result<void> allowed = CheckUninstall(hook); !allowed) return allowed.error();
  }
  const bool config_made =
      std::any_of(hooks.begin(), hooks.end(), [](const HookFile& hook) { return hook.script.config_made; });
  const std::optional<HooksPathSetting> current = UsersHooksPath();
  const bool is_set = IsSetTo(current, *folder);
  // First git must look elsewhere: half of the scripts would be half of the repository's own hooks.
  if (is_set) {
    const Result<std::string> unset = git::GitCommand("").Run({"config", "--global", "--unset", "core.hooksPath"});
    if (!unset) return unset.error();
    if (config_made) RemoveEmptyConfig(current->origin);
  }
  if (Result<void> removed = RemoveGlobal(*folder); !removed) return removed.error();
  const bool was_there = std::any_of(hooks.begin(), hooks.end(), [](const HookFile& hook) { return hook.IsOurs(); });
  HookChange change;
  change.lines.push_back(was_there || is_set ? "removed from " + *folder : "not installed for all your repositories");
  if (is_set) change.lines.emplace_back("core.hooksPath is unset");
  return change;
}

// --- The program -----------------------------------------------------------------------------------------------------

std::string FolderOfThisProgram() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
}

Result<std::string> ProgramToInstall(const HookOptions& options) {
  Result<std::string> program = options.hook_binary.empty()
                                    ? FindHookBinary()
                                    : Result<std::string>(std::filesystem::absolute(options.hook_binary).string());
  if (!program) return program.error();
  if (!IsProgram(*program)) return Refusal(*program, "is no program that can be run");
  // The script is read by lines; and nobody means such a name.
  if (std::any_of(program->begin(), program->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    return Refusal(*program, "has a control character in its name");
  }
  return program;
}

}  // namespace

const std::vector<std::string>& InstalledHooks() {
  static const auto* const kHooks = new std::vector<std::string>{"pre-commit", "pre-merge-commit"};
  return *kHooks;
}

Result<std::string> FindHookBinary() {
  const std::string folder = FolderOfThisProgram();
  const std::string in_path = InPath();
  for (const std::string_view beside : {"", "../hook/", "../bin/"}) {
    const std::string candidate =
        std::filesystem::path(fmt::format("{}/{}{}", folder, beside, kProgramName)).lexically_normal().string();
    if (folder.empty() || !IsProgram(candidate)) continue;
    return !in_path.empty() && RealPath(in_path) == RealPath(candidate) ? in_path : candidate;
  }
  if (!in_path.empty()) return in_path;
  return Refusal("sluice-hook", "is neither beside sluice nor in PATH: name it with --hook-binary");
}

std::string ShellWord(const std::string& word) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+@%,=-";
  return word.empty() || word.find_first_not_of(kPlain) != std::string::npos ? Quote(word) : word;
}

std::string HookCommand() {
  const Result<std::string> program = FindHookBinary();
  return InPath().empty() && program ? ShellWord(*program) : std::string(kProgramName);
}

Result<HookChange> InstallHooks(const HookOptions& options) {
  const Result<std::string> program = ProgramToInstall(options);
  if (!program) return program.error();
  if (options.global) return InstallGlobally(*program);
  const Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  return place->IsGlobal() ? CoveredGlobally(*place) : InstallHere(*place, *program);
}

Result<HookChange> UninstallHooks(const HookOptions& options) {
  if (options.global) return UninstallGlobally();
  const Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  return UninstallHere(*place);
}

Result<HookStatus> GetHookStatus(const HookOptions& options) {
  Result<Place> place = FindPlace(options);
  if (!place) return place.error();
  const std::vector<HookFile> hooks = LookAtAll(place->folder);
  HookStatus status;
  for (const HookFile& hook : hooks) status.hooks.push_back(StatusOf(*place, hook));
  status.active = std::all_of(status.hooks.begin(), status.hooks.end(), Runs);
  status.some_active = std::any_of(status.hooks.begin(), status.hooks.end(), Runs);
  status.only_by_hand = place->IsInWorkTree();
  status.managers = ManagersToTell(*place, hooks);
  // The scripts for all repositories pass on to the repository's own.
  if (place->folder != place->own && !place->IsGlobal()) {
    const std::vector<HookFile> hidden = LookAtAll(place->own);
    if (std::any_of(hidden.begin(), hidden.end(), [](const HookFile& hook) { return hook.IsOurs(); })) {
      status.unused = place->own;
    }
  }
  status.folder = std::move(place->folder);
  status.hooks_path = std::move(place->hooks_path);
  return status;
}

}  // namespace sluice::cli
