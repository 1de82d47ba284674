#include "git/git_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

extern char** environ;

namespace sluice::git {
namespace {

constexpr std::size_t kMaxErrorBytes = 4096;

struct Override {
  std::string_view name;
  const char* value;  // nullptr: unset.
};

constexpr Override kOverrides[] = {
    {"LC_ALL", "C"},                     // Messages that we recognise are English.
    {"LANGUAGE", nullptr},               //
    {"GIT_OPTIONAL_LOCKS", "0"},         // A commit holds the lock of the index.
    {"GIT_NO_REPLACE_OBJECTS", "1"},     // A replacement could hide content; libgit2 does not know them either.
    {"GIT_GRAFT_FILE", "/dev/null"},     // Parents that no commit names.
    {"GIT_NO_LAZY_FETCH", "1"},          // No network, ever: what is missing is missing.
    {"GIT_ALLOW_PROTOCOL", "none"},      // The same, for a git that does not know the variable above.
    {"GIT_TERMINAL_PROMPT", "0"},        //
    {"GIT_LITERAL_PATHSPECS", nullptr},  // We write ":(top,literal)" ourselves.
    {"GIT_GLOB_PATHSPECS", nullptr},     //
    {"GIT_NOGLOB_PATHSPECS", nullptr},   //
    {"GIT_ICASE_PATHSPECS", nullptr},    //
};

// What says which repository is meant (those of `git rev-parse --local-env-vars` that move a part of it).
constexpr std::string_view kPlaces[] = {"GIT_DIR",
                                        "GIT_WORK_TREE",
                                        "GIT_INDEX_FILE",
                                        "GIT_COMMON_DIR",
                                        "GIT_OBJECT_DIRECTORY",
                                        "GIT_SHALLOW_FILE",
                                        "GIT_IMPLICIT_WORK_TREE",
                                        "GIT_NAMESPACE",
                                        "GIT_PREFIX",
                                        "GIT_ALTERNATE_OBJECT_DIRECTORIES"};

Error SpawnError(std::string message) { return {ErrorCode::kIncomplete, "git", std::move(message)}; }

std::string ErrnoText(int code) { return std::generic_category().message(code); }

// In PATH as execvp would, but only in absolute directories: one inside the repository must not become "git".
std::string FindGit() {
  const char* path = std::getenv("PATH");
  std::string_view list = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(':'), list.size());
    const std::string_view directory = list.substr(0, end);
    if (directory.starts_with('/')) {
      std::string candidate = std::string(directory) + "/git";
      if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    }
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return "";
}

std::vector<std::string> ChildEnvironment(GitCommand::Repository repository) {
  std::vector<std::string> result;
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    const bool overridden = std::any_of(std::begin(kOverrides), std::end(kOverrides),
                                        [name](const Override& override) { return override.name == name; });
    const bool is_place = std::find(std::begin(kPlaces), std::end(kPlaces), name) != std::end(kPlaces);
    if (is_place && repository == GitCommand::Repository::kDirectory) continue;
    if (!overridden) result.emplace_back(text);
  }
  for (const Override& override : kOverrides) {
    if (override.value != nullptr) result.push_back(std::string(override.name) + "=" + override.value);
  }
  return result;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

struct Pipe {
  UniqueFd read;
  UniqueFd write;

  bool Open() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) return false;
    read = UniqueFd(fds[0]);
    write = UniqueFd(fds[1]);
    // Were stdin, stdout or stderr closed, a pipe could get their numbers and be lost when they are set up in the
    // child.
    return AboveStandard(read) && AboveStandard(write);
  }

 private:
  static bool AboveStandard(UniqueFd& fd) {
    if (fd.get() > STDERR_FILENO) return true;
    fd = UniqueFd(::fcntl(fd.get(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    return fd.IsOpen();
  }
};

// A child that has gone must be an error, not a signal that kills the program; and a library does not change what
// signals do. So the one that a write may raise is held back, and taken.
class HoldSigpipe {
 public:
  HoldSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &old_);
  }
  HoldSigpipe(const HoldSigpipe&) = delete;
  HoldSigpipe& operator=(const HoldSigpipe&) = delete;
  ~HoldSigpipe() {
    const timespec now{};
    if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
  }

 private:
  sigset_t pipe_{};
  sigset_t old_{};
  bool was_pending_ = false;
};

