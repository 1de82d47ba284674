// Files that do not fit: scanned to their end, in bounded memory and time.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::GitFixture;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif

struct Measured {
  CommandResult result;
  double seconds = 0;
  std::size_t peak_megabytes = 0;  // Of the largest process: the program, or a git that it runs.
};

class HugeFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (kIsSanitized) GTEST_SKIP() << "says nothing about memory and time";
    repo_.Commit("README", "hello\n");
  }

  // `megabytes` of `unit`, over and over, then `end`, staged as `name`.
  void StageHuge(const std::string& name, std::size_t megabytes, const std::string& unit, const std::string& end) {
    std::string piece;
    while (piece.size() < (1U << 20U)) piece += unit;
    const int fd = open((repo_.path() + "/" + name).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ASSERT_GE(fd, 0);
    for (std::size_t i = 0; i < megabytes; ++i) ASSERT_EQ(write(fd, piece.data(), 1U << 20U), 1 << 20);
    ASSERT_EQ(write(fd, end.data(), end.size()), static_cast<ssize_t>(end.size()));
    ASSERT_EQ(close(fd), 0);
    repo_.MustGit({"add", name});
  }

  Measured Measure(const std::vector<std::string>& argv) {
    const std::string out = folder_.path() + "/out";
    const std::string err = folder_.path() + "/err";
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid = fork();
    if (pid == 0) {
      dup2(open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
      dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
      if (chdir(repo_.path().c_str()) != 0) _exit(126);
      std::vector<char*> arguments;
      for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
      arguments.push_back(nullptr);
      execv(arguments[0], arguments.data());
      _exit(127);
    }
    Measured measured;
    int status = 0;
    rusage usage{};
    wait4(pid, &status, 0, &usage);
    if (WIFEXITED(status)) measured.result.exit_code = WEXITSTATUS(status);
    measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    measured.peak_megabytes = static_cast<std::size_t>(usage.ru_maxrss) / 1024;
    measured.result.out = tests::ReadFile(out);
    measured.result.err = tests::ReadFile(err);
    return measured;
  }

  GitFixture repo_;
  tests::TemporaryFolder folder_;
};

TEST_F(HugeFiles, ABlobOf573MegabytesIsScannedToItsEnd) {
  // As large in the pack as it is, which is what git maps.
  repo_.MustGit({"config", "core.compression", "0"});
  const std::string line = "2026-01-01T00:00:00 INFO worker 17 took a job from the queue and did it, as always\n";
  StageHuge("huge.log", 573, line, "\nkey = " + FakeAwsKey() + "\n");
  const Measured hook = Measure({SLUICE_HOOK_PROGRAM, "pre-commit"});
  EXPECT_EQ(hook.result.exit_code, 1) << hook.result.err;
  const std::size_t lines = (573U << 20U) / line.size() + 2;
  EXPECT_THAT(hook.result.out, ::testing::ContainsRegex("huge.log:[0-9]+:7: error: .*\\[aws-access-key-id\\]"));
  EXPECT_GT(std::stoul(hook.result.out.substr(hook.result.out.find(':') + 1)), lines - 1000) << hook.result.out;
  EXPECT_THAT(hook.result.err, HasSubstr("1 file, 600,8"));
  EXPECT_THAT(hook.result.out + hook.result.err, Not(HasSubstr(FakeAwsKey())));
  EXPECT_LT(hook.peak_megabytes, 64U);
  EXPECT_LT(hook.seconds, 30);
  RecordProperty("hook_megabytes", static_cast<int>(hook.peak_megabytes));
  RecordProperty("hook_milliseconds", static_cast<int>(hook.seconds * 1000));
}

TEST_F(HugeFiles, ALineOf100MegabytesIsScannedToItsEnd) {
  StageHuge("bundle.min.js", 100, "a(b,c);d=e?f:g[h];", ";k=\"" + FakeAwsKey() + "\";");
  const std::string place = "bundle.min.js:1:" + std::to_string((100U << 20U) + 5) + ": error: ";
  for (const std::vector<std::string>& way : std::vector<std::vector<std::string>>{
           {SLUICE_HOOK_PROGRAM, "pre-commit"}, {SLUICE_PROGRAM, "scan", "bundle.min.js"}}) {
    const Measured scan = Measure(way);
    EXPECT_EQ(scan.result.exit_code, 1) << scan.result.err;
    EXPECT_THAT(scan.result.out, ::testing::StartsWith(place));
    EXPECT_LT(scan.result.out.size(), 3000U) << "the line itself is in the report";
    EXPECT_LT(scan.peak_megabytes, 64U) << way[0];
    EXPECT_LT(scan.seconds, 20) << way[0];
  }
}

// It is known to be there, and then its end is not: what was read so far is no clean file.
TEST_F(HugeFiles, ABlobThatEndsTooSoonIsNotClean) {
  StageHuge("cut.log", 40, "some text that goes on and on, line after line, and is never a key\n", "end\n");
  const std::string oid = repo_.MustGit({"rev-parse", ":cut.log"}).substr(0, 40);
  const std::string object = ".git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2);
  const CommandResult cut =
      repo_.RunHere({"sh", "-ec", "head -c 60000 " + object + " >x; chmod +w " + object + "; cat x >" + object});
  ASSERT_EQ(cut.exit_code, 0) << cut.err;
  const Measured hook = Measure({SLUICE_HOOK_PROGRAM, "pre-commit"});
  EXPECT_EQ(hook.result.exit_code, 3) << hook.result.err;
  EXPECT_THAT(hook.result.out, ::testing::StartsWith("cut.log: not scanned: "));
  EXPECT_THAT(hook.result.err, HasSubstr("1 not known to be clean"));
}

}  // namespace
}  // namespace sluice
