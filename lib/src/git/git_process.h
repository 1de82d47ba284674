// Runs the git command: no shell, nothing asked, nothing fetched, nothing of the repository executed.
//
//   GitCommand git("");
//   Result<std::string> out = git.Run({"rev-parse", "--absolute-git-dir"});
//
// The environment is passed through, since GIT_DIR, GIT_INDEX_FILE and their like say what is meant; only what would
// make an answer depend on the person's settings, or reach for the network, is set here.
#ifndef SLUICE_GIT_GIT_PROCESS_H_
#define SLUICE_GIT_GIT_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/result.h"

namespace sluice::git {

// A file descriptor, closed at the end.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  ~UniqueFd() { Close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool IsOpen() const { return fd_ >= 0; }
  void Close();
  int Release();

 private:
  int fd_ = -1;
};

// A running child with pipes on stdout and stderr, and on stdin when asked for (else it is /dev/null).
class ChildProcess {
 public:
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  // Ends the child if it still runs.
  ~ChildProcess();

  // Writes all of `text`; false when the child has gone.
  bool Write(std::string_view text);
  // The next piece of stdout, up to `size` bytes: 0 at its end, -1 on failure. What comes on stderr meanwhile is
  // taken too, so that a talkative child cannot block.
  ssize_t Read(char* buffer, std::size_t size);
  // Closes stdin, waits, and says how it ended: the exit code, or -1 (a signal, or unknown).
  int Wait();
  // The first part of what it wrote to stderr.
  [[nodiscard]] const std::string& errors() const { return errors_; }

 private:
  friend class GitCommand;
  ChildProcess() = default;
  // False at the end of stderr.
  bool DrainErrors();

  pid_t pid_ = -1;
  UniqueFd in_;
  UniqueFd out_;
  UniqueFd err_;
  std::string errors_;
};

class GitCommand {
 public:
  // Every command runs as `git -C directory` unless it is empty.
  // With kDirectory, the repository is the one that `directory` is in, whatever GIT_DIR and its like name.
  enum class Repository : std::uint8_t { kEnvironment, kDirectory };
  explicit GitCommand(std::string directory, Repository repository = Repository::kEnvironment)
      : directory_(std::move(directory)), repository_(repository) {}

  [[nodiscard]] Result<std::unique_ptr<ChildProcess>> Start(const std::vector<std::string>& arguments,
                                                            bool with_stdin) const;
  // All of stdout. An exit code other than 0 is an error with git's own reason: kUsage when it found no repository,
  // else kIncomplete.
  [[nodiscard]] Result<std::string> Run(const std::vector<std::string>& arguments) const;
  // Stdout in pieces; `sink` returns false to stop early, which is no error.
  [[nodiscard]] Result<void> Stream(const std::vector<std::string>& arguments,
                                    const std::function<bool(std::string_view)>& sink) const;

 private:
  std::string directory_;
  Repository repository_;
};

// The error that git reported with `exit_code`.
[[nodiscard]] Error GitError(std::string_view errors, int exit_code);

}  // namespace sluice::git

#endif  // SLUICE_GIT_GIT_PROCESS_H_
