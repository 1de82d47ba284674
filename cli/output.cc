#include "output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "masker.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

// The file being written, for the signal handler; empty when there is none. Its length is limited so that the handler
// needs no allocation.
std::array<char, 4096> unfinished_file{};  // NOLINT: shared with a signal handler

// Its first byte last: until then there is none, so that a handler never sees half a name.
void SetUnfinished(const std::string& path) {
  std::memcpy(unfinished_file.data() + 1, path.c_str() + 1, path.size());
  std::atomic_thread_fence(std::memory_order_seq_cst);
  unfinished_file[0] = path[0];
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void RemoveUnfinished(int signal_number) {
  if (unfinished_file[0] != '\0') unlink(unfinished_file.data());
  std::signal(signal_number, SIG_DFL);
  raise(signal_number);
}

bool WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

Error CannotWrite(const std::string& where) {
  return {ErrorCode::kIncomplete, where, std::string("the report cannot be written: ") + std::strerror(errno)};
}

Result<void> WriteFile(const std::string& path, std::string_view text) {
  struct stat status {};
  // A device or pipe (/dev/stdout, /dev/null) is written to, not replaced.
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    const bool written = fd >= 0 && WriteAll(fd, text);
    const Error error = CannotWrite(path);
    if (fd >= 0) close(fd);
    if (!written) return error;
    return {};
  }
  const std::string temporary = path + ".sluice-" + std::to_string(getpid());
  if (temporary.size() >= unfinished_file.size()) {
    errno = ENAMETOOLONG;
    return CannotWrite(path);
  }
  // Before it is there: a signal can come right behind its making.
  SetUnfinished(temporary);
  const int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) {
    unfinished_file[0] = '\0';
    return CannotWrite(path);
  }
  bool written = WriteAll(fd, text);
  // A full disk or quota may only show now.
  written = fsync(fd) == 0 && written;
  written = close(fd) == 0 && written;
  if (!written || rename(temporary.c_str(), path.c_str()) != 0) {
    const Error error = CannotWrite(path);
    unlink(temporary.c_str());
    unfinished_file[0] = '\0';
    return error;
  }
  unfinished_file[0] = '\0';
  return {};
}

}  // namespace

Result<void> WriteReport(const std::string& path, std::string_view text) {
  if (!path.empty()) return WriteFile(path, text);
  if (!WriteAll(STDOUT_FILENO, text)) return CannotWrite("stdout");
  return {};
}

Result<void> WriteListing(std::string_view text) {
  if (!WriteAll(STDOUT_FILENO, text) && errno != EPIPE) return CannotWrite("stdout");
  return {};
}

void Say(std::string_view line) { SayLine("sluice: " + Masker().Line(line)); }

int Fail(const Errors& errors) {
  for (const Error& error : errors) SayLine("sluice: " + ErrorLine(error));
  return ExitCode(errors);
}

void SayLine(std::string_view line) { WriteAll(STDERR_FILENO, std::string(line) + "\n"); }

bool WantsColor(std::string_view when, int fd) {
  if (when == "always") return true;
  if (when == "never") return false;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  return isatty(fd) == 1 && (no_color == nullptr || no_color[0] == '\0') &&
         (term == nullptr || std::string_view(term) != "dumb");
}

void HandleSignals() {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    // One that our parent ignores (nohup) stays ignored.
    if (std::signal(number, RemoveUnfinished) == SIG_IGN) std::signal(number, SIG_IGN);
  }
  // A reader that has gone and a file that has reached its limit are errors of write(), which give exit code 3, not a
  // silent end that leaves the file half-written.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace sluice::cli
