// A run that is ended from outside, or whose output has no room: never 0, and nothing half-written left behind.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::FakeGithubToken;
using tests::GitFixture;

// sluice, running, with its standard input in our hands.
class Running {
 public:
  Running(const std::vector<std::string>& arguments, const std::string& directory, int ignored_signal = 0) {
    int in[2];
    if (pipe2(in, O_CLOEXEC) != 0) std::abort();
    pid_ = fork();
    if (pid_ == 0) Become(arguments, directory, ignored_signal, in[0]);
    close(in[0]);
    in_ = in[1];
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    CloseInput();
    if (pid_ > 0) kill(pid_, SIGKILL);
    if (pid_ > 0) Wait();
  }

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool IsRunning() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
  }
  void Signal(int number) const { kill(pid_, number); }
  void CloseInput() {
    if (in_ >= 0) close(in_);
    in_ = -1;
  }
  // Writes, and waits until all of it was read.
  void Feed(const std::string& text) const {
    ASSERT_EQ(write(in_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
    int unread = 1;
    while (unread > 0 && ioctl(in_, FIONREAD, &unread) == 0) usleep(1000);
  }
  // The status of waitpid.
  int Wait(int options = 0) {
    int status = 0;
    waitpid(pid_, &status, options);
    if (WIFEXITED(status) || WIFSIGNALED(status)) pid_ = -1;
    return status;
  }

 private:
  [[noreturn]] static void Become(const std::vector<std::string>& arguments, const std::string& directory,
                                  int ignored_signal, int in) {
    dup2(in, STDIN_FILENO);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    // Who runs the tests in the background has SIGINT ignored.
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_DFL);
    if (ignored_signal != 0) std::signal(ignored_signal, SIG_IGN);
    std::vector<char*> argv = {const_cast<char*>(SLUICE_PROGRAM)};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    if (chdir(directory.c_str()) == 0) execv(argv[0], argv.data());
    _exit(127);
  }

  pid_t pid_ = -1;
  int in_ = -1;
};

class Interrupted : public ::testing::Test {
 protected:
  [[nodiscard]] std::set<std::string> Files() const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(repo_.path())) names.insert(entry.path().filename());
    return names;
  }
  [[nodiscard]] std::string Report() const { return tests::ReadFile(repo_.path() + "/report.json"); }

  // Findings for a report of several megabytes.
  void WriteManySecrets() {
    std::string text;
    for (int i = 0; i < 900; ++i) text += "token_" + std::to_string(i) + " = " + FakeGithubToken() + "\n";
    for (int i = 0; i < 12; ++i) repo_.Write("many/" + std::to_string(i), text);
  }

  GitFixture repo_;
};

TEST_F(Interrupted, WhileItScans) {
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    for (const bool old_report : {false, true}) {
      if (old_report) repo_.Write("report.json", "old");
      const std::set<std::string> before = Files();
      Running sluice({"scan", "--stdin", "--format", "json", "--output", "report.json"}, repo_.path());
      sluice.Feed("key = " + FakeAwsKey() + "\n");
      sluice.Signal(number);
      const int status = sluice.Wait();
      EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == number) << number << ": " << status;
      EXPECT_EQ(Files(), before) << number;
      EXPECT_EQ(Report(), old_report ? "old" : "") << number;
    }
    std::filesystem::remove(repo_.path() + "/report.json");
  }
}