class SpawnSetup {
 public:
  SpawnSetup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    // A caller that ignores these would pass that on, and git would not notice that we have gone.
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGCHLD);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  SpawnSetup(const SpawnSetup&) = delete;
  SpawnSetup& operator=(const SpawnSetup&) = delete;
  ~SpawnSetup() {
    posix_spawnattr_destroy(&attributes_);
    posix_spawn_file_actions_destroy(&actions_);
  }

  void Dup(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void OpenNull(int fd) { posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", O_RDONLY, 0); }
  int Spawn(pid_t* pid, const std::string& program, std::vector<std::string>& arguments,
            std::vector<std::string>& environment) {
    return ::posix_spawn(pid, program.c_str(), &actions_, &attributes_, Pointers(arguments).data(),
                         Pointers(environment).data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

// git prints one line per cause; a trace or a hint may come before it.
std::string_view ReasonLine(std::string_view errors) {
  std::string_view first;
  while (!errors.empty()) {
    const std::size_t end = std::min(errors.find('\n'), errors.size());
    std::string_view line = errors.substr(0, end);
    for (const std::string_view prefix : {"fatal: ", "error: "}) {
      if (line.starts_with(prefix)) return line.substr(prefix.size());
    }
    if (first.empty()) first = line;
    errors.remove_prefix(std::min(end + 1, errors.size()));
  }
  return first;
}

}  // namespace

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.Release();
  }
  return *this;
}

void UniqueFd::Close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

int UniqueFd::Release() { return std::exchange(fd_, -1); }

ChildProcess::~ChildProcess() {
  if (pid_ < 0) return;
  // It only reads: nothing is lost, and waiting for a large answer that nobody wants would cost.
  ::kill(pid_, SIGKILL);
  in_.Close();
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
}

bool ChildProcess::Write(std::string_view text) {
  const HoldSigpipe hold;
  while (!text.empty()) {
    const ssize_t written = ::write(in_.get(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

bool ChildProcess::DrainErrors() {
  std::array<char, 1024> buffer;
  const ssize_t got = ::read(err_.get(), buffer.data(), buffer.size());
  if (got < 0 && errno == EINTR) return true;
  if (got <= 0) {
    err_.Close();
    return false;
  }
  const std::size_t room = kMaxErrorBytes - errors_.size();
  errors_.append(buffer.data(), std::min(static_cast<std::size_t>(got), room));
  return true;
}

ssize_t ChildProcess::Read(char* buffer, std::size_t size) {
  while (true) {
    std::array<pollfd, 2> fds = {pollfd{out_.get(), POLLIN, 0}, pollfd{err_.get(), POLLIN, 0}};
    if (::poll(fds.data(), fds.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (fds[1].revents != 0) DrainErrors();
    if (fds[0].revents == 0) continue;
    const ssize_t got = ::read(out_.get(), buffer, size);
    if (got < 0 && errno == EINTR) continue;
    return got;
  }
}

int ChildProcess::Wait() {
  in_.Close();
  while (err_.IsOpen()) DrainErrors();
  int status = 0;
  pid_t waited = 0;
  do {
    waited = ::waitpid(pid_, &status, 0);
  } while (waited < 0 && errno == EINTR);
  pid_ = -1;
  return waited > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Result<std::unique_ptr<ChildProcess>> GitCommand::Start(const std::vector<std::string>& arguments,
                                                        bool with_stdin) const {
  const std::string program = FindGit();
  if (program.empty()) return SpawnError("there is no git in PATH");
  // No monitor of the file system, which would be a program named by the repository; nothing here needs it.
  std::vector<std::string> argv = {"git", "-c", "core.fsmonitor=false"};
  if (!directory_.empty()) argv.insert(argv.end(), {"-C", directory_});
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  Pipe in;
  Pipe out;
  Pipe err;
  if ((with_stdin && !in.Open()) || !out.Open() || !err.Open()) return SpawnError("no pipe: " + ErrnoText(errno));
  SpawnSetup setup;
  if (with_stdin) {
    setup.Dup(in.read.get(), STDIN_FILENO);
  } else {
    setup.OpenNull(STDIN_FILENO);
  }
  setup.Dup(out.write.get(), STDOUT_FILENO);
  setup.Dup(err.write.get(), STDERR_FILENO);
  std::vector<std::string> environment = ChildEnvironment(repository_);
  std::unique_ptr<ChildProcess> child(new ChildProcess);
  if (const int code = setup.Spawn(&child->pid_, program, argv, environment); code != 0) {
    child->pid_ = -1;
    return SpawnError("cannot run " + program + ": " + ErrnoText(code));
  }
  child->in_ = std::move(in.write);
  child->out_ = std::move(out.read);
  child->err_ = std::move(err.read);
  return child;
}

Result<void> GitCommand::Stream(const std::vector<std::string>& arguments,
                                const std::function<bool(std::string_view)>& sink) const {
  Result<std::unique_ptr<ChildProcess>> child = Start(arguments, /*with_stdin=*/false);
  if (!child) return child.error();
  constexpr std::size_t kPiece = 64U << 10U;
  std::string buffer(kPiece, '\0');
  while (true) {
    const ssize_t got = (*child)->Read(buffer.data(), buffer.size());
    if (got < 0) return SpawnError("cannot read its output");
    if (got == 0) break;
    if (!sink(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)))) return {};
  }
  const int exit_code = (*child)->Wait();
  if (exit_code != 0) return GitError((*child)->errors(), exit_code);
  return {};
}

Result<std::string> GitCommand::Run(const std::vector<std::string>& arguments) const {
  std::string output;
  Result<void> done = Stream(arguments, [&output](std::string_view piece) {
    output += piece;
    return true;
  });
  if (!done) return done.error();
  return output;
}

Error GitError(std::string_view errors, int exit_code) {
  const std::string_view line = ReasonLine(errors);
  if (line.starts_with("not a git repository")) {
    return {ErrorCode::kUsage, "", "not a git repository (nor is any directory above)"};
  }
  constexpr std::size_t kMaxReason = 300;
  std::string reason(line.substr(0, kMaxReason));
  // Names of hostile files must not steer a terminal.
  for (char& c : reason) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  if (reason.empty()) {
    reason = exit_code < 0 ? "killed by a signal" : "failed with exit code " + std::to_string(exit_code);
  }
  return {ErrorCode::kIncomplete, "git", std::move(reason)};
}

}  // namespace sluice::git
