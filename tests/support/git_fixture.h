// A real git repository in a folder of its own, and commands run in it.
//
//   GitFixture repo;
//   repo.Write("a.txt", "one\n");
//   repo.Git({"add", "a.txt"});
//   CommandResult commit = repo.Git({"commit", "-m", "first"});
#ifndef SLUICE_TESTS_SUPPORT_GIT_FIXTURE_H_
#define SLUICE_TESTS_SUPPORT_GIT_FIXTURE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::tests {

struct CommandResult {
  int exit_code = -1;  // -1: it did not end by itself.
  std::string out;
  std::string err;
};

using Environment = std::map<std::string, std::string>;

// Runs `argv` in `directory` with exactly `environment`; argv[0] is looked up in its PATH.
CommandResult Run(const std::vector<std::string>& argv, const std::string& directory, const Environment& environment,
                  std::string_view input = "");

// A folder that goes away with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

void WriteFile(const std::string& path, std::string_view bytes);
[[nodiscard]] std::string ReadFile(const std::string& path);
[[nodiscard]] bool Exists(const std::string& path);

class GitFixture {
 public:
  enum class Init { kPlain, kNone };
  explicit GitFixture(Init init = Init::kPlain);

  [[nodiscard]] const std::string& path() const { return path_; }
  // Isolated: a HOME of its own, no system configuration, a fixed author.
  [[nodiscard]] Environment& environment() { return environment_; }

  // Below the repository; makes the folders on the way.
  void Write(const std::string& name, std::string_view bytes);
  // Fails the test when git does.
  std::string MustGit(const std::vector<std::string>& arguments, std::string_view input = "");
  CommandResult Git(const std::vector<std::string>& arguments, std::string_view input = "");
  CommandResult RunHere(const std::vector<std::string>& argv, std::string_view input = "");
  // Write, add and commit in one.
  void Commit(const std::string& name, std::string_view bytes);
  void Stage(const std::string& name, std::string_view bytes);
  // An executable script in .git/hooks.
  void WriteHook(const std::string& name, std::string_view script);
  // The sluice-hook that was built, as pre-commit and pre-merge-commit.
  void InstallSluice();

 private:
  TemporaryFolder folder_;
  std::string path_;
  Environment environment_;
};

// Fake secrets, put together here so that no file holds one.
[[nodiscard]] std::string FakeAwsKey();
[[nodiscard]] std::string FakeAwsSecret();
[[nodiscard]] std::string FakeGithubToken();  // Its checksum is right.
[[nodiscard]] std::string FakePrivateKey();   // A PEM block of several lines.

}  // namespace sluice::tests

#endif  // SLUICE_TESTS_SUPPORT_GIT_FIXTURE_H_