// Stopped while its unfinished file is there, then ended.
TEST_F(Interrupted, WhileItWrites) {
  WriteManySecrets();
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    repo_.Write("report.json", "old");
    const std::set<std::string> before = Files();
    bool met = false;
    for (int tries = 0; tries < 20 && !met; ++tries) {
      Running sluice({"scan", "--format", "json", "--output", "report.json", "many"}, repo_.path());
      const std::string unfinished = repo_.path() + "/report.json.sluice-" + std::to_string(sluice.pid());
      while (!tests::Exists(unfinished) && sluice.IsRunning()) {
      }
      sluice.Signal(SIGSTOP);
      int status = sluice.Wait(WUNTRACED);
      ASSERT_TRUE(WIFSTOPPED(status) || WIFEXITED(status)) << status;
      met = WIFSTOPPED(status) && tests::Exists(unfinished);
      if (!met) {
        // It was quicker than we: the report is whole.
        repo_.Write("report.json", "old");
        continue;
      }
      sluice.Signal(number);
      sluice.Signal(SIGCONT);
      status = sluice.Wait();
      EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == number) << number << ": " << status;
      EXPECT_EQ(Files(), before) << number;
      EXPECT_EQ(Report(), "old") << number;
    }
    EXPECT_TRUE(met) << "never met while it was writing";
  }
}

// nohup means it.
TEST_F(Interrupted, ASignalThatIsIgnoredStaysSo) {
  Running sluice({"scan", "--stdin", "--format", "json", "--output", "report.json"}, repo_.path(), SIGHUP);
  sluice.Feed("clean\n");
  sluice.Signal(SIGHUP);
  sluice.CloseInput();
  const int status = sluice.Wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_TRUE(nlohmann::json::accept(Report()));
}

// A disk or quota that is full: the limit of the shell ends the writing in the middle, as they do.
TEST_F(Interrupted, NoRoomForTheReport) {
  WriteManySecrets();
  for (const bool old_report : {false, true}) {
    if (old_report) repo_.Write("report.json", "old");
    const std::set<std::string> before = Files();
    const CommandResult full = repo_.RunHere(
        {"sh", "-c", "ulimit -f 16; exec '" SLUICE_PROGRAM "' scan --format json --output report.json many"});
    EXPECT_EQ(full.exit_code, 3) << full.err;
    EXPECT_THAT(full.err, HasSubstr("report.json: the report cannot be written: File too large"));
    EXPECT_EQ(Files(), before);
    EXPECT_EQ(Report(), old_report ? "old" : "");
  }
}

TEST_F(Interrupted, NoRoomOnStdout) {
  repo_.Write("secret.txt", FakeAwsKey() + "\n");
  repo_.Write("clean.txt", "nothing\n");
  WriteManySecrets();
  const struct {
    const char* arguments;
    const char* redirection;
    int exit_code;
  } cases[] = {
      {"scan secret.txt", ">/dev/full", 3},
      {"scan --format json secret.txt", ">/dev/full", 3},
      {"scan --format sarif clean.txt", ">/dev/full", 3},
      {"scan clean.txt", ">/dev/full", 0},  // There is nothing to write.
      {"scan --format json clean.txt", ">&-", 3},
      {"scan --stdin --format json", ">/dev/full </dev/null", 3},
      {"rules list", ">/dev/full", 3},
      {"rules list --format json", ">&-", 3},
      {"version", ">/dev/full", 3},
      {"explain secret.txt:1", ">/dev/full", 3},
      // Nobody can be told why, but the code says it.
      {"scan secret.txt", ">/dev/full 2>&1", 3},
      {"scan secret.txt", ">&- 2>&-", 3},
  };
  for (const auto& c : cases) {
    const CommandResult result = repo_.RunHere(
        {"sh", "-c", std::string("'" SLUICE_PROGRAM "' ") + c.arguments + " " + c.redirection + "; exit $?"});
    EXPECT_EQ(result.exit_code, c.exit_code) << c.arguments << " " << c.redirection << "\n" << result.err;
    EXPECT_THAT(result.out + result.err, Not(HasSubstr(FakeAwsKey())));
  }
  // A reader that goes away after the first bytes.
  const CommandResult gone = repo_.RunHere(
      {"sh", "-c", "{ '" SLUICE_PROGRAM "' scan --format json many; echo code $? >&2; } | head -c 1 >/dev/null"});
  EXPECT_THAT(gone.err, HasSubstr("code 3"));
}

}  // namespace
}  // namespace sluice
