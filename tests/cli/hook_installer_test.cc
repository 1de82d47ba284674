#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::GitFixture;

// Everything below `folder`: name -> mode and bytes, or where a link points to.
std::map<std::string, std::string> Snapshot(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    struct stat status {};
    lstat(path.c_str(), &status);
    std::string& file = files[path.substr(folder.size())];
    file = std::to_string(status.st_mode) + " ";
    if (entry.is_symlink()) {
      file += std::filesystem::read_symlink(path).string();
    } else if (entry.is_regular_file()) {
      file += tests::ReadFile(path);
    }
  }
  return files;
}

class HookInstaller : public ::testing::Test {
 protected:
  HookInstaller() { repo_.Commit("a", "1\n"); }

  CommandResult Hook(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {SLUICE_PROGRAM, "hook"});
    return repo_.RunHere(arguments);
  }
  int Install(std::vector<std::string> more = {}) {
    more.insert(more.begin(), "install");
    return Hook(more).exit_code;
  }
  bool CommitIsBlocked() {
    repo_.Stage("s", FakeAwsKey() + "\n");
    const bool blocked = repo_.Git({"commit", "-m", "x"}).exit_code != 0;
    if (!blocked) repo_.MustGit({"reset", "-q", "--hard", "HEAD~1"});
    repo_.MustGit({"rm", "-q", "-f", "--cached", "--ignore-unmatch", "s"});
    return blocked;
  }
  std::string HookFile(const std::string& name = "pre-commit") { return repo_.path() + "/.git/hooks/" + name; }

  GitFixture repo_;
};

TEST_F(HookInstaller, InstallsAndUndoesItself) {
  const std::string before = repo_.RunHere({"ls", "-la", "--time-style=+", ".git/hooks"}).out;
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_EQ(Install(), 0);
  EXPECT_TRUE(CommitIsBlocked());
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  const std::string script = tests::ReadFile(HookFile());
  EXPECT_EQ(Install(), 0);
  EXPECT_EQ(tests::ReadFile(HookFile()), script);
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
  EXPECT_FALSE(CommitIsBlocked());
  EXPECT_EQ(repo_.RunHere({"ls", "-la", "--time-style=+", ".git/hooks"}).out, before);
}

TEST_F(HookInstaller, ChainsAnEarlierHook) {
  repo_.WriteHook("pre-commit", "#!/bin/sh\necho earlier ran\nexit 7\n");
  const std::string earlier = tests::ReadFile(HookFile());
  EXPECT_EQ(Install(), 0);
  repo_.Stage("b", "clean\n");
  const CommandResult commit = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(commit.exit_code, 0);
  EXPECT_THAT(commit.err, HasSubstr("earlier ran"));
  EXPECT_TRUE(CommitIsBlocked());
  EXPECT_EQ(Install(), 0);  // Again: still chained once.
  EXPECT_THAT(repo_.Git({"commit", "--allow-empty", "-m", "x"}).err, HasSubstr("earlier ran"));
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
  EXPECT_EQ(tests::ReadFile(HookFile()), earlier);
  EXPECT_FALSE(tests::Exists(HookFile("pre-commit.before-sluice")));
}

TEST_F(HookInstaller, StopsTheCommitWhenTheProgramIsGone) {
  const std::string copy = repo_.path() + "/../a 'quoted' $name";
  repo_.RunHere({"cp", SLUICE_HOOK_PROGRAM, copy});
  EXPECT_EQ(Install({"--hook-binary", copy}), 0);
  EXPECT_TRUE(CommitIsBlocked());
  repo_.Stage("b", "clean\n");
  EXPECT_EQ(repo_.Git({"commit", "-m", "x"}).exit_code, 0);
  repo_.RunHere({"rm", copy});
  repo_.Stage("c", "clean\n");
  const CommandResult commit = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(commit.exit_code, 0);
  EXPECT_THAT(commit.err, HasSubstr("nothing was scanned"));
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
}

TEST_F(HookInstaller, RefusesToDestroyAnEditedScript) {
  EXPECT_EQ(Install(), 0);
  tests::WriteFile(HookFile(), tests::ReadFile(HookFile()) + "echo mine\n");
  const CommandResult result = Hook({"uninstall"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("edited"));
  EXPECT_THAT(tests::ReadFile(HookFile()), HasSubstr("echo mine"));
}

TEST_F(HookInstaller, FollowsCoreHooksPath) {
  const std::string hooks = repo_.path() + "/../shared-hooks";
  repo_.MustGit({"config", "core.hooksPath", hooks});
  EXPECT_EQ(Install(), 0);
  EXPECT_TRUE(tests::Exists(hooks + "/pre-commit"));
  EXPECT_TRUE(CommitIsBlocked());
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("core.hooksPath"));
}

TEST_F(HookInstaller, LeavesHuskyItsFolder) {
  repo_.Write(".husky/pre-commit", "npm test\n");
  repo_.MustGit({"config", "core.hooksPath", ".husky"});
  const CommandResult result = Hook({"install"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("add the line"));
  EXPECT_EQ(tests::ReadFile(repo_.path() + "/.husky/pre-commit"), "npm test\n");
}

TEST_F(HookInstaller, NamesOtherManagers) {
  repo_.Write("lefthook.yml", "pre-commit:\n");
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("lefthook"));
  repo_.RunHere({"rm", "lefthook.yml"});
  repo_.Write(".pre-commit-config.yaml", "repos: []\n");
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("pass_filenames: false"));
}

TEST_F(HookInstaller, CoversLinkedWorktrees) {
  EXPECT_EQ(Install(), 0);
  const std::string tree = repo_.path() + "/../tree";
  repo_.MustGit({"worktree", "add", "-q", tree, "-b", "two"});
  EXPECT_EQ(tests::Run({SLUICE_PROGRAM, "hook", "status"}, tree, repo_.environment()).exit_code, 0);
  tests::WriteFile(tree + "/s", FakeAwsKey());
  repo_.MustGit({"-C", tree, "add", "s"});
  EXPECT_NE(repo_.Git({"-C", tree, "commit", "-m", "x"}).exit_code, 0);
}

TEST_F(HookInstaller, GlobalCoversEveryRepositoryAndKeepsItsHooks) {
  repo_.WriteHook("post-commit", "#!/bin/sh\necho own hook ran >&2\n");
  EXPECT_EQ(Install({"--global"}), 0);
  EXPECT_TRUE(CommitIsBlocked());
  repo_.Stage("b", "clean\n");
  EXPECT_THAT(repo_.Git({"commit", "-m", "x"}).err, HasSubstr("own hook ran"));
  EXPECT_EQ(Install({"--global"}), 0);
  EXPECT_EQ(Hook({"uninstall", "--global"}).exit_code, 0);
  EXPECT_FALSE(CommitIsBlocked());
  EXPECT_NE(repo_.Git({"config", "--global", "core.hooksPath"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(repo_.environment()["HOME"] + "/.config/sluice"));
}

TEST_F(HookInstaller, GlobalRespectsAHooksPathOfTheUser) {
  repo_.MustGit({"config", "--global", "core.hooksPath", "/somewhere"});
  EXPECT_EQ(Install({"--global"}), 2);
  EXPECT_THAT(repo_.MustGit({"config", "--global", "core.hooksPath"}), HasSubstr("/somewhere"));
}

TEST_F(HookInstaller, NeedsARepository) {
  tests::TemporaryFolder nowhere;
  for (const char* verb : {"install", "uninstall", "status"}) {
    EXPECT_EQ(tests::Run({SLUICE_PROGRAM, "hook", verb}, nowhere.path(), repo_.environment()).exit_code, 2) << verb;
  }
}

// A program in the place of sluice-hook that writes down how it was called, and fails when the file "verdict" says so.
class FakeProgram : public HookInstaller {
 protected:
  FakeProgram() { UseProgram("bin/sluice-hook"); }

  void UseProgram(const std::string& name) {
    program_ = Outside(name);
    WriteProgram(program_, "echo \"sluice-hook $*\" >>'" + Outside("log") + "'\ncat >>'" + Outside("log") +
                               "'\nread -r verdict <'" + Outside("verdict") + "' || exit 0\nexit \"$verdict\"\n");
    SetVerdict("0");
  }
  static void WriteProgram(const std::string& path, const std::string& body) {
    tests::WriteFile(path, "#!/bin/sh\n" + body);
    chmod(path.c_str(), 0755);
  }
  // Beside the repository.
  std::string Outside(const std::string& name) { return repo_.path().substr(0, repo_.path().rfind('/')) + "/" + name; }
  void SetVerdict(const std::string& exit_code) { tests::WriteFile(Outside("verdict"), exit_code + "\n"); }
  // An earlier hook that writes down how it was called.
  std::string Witness(const std::string& name, const std::string& more = "") {
    return "#!/bin/sh\necho \"" + name + " $*\" >>'" + Outside("log") + "'\ncat >>'" + Outside("log") + "'\n" + more;
  }

  CommandResult InstallFake(std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"install", "--hook-binary", program_});
    return Hook(more);
  }
  CommandResult Commit(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments = {"commit", "--allow-empty", "-m", "x"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return repo_.Git(arguments);
  }
  // What was written down since the last time.
  std::string TakeLog() {
    const std::string log = tests::ReadFile(Outside("log"));
    unlink(Outside("log").c_str());
    return log;
  }
  std::string Status() { return Hook({"status"}).out; }
  CommandResult At(const std::string& directory, const std::vector<std::string>& argv) {
    return tests::Run(argv, directory, repo_.environment());
  }

  std::string program_;
};

TEST_F(FakeProgram, RunsForCommitsAndMerges) {
  EXPECT_EQ(InstallFake().exit_code, 0);
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  repo_.MustGit({"checkout", "-q", "-b", "side", "HEAD~1"});
  repo_.Commit("side", "1\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.MustGit({"merge", "-q", "--no-edit", "side"});
  EXPECT_EQ(TakeLog(), "sluice-hook pre-merge-commit\n");
  SetVerdict("1");
  EXPECT_NE(Commit().exit_code, 0);
}

TEST_F(FakeProgram, EveryExitCodeStopsTheCommit) {
  InstallFake();
  for (const char* verdict : {"1", "2", "3", "126", "255"}) {
    SetVerdict(verdict);
    EXPECT_NE(Commit().exit_code, 0) << verdict;
    EXPECT_EQ(std::to_string(repo_.RunHere({HookFile()}).exit_code), verdict);
  }
}

TEST_F(FakeProgram, RunsWithNothingInTheEnvironment) {
  InstallFake();
  repo_.Stage("b", "1\n");
  const CommandResult commit =
      tests::Run({"git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", "commit", "-qm", "x"}, repo_.path(),
                 {{"PATH", "/usr/bin"}});
  EXPECT_EQ(commit.exit_code, 0) << commit.err;
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
}

TEST_F(FakeProgram, TakesAnyNameOfTheProgram) {
  for (const char* name : {"with space/sluice-hook", "it's \"quoted\"/sluice-hook", "$HOME `id` $(id) \\n/x",
                           "-n/caf\xc3\xa9 \xff/*?[a]", "'/'\\''"}) {
    UseProgram(name);
    EXPECT_EQ(InstallFake().exit_code, 0) << name;
    EXPECT_EQ(Commit().exit_code, 0) << name;
    EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n") << name;
    EXPECT_EQ(Hook({"status"}).exit_code, 0) << name;
    SetVerdict("1");
    EXPECT_NE(Commit().exit_code, 0) << name;
    unlink(program_.c_str());
    TakeLog();
    const CommandResult run = repo_.RunHere({HookFile()});
    EXPECT_EQ(run.exit_code, 3) << name;
    EXPECT_EQ(run.err, "sluice: nothing was scanned: " + program_ + " is missing; run 'sluice hook install' again\n");
  }
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(HookFile()));
}

TEST_F(FakeProgram, RefusesAProgramThatCannotRun) {
  for (const std::string& name : {Outside("absent"), Outside(""), repo_.path() + "/a"}) {
    EXPECT_EQ(Install({"--hook-binary", name}), 2) << name;
  }
  UseProgram("two\nlines");
  EXPECT_EQ(InstallFake().exit_code, 2);
  EXPECT_FALSE(tests::Exists(HookFile()));
}

TEST_F(FakeProgram, RelativeProgramBecomesAbsolute) {
  EXPECT_EQ(Install({"--hook-binary", "../bin/sluice-hook"}), 0);
  repo_.Write("sub/b", "1\n");
  EXPECT_EQ(At(repo_.path() + "/sub", {"git", "commit", "--allow-empty", "-qm", "x"}).exit_code, 0);
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
}

TEST_F(FakeProgram, InstallingTwiceChangesNothingAndAnotherProgramUpdates) {
  repo_.WriteHook("pre-commit", Witness("earlier"));
  InstallFake();
  const auto installed = Snapshot(repo_.path() + "/.git/hooks");
  EXPECT_THAT(InstallFake().out, HasSubstr("already installed"));
  EXPECT_EQ(Snapshot(repo_.path() + "/.git/hooks"), installed);
  unlink(program_.c_str());
  EXPECT_THAT(Status(), HasSubstr(program_ + " is missing"));
  UseProgram("moved/sluice-hook");
  EXPECT_EQ(InstallFake().exit_code, 0);
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(TakeLog(), "earlier \nsluice-hook pre-commit\n");
}

TEST_F(FakeProgram, RepairsItsMode) {
  InstallFake();
  chmod(HookFile().c_str(), 0644);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), HasSubstr("pre-commit: not executable"));
  InstallFake();
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

TEST_F(FakeProgram, CanBeRunByEverybodyWhateverTheUmask) {
  repo_.RunHere(
      {"sh", "-c", "umask 077; exec \"$@\"", "sh", SLUICE_PROGRAM, "hook", "install", "--hook-binary", program_});
  struct stat status {};
  ASSERT_EQ(stat(HookFile().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0755U);
}

TEST_F(FakeProgram, EarlierHookGetsTheSameArgumentsInputAndEnvironment) {
  repo_.WriteHook("pre-commit", Witness("earlier", "echo \"$sluice_test_value\"\nexit 7\n"));
  InstallFake();
  repo_.environment()["sluice_test_value"] = "kept";
  const CommandResult run = repo_.RunHere({HookFile(), "one two", "*"}, "to stdin\n");
  EXPECT_EQ(run.exit_code, 7);
  EXPECT_EQ(run.out, "kept\n");
  EXPECT_EQ(TakeLog(), "earlier one two *\nto stdin\n");  // What is stopped needs no scan.
  tests::WriteFile(HookFile("pre-commit.before-sluice"), Witness("earlier"));
  EXPECT_EQ(repo_.RunHere({HookFile(), "one two", "*"}).exit_code, 0);
  EXPECT_EQ(TakeLog(), "earlier one two *\nsluice-hook pre-commit one two *\n");
  SetVerdict("1");
  EXPECT_EQ(repo_.RunHere({HookFile()}).exit_code, 1);
}

// A formatter or generator stages what it made, and git commits that: it must have been scanned.
TEST_F(HookInstaller, ScansWhatAnEarlierHookStages) {
  for (const char* scope : {"", "--global"}) {
    repo_.WriteHook("pre-commit", "#!/bin/sh\necho '" + FakeAwsKey() + "' >made\ngit add made\n");
    EXPECT_EQ(*scope == '\0' ? Install() : Install({scope}), 0);
    repo_.Stage("b", std::string("clean ") + scope + "\n");
    EXPECT_NE(repo_.Git({"commit", "-m", "x"}).exit_code, 0) << scope;
    Hook(*scope == '\0' ? std::vector<std::string>{"uninstall"} : std::vector<std::string>{"uninstall", scope});
    repo_.MustGit({"rm", "-q", "-f", "--cached", "made"});
  }
}

TEST_F(HookInstaller, AnEmptyProgramStopsTheCommit) {
  const std::string copy = repo_.path() + "/../sluice-hook";
  repo_.RunHere({"cp", SLUICE_HOOK_PROGRAM, copy});
  EXPECT_EQ(Install({"--hook-binary", copy}), 0);
  repo_.RunHere({"truncate", "-s", "0", copy});
  repo_.Stage("b", "clean\n");
  EXPECT_NE(repo_.Git({"commit", "-m", "x"}).exit_code, 0);
}

TEST_F(FakeProgram, UninstallBringsBackEveryKindOfHook) {
  const std::string hooks = repo_.path() + "/.git/hooks";
  // (mode, bytes) of a file, or a link.
  const std::vector<std::function<void()>> kinds = {
      [&] { repo_.WriteHook("pre-commit", Witness("earlier")); },
      [&] { repo_.WriteHook("pre-commit", std::string("#!/bin/sh\n\0\xff no newline", 24)); },
      [&] {
        repo_.WriteHook("pre-commit", "echo never\n");
        chmod(HookFile().c_str(), 0640);
      },
      [&] {
        repo_.WriteHook("pre-commit", "exit 0\n");
        chmod(HookFile().c_str(), 0700);
      },
      [&] {
        repo_.Write("tools/check", Witness("check"));
        symlink("../../tools/check", HookFile().c_str());
      },
      [&] { symlink("/nowhere/at/all", HookFile().c_str()); },
      [&] {
        repo_.WriteHook("pre-commit", Witness("earlier"));
        symlink("pre-commit", HookFile("pre-merge-commit").c_str());
      },
      [&] {
        tests::WriteFile(HookFile(), "");
        chmod(HookFile().c_str(), 0755);
      }};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    kinds[i]();
    const auto before = Snapshot(hooks);
    EXPECT_EQ(InstallFake().exit_code, 0) << i;
    EXPECT_NE(Snapshot(hooks), before) << i;
    EXPECT_EQ(Hook({"status"}).exit_code, 0) << i;
    EXPECT_EQ(InstallFake().exit_code, 0) << i;
    EXPECT_EQ(Hook({"uninstall"}).exit_code, 0) << i;
    EXPECT_EQ(Snapshot(hooks), before) << i;
    for (const char* name : {"pre-commit", "pre-merge-commit"}) unlink(HookFile(name).c_str());
  }
}

TEST_F(FakeProgram, EarlierHookThatIsNotExecutableStaysSilent) {
  repo_.WriteHook("pre-commit", Witness("earlier", "exit 1\n"));
  chmod(HookFile().c_str(), 0644);
  InstallFake();
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  // As without sluice, it runs once somebody makes it executable.
  chmod(HookFile("pre-commit.before-sluice").c_str(), 0755);
  EXPECT_NE(Commit().exit_code, 0);
}

TEST_F(FakeProgram, FinishesAnInstallationThatWasInterrupted) {
  repo_.WriteHook("pre-commit", Witness("earlier"));
  std::filesystem::create_hard_link(HookFile(), HookFile("pre-commit.before-sluice"));
  EXPECT_EQ(InstallFake().exit_code, 0);
  Commit();
  EXPECT_EQ(TakeLog(), "earlier \nsluice-hook pre-commit\n");
}

TEST_F(FakeProgram, RefusesWhatItWouldDestroyAndChangesNothing) {
  const std::string hooks = repo_.path() + "/.git/hooks";
  repo_.WriteHook("pre-merge-commit", Witness("merge"));
  tests::WriteFile(HookFile("pre-merge-commit.before-sluice"), "somebody's\n");
  auto before = Snapshot(hooks);
  EXPECT_THAT(InstallFake().err, AllOf(HasSubstr("pre-merge-commit.before-sluice"), HasSubstr("in the way")));
  EXPECT_EQ(Snapshot(hooks), before);
  unlink(HookFile("pre-merge-commit.before-sluice").c_str());
  InstallFake();
  tests::WriteFile(HookFile("pre-merge-commit"), tests::ReadFile(HookFile("pre-merge-commit")) + "\n");
  before = Snapshot(hooks);
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 2);
  EXPECT_EQ(InstallFake().exit_code, 2);
  EXPECT_EQ(Snapshot(hooks), before);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), HasSubstr("pre-merge-commit: installed, but edited"));
}

TEST_F(FakeProgram, TakesBackTheFoldersThatItMade) {
  std::filesystem::remove_all(repo_.path() + "/.git/hooks");
  for (const std::string& hooks : {std::string(), Outside("deep/er/hooks")}) {
    if (!hooks.empty()) repo_.MustGit({"config", "core.hooksPath", hooks});
    const auto before = Snapshot(Outside(""));
    EXPECT_EQ(InstallFake().exit_code, 0);
    EXPECT_EQ(InstallFake().exit_code, 0);
    EXPECT_EQ(Hook({"status"}).exit_code, 0);
    EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
    EXPECT_EQ(Snapshot(Outside("")), before) << hooks;
  }
  // One that was there stays, though it is empty.
  std::filesystem::create_directory(repo_.path() + "/.git/hooks");
  repo_.MustGit({"config", "--unset", "core.hooksPath"});
  InstallFake();
  Hook({"uninstall"});
  EXPECT_TRUE(tests::Exists(repo_.path() + "/.git/hooks"));
}

TEST_F(FakeProgram, WorksInARepositoryWithAnOddName) {
  const std::string path = Outside("it's a \"repo\" $x");
  repo_.MustGit({"init", "-q", path});
  EXPECT_EQ(At(path, {SLUICE_PROGRAM, "hook", "install", "--hook-binary", program_}).exit_code, 0);
  EXPECT_EQ(At(path, {"git", "commit", "--allow-empty", "-qm", "x"}).exit_code, 0);
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
}

TEST_F(FakeProgram, InstallsFromAFolderBelowAndAWorktree) {
  repo_.MustGit({"worktree", "add", "-q", Outside("tree"), "-b", "two"});
  repo_.Write("x/y/z", "");
  EXPECT_EQ(At(Outside("tree"), {SLUICE_PROGRAM, "hook", "install", "--hook-binary", program_}).exit_code, 0);
  EXPECT_TRUE(tests::Exists(HookFile()));
  EXPECT_EQ(At(repo_.path() + "/x/y", {SLUICE_PROGRAM, "hook", "status"}).exit_code, 0);
  Commit();
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  EXPECT_EQ(At(repo_.path() + "/x/y", {SLUICE_PROGRAM, "hook", "uninstall"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(HookFile()));
}

TEST_F(FakeProgram, InstallsInASubmodule) {
  repo_.MustGit({"init", "-q", Outside("inner")});
  At(Outside("inner"), {"git", "commit", "--allow-empty", "-qm", "x"});
  repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Outside("inner"), "sub"});
  EXPECT_EQ(At(repo_.path() + "/sub", {SLUICE_PROGRAM, "hook", "install", "--hook-binary", program_}).exit_code, 0);
  EXPECT_TRUE(tests::Exists(repo_.path() + "/.git/modules/sub/hooks/pre-commit"));
  EXPECT_FALSE(tests::Exists(HookFile()));
  At(repo_.path() + "/sub", {"git", "commit", "--allow-empty", "-qm", "x"});
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
}

TEST_F(FakeProgram, FollowsAHooksPathOfTheUserAndSaysSo) {
  repo_.MustGit({"config", "--global", "core.hooksPath", Outside("team hooks")});
  const CommandResult install = InstallFake();
  EXPECT_EQ(install.exit_code, 0);
  EXPECT_THAT(install.out, AllOf(HasSubstr("core.hooksPath = "), HasSubstr("every repository")));
  EXPECT_TRUE(tests::Exists(Outside("team hooks/pre-commit")));
  EXPECT_FALSE(tests::Exists(HookFile()));
  Commit();
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  EXPECT_THAT(Status(), AllOf(HasSubstr("global"), HasSubstr(".gitconfig")));
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(Outside("team hooks")));
}

TEST_F(FakeProgram, SaysWhenAHooksPathHidesIt) {
  InstallFake();
  repo_.MustGit({"config", "core.hooksPath", Outside("elsewhere")});
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), AllOf(HasSubstr("core.hooksPath = " + Outside("elsewhere")), HasSubstr("sends git elsewhere")));
  // It is found and removed all the same.
  EXPECT_EQ(Hook({"uninstall"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(HookFile()));
}

TEST_F(FakeProgram, HuskyRunsItFromItsFiles) {
  repo_.Write(".husky/_/pre-commit", "#!/usr/bin/env sh\nsh -e .husky/\"${0##*/}\"\n");
  repo_.Write(".husky/_/pre-merge-commit", "#!/usr/bin/env sh\nsh -e .husky/\"${0##*/}\"\n");
  repo_.RunHere({"chmod", "+x", ".husky/_/pre-commit", ".husky/_/pre-merge-commit"});
  repo_.MustGit({"config", "core.hooksPath", ".husky/_"});
  const auto before = Snapshot(repo_.path());
  const CommandResult install = InstallFake();
  EXPECT_EQ(install.exit_code, 2);
  repo_.environment()["PATH"] += ":" + Outside("bin");
  EXPECT_THAT(install.err, AllOf(HasSubstr(".husky/pre-commit:\n    sluice-hook pre-commit || exit $?"),
                                 HasSubstr(".husky/pre-merge-commit:\n    sluice-hook pre-merge-commit || exit $?")));
  EXPECT_EQ(Snapshot(repo_.path()), before);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.Write(".husky/pre-commit", "npm test\nsluice-hook pre-commit || exit $?\n");
  repo_.Write(".husky/pre-merge-commit", "# sluice-hook pre-merge-commit || exit $?\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.Write(".husky/pre-merge-commit", "sluice-hook pre-merge-commit || exit $?\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  EXPECT_EQ(InstallFake().exit_code, 0);
  EXPECT_EQ(At(repo_.path() + "/.husky", {SLUICE_PROGRAM, "hook", "status"}).exit_code, 0);
}

TEST_F(FakeProgram, AnyTrackedFolderOfHooksIsLeftAlone) {
  repo_.Write("tools/hooks/pre-commit", "#!/bin/sh\n");
  repo_.MustGit({"config", "core.hooksPath", "tools/hooks"});
  const CommandResult install = InstallFake();
  EXPECT_EQ(install.exit_code, 2);
  EXPECT_THAT(install.err, HasSubstr("/tools/hooks/pre-commit:\n    " SLUICE_HOOK_PROGRAM " pre-commit || exit $?\n"));
  EXPECT_THAT(install.err, HasSubstr("sluice-hook is not in PATH here; " SLUICE_HOOK_PROGRAM " is it"));
  EXPECT_FALSE(tests::Exists(repo_.path() + "/tools/hooks/pre-merge-commit"));
  // In PATH, it is called by its name.
  repo_.environment()["PATH"] +=
      ":" + std::string(SLUICE_HOOK_PROGRAM).substr(0, std::string(SLUICE_HOOK_PROGRAM).rfind('/'));
  const CommandResult again = InstallFake();
  EXPECT_THAT(again.err, HasSubstr("/tools/hooks/pre-commit:\n    sluice-hook pre-commit || exit $?\n"));
  EXPECT_THAT(again.err, Not(HasSubstr("not in PATH")));
}

// Its advice, taken word by word, made a file that git does not run.
TEST_F(FakeProgram, TheAdviceForATrackedFolderWorks) {
  repo_.MustGit({"config", "core.hooksPath", "my hooks"});
  const std::string advice = InstallFake().err;
  EXPECT_THAT(advice, HasSubstr("begins with the line #!/bin/sh"));
  const std::string chmod = advice.substr(
      advice.find("    chmod +x "), advice.find('\n', advice.find("    chmod +x ")) - advice.find("    chmod +x "));
  for (const char* hook : {"pre-commit", "pre-merge-commit"}) {
    const std::string before = std::string("/my hooks/") + hook + ":\n";
    const std::size_t begin = advice.find(before) + before.size();
    repo_.Write(std::string("my hooks/") + hook,
                "#!/bin/sh\n" + advice.substr(begin, advice.find('\n', begin) - begin) + "\n");
  }
  EXPECT_EQ(repo_.RunHere({"sh", "-c", chmod}).exit_code, 0) << chmod;
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  repo_.Stage("a", tests::FakeAwsKey() + "\n");
  EXPECT_EQ(repo_.Git({"commit", "-qm", "x"}).exit_code, 1);
}

TEST_F(FakeProgram, StatusNamesAWrongConfiguration) {
  InstallFake();
  repo_.Stage(".sluice.toml", "format = 1\nexcludes = []\n");
  const CommandResult status = Hook({"status"});
  EXPECT_EQ(status.exit_code, 2);
  EXPECT_THAT(status.out, HasSubstr("every commit here is stopped, since the configuration is wrong:\n"
                                    "  .sluice.toml:2: unknown key 'excludes'; did you mean 'exclude'? (as staged)\n"));
  repo_.Write(".sluice.toml", "format = 1\n");
  EXPECT_THAT(Status(), HasSubstr("(as staged; the file on disk differs: git add :/.sluice.toml)"));
}

constexpr const char* kLefthook = R"(pre-commit:
  commands:
    sluice:
      run: sluice-hook pre-commit
pre-merge-commit:
  commands:
    sluice:
      run: sluice-hook pre-merge-commit
)";

constexpr const char* kPreCommit = R"(repos:
  - repo: local
    hooks:
      - id: sluice-pre-commit
        name: sluice
        entry: sluice-hook pre-commit
        language: system
        stages: [pre-commit]
        pass_filenames: false
        always_run: true
        require_serial: true
      - id: sluice-pre-merge-commit
        name: sluice
        entry: sluice-hook pre-merge-commit
        language: system
        stages: [pre-merge-commit]
        pass_filenames: false
        always_run: true
        require_serial: true
)";

TEST_F(FakeProgram, AManagersFileIsNotEnoughInATrackedFolder) {
  repo_.Write("lefthook.yml", kLefthook);
  repo_.MustGit({"config", "core.hooksPath", "tools/hooks"});
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_EQ(InstallFake().exit_code, 2);
}

TEST_F(FakeProgram, AHooksPathThatIsNoFolderIsAnError) {
  for (const char* value : {"", "/dev/null"}) {
    repo_.MustGit({"config", "core.hooksPath", value});
    for (const char* verb : {"install", "status"}) {
      const CommandResult result = Hook({verb});
      EXPECT_EQ(result.exit_code, 2) << value;
      EXPECT_THAT(result.err, HasSubstr("git runs no hook here")) << value;
    }
  }
}

TEST_F(FakeProgram, LefthookAndPreCommitAreChainedAndTold) {
  repo_.Write("lefthook.yml", "pre-commit:\n");
  repo_.Write(".pre-commit-config.yaml", "repos: []\n");
  repo_.WriteHook("pre-commit", "#!/bin/sh\n# lefthook\n# File generated by pre-commit: https://pre-commit.com\n");
  const CommandResult install = InstallFake();
  EXPECT_EQ(install.exit_code, 0);
  EXPECT_THAT(install.err, AllOf(HasSubstr("run: sluice-hook pre-merge-commit"), HasSubstr("pass_filenames: false"),
                                 HasSubstr("pre-commit install --hook-type pre-commit --hook-type pre-merge-commit")));
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  repo_.Write("lefthook.yml", kLefthook);
  EXPECT_THAT(Status(), AllOf(Not(HasSubstr("lefthook.yml")), HasSubstr(".pre-commit-config.yaml")));
}

TEST_F(FakeProgram, AManagersFileCountsOnlyWhenItsHookIsThere) {
  repo_.environment()["PATH"] += ":" + Outside("bin");
  repo_.Write(".pre-commit-config.yaml", kPreCommit);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.WriteHook("pre-commit", "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.WriteHook("pre-merge-commit", "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// That a file names sluice-hook does not say that every commit is scanned.
TEST_F(FakeProgram, WhatLefthooksFileMayLeaveOutIsNotScanned) {
  repo_.environment()["PATH"] += ":" + Outside("bin");
  for (const char* hook : {"pre-commit", "pre-merge-commit"}) repo_.WriteHook(hook, "#!/bin/sh\n# lefthook\n");
  const std::string run = "      run: sluice-hook pre-commit\n";
  const std::string head = "pre-commit:\n";
  const std::string sure[] = {
      kLefthook,
      Replaced(kLefthook, head,
               "---\n# ours\nmin_version: '2.0'  # at least\nskip_output: [meta, \"summary\"]\npre-commit:\n"),
      Replaced(kLefthook, head, head + "  parallel: true\n"),
      Replaced(kLefthook, "    sluice:\n",
               "    lint:\n      run: npm run format\n      stage_fixed: true\n    sluice:\n"),
      Replaced(kLefthook, "    sluice:\n", "    lint:\n      run: npx lint-staged\n    sluice:\n"),
      Replaced(kLefthook, "  commands:\n    sluice:\n" + run,
               "  jobs:\n  - run: npm test\n    stage_fixed: true\n  - run: sluice-hook pre-commit\n"),
      Replaced(kLefthook, run, run + "      env:\n        CI: 1\n      stage_fixed: false\n"),
      Replaced(kLefthook, run, "      priority: 1\n      run: |\n        npm test && sluice-hook pre-commit\n"),
      Replaced(kLefthook, "  commands:\n    sluice:\n" + run,
               "  jobs:\n  - name: lint\n    run: npm test\n    glob: '*.js'\n\n  - run: \"sluice-hook pre-commit\"\n"),
      Replaced(kLefthook, run,
               run + "    lint:\n      glob: \"*.js\"\n      skip:\n        - merge\n      run: npm test\n"),
  };
  for (const std::string& text : sure) {
    repo_.Write("lefthook.yml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 0) << text << Status();
    EXPECT_THAT(Status(), AllOf(HasSubstr("a commit here is scanned\n"), Not(HasSubstr("lefthook manages")))) << text;
  }
  const std::string unsure[] = {
      "run: sluice-hook pre-commit\nrun: sluice-hook pre-merge-commit\n",
      Replaced(kLefthook, head, head + "  skip: true\n"),
      Replaced(kLefthook, head, head + "  only:\n    - ref: main\n"),
      Replaced(kLefthook, head, head + "  exclude_tags: [sluice]\n"),
      Replaced(kLefthook, head, "post-commit:\n"),
      Replaced(kLefthook, head, "rc: ~/.lefthookrc\n" + head),
      Replaced(kLefthook, run, run + "      env:\n        GIT_INDEX_FILE: /none\n"),
      Replaced(kLefthook, head, "extends: [other.yml]\n" + head),
      Replaced(kLefthook, head, "x: &x\n  y: 1\n" + head),
      Replaced(kLefthook, run, run + "      skip: true\n"),
      Replaced(kLefthook, run, run + "      glob: \"*.py\"\n"),
      Replaced(kLefthook, run, run + "      root: web/\n"),
      Replaced(kLefthook, run, "      run: sluice-hook pre-commit {staged_files}\n"),
      Replaced(kLefthook, run, "      run: echo sluice-hook pre-commit\n"),
      Replaced(kLefthook, run, "      run: >\n        true\n      fail_text: sluice-hook pre-commit\n"),
      Replaced(kLefthook, run, "      run: |\n          npm test &&\n        sluice-hook pre-commit\n"),
      Replaced(kLefthook, "  commands:\n", "  jobs:\n"),
      Replaced(kLefthook, "  commands:\n", "  scripts:\n"),
      Replaced(kLefthook, "    sluice:\n", "   sluice:\n  x:\n"),
  };
  for (const std::string& text : unsure) {
    repo_.Write("lefthook.yml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 1) << text;
    EXPECT_THAT(Status(), AllOf(HasSubstr("pre-commit: " + repo_.path() +
                                          "/lefthook.yml names sluice-hook, but may not have it run for every commit"),
                                HasSubstr("lefthook manages hooks here: add to lefthook.yml")))
        << text;
  }
  const std::string staging[] = {
      Replaced(kLefthook, run, run + "      stage_fixed: true\n"),
      Replaced(kLefthook, run, run + "    test:\n      run: npm run format\n      stage_fixed: true\n"),
      Replaced(kLefthook, run, run + "    test:\n      run: npx lint-staged\n"),
      Replaced(kLefthook, run, run + "    test:\n      run: npm run format && git add -u\n"),
      Replaced(kLefthook, run, run + "    test:\n      run: . ./format.sh\n"),
      Replaced(kLefthook, run, run + "  scripts:\n    format.sh:\n      runner: sh\n"),
      Replaced(kLefthook, run, run + "  jobs:\n  - group:\n      jobs:\n      - run: git add -u\n"),
      Replaced(kLefthook, run, run + "      priority: 1\n    lint:\n      run: git add -u\n"),
      Replaced(kLefthook, "    sluice:\n", "    lint2:\n      run: git add -u\n    sluice:\n"),
      Replaced(kLefthook, "  commands:\n",
               "  parallel: true\n  commands:\n    lint:\n      run: npm run format\n      stage_fixed: true\n"),
      Replaced(kLefthook, "  commands:\n    sluice:\n" + run,
               "  jobs:\n  - run: sluice-hook pre-commit\n  - run: npm test\n    stage_fixed: true\n"),
  };
  for (const std::string& text : staging) {
    repo_.Write("lefthook.yml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 1) << text;
    EXPECT_THAT(Status(), HasSubstr("lefthook.yml calls sluice-hook, but may stage more after it")) << text;
  }
  repo_.Write("lefthook.yml", Replaced(kLefthook, run, "#" + run));
  EXPECT_THAT(Status(), HasSubstr("pre-commit: another hook, which does not call sluice-hook"));
  repo_.Write("lefthook.yml", Replaced(kLefthook, run, "      run: sluice-hook pre-commit || true\n"));
  EXPECT_THAT(Status(), HasSubstr("lefthook.yml calls sluice-hook, but may go on after it"));
  repo_.Write("lefthook.yml",
              Replaced(kLefthook, run, "      run: >\n        sluice-hook pre-commit\n\n        true\n"));
  EXPECT_THAT(Status(), HasSubstr("lefthook.yml calls sluice-hook, but may go on after it"));
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  // The person's own file has the last word.
  repo_.Write("lefthook.yml", kLefthook);
  repo_.Write("lefthook-local.yml", "pre-commit:\n  skip: true\n");
  EXPECT_THAT(Status(), HasSubstr("lefthook.yml names sluice-hook, but may not"));
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.Write("lefthook-local.yml", "pre-push:\n  skip: true\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  for (const std::string text : {"extends: [other.yml]\n", "rc: a.sh\n", "pre-push: [\n", kLefthook}) {
    repo_.Write("lefthook-local.yml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 1) << text;
  }
  std::filesystem::remove(repo_.path() + "/lefthook-local.yml");
  // What is in these is not read; two of the first kind exclude each other.
  for (const char* file : {"lefthook-local.toml", ".lefthook-local.jsonc", ".config/lefthook-local.yaml",
                           ".config/lefthook-local.json", "lefthook.jsonc", ".config/lefthook.toml"}) {
    ASSERT_EQ(Hook({"status"}).exit_code, 0);
    repo_.Write(file, "[pre-commit]\nskip = true\n");
    EXPECT_EQ(Hook({"status"}).exit_code, 1) << file;
    std::filesystem::remove(repo_.path() + "/" + file);
  }
}

// Its hook says so on stderr, and succeeds.
TEST_F(FakeProgram, LefthooksHookWithoutLefthookIsNotSure) {
  repo_.environment()["PATH"] += ":" + Outside("bin");
  const auto write_hooks = [&](const std::string& otherwise) {
    for (const char* hook : {"pre-commit", "pre-merge-commit"}) {
      repo_.WriteHook(hook, "#!/bin/sh\nif lefthook -h >/dev/null 2>&1; then\n  lefthook run " + std::string(hook) +
                                "\nelse\n  echo \"Can't find lefthook in PATH\"\n" + otherwise + "fi\n");
    }
  };
  repo_.Write("lefthook.yml", kLefthook);
  write_hooks("");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), AllOf(HasSubstr("lefthook.yml says to run sluice-hook, but lefthook is not in PATH here"),
                              HasSubstr("a commit here may pass whatever sluice-hook finds\n")));
  repo_.Stage("s", FakeAwsKey() + "\n");
  EXPECT_EQ(repo_.Git({"commit", "-qm", "x"}).exit_code, 0);
  write_hooks("  exit 1\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  write_hooks("");
  tests::WriteFile(Outside("bin") + "/lefthook", "#!/bin/sh\n");
  repo_.RunHere({"chmod", "+x", Outside("bin") + "/lefthook"});
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

TEST_F(FakeProgram, WhatThePreCommitFrameworksFileMayLeaveOutIsNotScanned) {
  repo_.environment()["PATH"] += ":" + Outside("bin");
  for (const char* hook : {"pre-commit", "pre-merge-commit"}) {
    repo_.WriteHook(hook, "#!/bin/sh\n# File generated by pre-commit: https://pre-commit.com\n");
  }
  const std::string stages = "        stages: [pre-commit]\n";
  const std::string always = "        always_run: true\n";
  const std::string sure[] = {
      kPreCommit,
      Replaced(kPreCommit, stages, ""),
      Replaced(kPreCommit, stages, "        stages:\n        - 'commit'\n        - manual\n"),
      Replaced(Replaced(kPreCommit, stages, ""), "repos:\n", "default_stages: [pre-commit, pre-push]\nrepos:\n"),
      Replaced(kPreCommit, "repos:\n",
               "exclude: ^vendor/\nrepos:\n  - repo: https://example.com/x\n    rev: v1.2.3  # pinned\n"
               "    hooks:\n      - id: x\n        args: [--fix, --exit-zero]\n"),
  };
  for (const std::string& text : sure) {
    repo_.Write(".pre-commit-config.yaml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 0) << text << Status();
  }
  const std::string unsure[] = {
      "entry: sluice-hook pre-commit\nentry: sluice-hook pre-merge-commit\n",
      Replaced(kPreCommit, stages, "        stages: [manual]\n"),
      Replaced(Replaced(kPreCommit, stages, ""), "repos:\n", "default_stages: [pre-push]\nrepos:\n"),
      Replaced(kPreCommit, always, ""),
      Replaced(kPreCommit, always, "        always_run: false\n"),
      Replaced(kPreCommit, always, always + "        files: \\.py$\n"),
      Replaced(kPreCommit, "language: system", "language: pygrep"),
      Replaced(kPreCommit, "entry: sluice-hook pre-commit", "entry: echo\n        description: sluice-hook pre-commit"),
      Replaced(kPreCommit, "repo: local", "repo: https://example.com/x"),
      Replaced(kPreCommit, "repos:\n", "repos: &all\n"),
  };
  for (const std::string& text : unsure) {
    repo_.Write(".pre-commit-config.yaml", text);
    EXPECT_EQ(Hook({"status"}).exit_code, 1) << text;
    EXPECT_THAT(Status(), HasSubstr("pre-commit: " + repo_.path() +
                                    "/.pre-commit-config.yaml names sluice-hook, but may not have it run for every"))
        << text;
  }
}

// What it tells to write is what it takes for sure.
TEST_F(FakeProgram, FollowsItsOwnAdviceForManagers) {
  repo_.environment()["PATH"] += ":" + Outside("bin");
  repo_.Write("lefthook.yml", "pre-push:\n");
  for (const char* hook : {"pre-commit", "pre-merge-commit"}) repo_.WriteHook(hook, "#!/bin/sh\n# lefthook\n");
  std::string advice = Status();
  const std::string first = "then run `lefthook install`\n";
  advice = advice.substr(advice.find(first) + first.size());
  std::string yaml;
  for (std::size_t at = 0; advice.compare(at, 2, "  ") == 0; at = advice.find('\n', at) + 1) {
    yaml += advice.substr(at + 2, advice.find('\n', at) + 1 - at - 2);
  }
  repo_.Write("lefthook.yml", "pre-push:\n" + yaml);
  EXPECT_EQ(Hook({"status"}).exit_code, 0) << yaml << Status();
}

TEST_F(FakeProgram, StillRunsItsEarlierHookWhenThePreCommitFrameworkRenamedIt) {
  repo_.WriteHook("pre-commit", Witness("earlier"));
  InstallFake();
  std::filesystem::rename(HookFile(), HookFile("pre-commit.legacy"));
  repo_.WriteHook("pre-commit", "#!/bin/sh\n# https://pre-commit.com\nexec \"$0.legacy\"\n");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(TakeLog(), "earlier \nsluice-hook pre-commit\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

TEST_F(FakeProgram, SeesLinksToTheProgram) {
  for (const char* name : {"pre-commit", "pre-merge-commit"}) symlink(program_.c_str(), HookFile(name).c_str());
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  EXPECT_EQ(InstallFake().exit_code, 2);
  unlink(program_.c_str());
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), HasSubstr("a link to a sluice-hook that is gone"));
}

TEST_F(FakeProgram, SeesAnotherHook) {
  repo_.WriteHook("pre-commit", "#!/bin/sh\nexit 0\n");
  EXPECT_THAT(Status(), HasSubstr("pre-commit: another hook"));
  EXPECT_THAT(Status(), HasSubstr("pre-merge-commit: not installed"));
}

// Another's script that calls sluice-hook, as both hooks.
class CallingHook : public HookInstaller {
 protected:
  CallingHook() {
    const std::string program = SLUICE_HOOK_PROGRAM;
    repo_.environment()["PATH"] = program.substr(0, program.rfind('/')) + ":" + repo_.environment()["PATH"];
  }

  // CALL in `script` stands for `sluice-hook` and the name of the hook.
  void WriteHooks(const std::string& script) {
    for (const std::string name : {"pre-commit", "pre-merge-commit"}) {
      std::string text = script;
      for (std::size_t at = text.find("CALL"); at != std::string::npos; at = text.find("CALL")) {
        text.replace(at, 4, "sluice-hook " + name);
      }
      repo_.WriteHook(name, text);
    }
  }
};

TEST_F(CallingHook, CountsWhenItSurelyStopsACommit) {
  for (const char* script :
       {"#!/bin/sh\nCALL\n",
        "CALL",
        "#!/bin/sh\necho lint ok\nCALL\n# The end.\n\n",
        "#!/bin/sh\nCALL || exit 1\necho lint ok\n",
        "#!/bin/sh\nCALL \"$@\" || exit \"$?\"\necho lint ok\n",
        "#!/bin/sh\nCALL \\\n  \"$@\" ||\n  exit\necho lint ok\n",
        "#!/bin/sh\nCALL || { echo no; exit 1; }\necho lint ok\n",
        "#!/bin/sh\nCALL || {\n  echo no\n  exit 1\n}\necho lint ok\n",
        "#!/bin/sh\nif ! CALL; then exit 1; fi\necho lint ok\n",
        "#!/bin/sh\nif ! CALL\nthen\n  echo no >&2\n  exit 1\nfi\necho lint ok\n",
        "#!/bin/sh\nexec CALL\necho lint ok\n",
        "#!/bin/sh -e\nCALL\necho lint ok\n",
        "#!/bin/sh\nset -eu\nX=1 CALL >&2\necho lint ok\n",
        "#!/bin/bash\nset -o errexit\nCALL; echo lint ok\n",
        "#!/bin/sh\ntrue && CALL && echo lint ok\n",
        "#!/bin/sh\ntrue && CALL || exit 1\necho lint ok\n",
        "#!/bin/sh\nCALL\nexit $?\n",
        "#!/bin/sh\nexec 1>&2\n[ -d .git ] || exit $?\nif false; then exit 1; fi\nCALL\n",
        "#!/bin/sh\ncat <<-\\END >&2\n\tit's; exit 0\n\tEND\nCALL\n",
        "#!/bin/sh\nf() { case $1 in a|b) return 0 ;; *) : ;; esac; }\nf \"$(git config a)\"\nCALL\n",
        "#!/bin/sh\necho $((1 << 2)) | cat &\nCALL\n",
        "#!/bin/sh\n(cd .git && ls)\ncd \"$(git rev-parse --show-toplevel)\" || exit 1\nCALL\n",
        "#!/bin/sh\nGIT_ROOT=$(git rev-parse --show-toplevel)\necho \"$GIT_DIR\"\nCALL\n",
        "#!/bin/sh\nset -u -e\nCALL\necho lint ok\n",
        "#!/bin/bash\nset -eo pipefail\nCALL\necho lint ok\n",
        "#!/bin/sh\n\"set\" '-e'\nCALL\necho lint ok\n"}) {
    WriteHooks(script);
    EXPECT_TRUE(CommitIsBlocked()) << script;
    const CommandResult status = Hook({"status"});
    EXPECT_EQ(status.exit_code, 0) << script << status.out;
    EXPECT_THAT(status.out, HasSubstr("pre-commit: sluice-hook is called from " + HookFile() + "\n")) << script;
  }
}

// It said "a commit here is scanned" of all of these, and the commit was made.
TEST_F(CallingHook, DoesNotCountWhenItMayGoOn) {
  for (const char* script : {"#!/bin/sh\nCALL\necho lint ok\n",
                             "#!/bin/sh\nCALL || true\n",
                             "#!/bin/sh\nCALL || exit 0\n",
                             "#!/bin/sh\nCALL || exit 256\n",
                             "#!/bin/sh\nCALL; exit 0\n",
                             "#!/bin/sh\n! CALL\n",
                             "#!/bin/sh\nCALL | cat\n",
                             "#!/bin/sh\nCALL &\n",
                             "#!/bin/sh\nexec CALL | cat\n",
                             "#!/bin/sh\nCALL || { echo no; exit $?; }\n",
                             "#!/bin/sh\nCALL || { exit 1; } | cat\n",
                             "#!/bin/sh\nCALL || echo no\nif false; then exit 1; fi\n",
                             "#!/bin/sh\nif CALL; then echo ok; fi\n",
                             "#!/bin/sh\nif ! CALL; then exit $?; fi\n",
                             "#!/bin/sh\nif ! CALL; then :; else exit 1; fi\n",
                             "#!/bin/sh\nset -e\nCALL && echo ok\necho lint ok\n",
                             "#!/bin/sh\nset -e\nset +e\nCALL\necho lint ok\n",
                             "#!/bin/sh\nset a -e\nCALL\necho lint ok\n",
                             "#!/bin/sh\nset -- -e\nCALL\necho lint ok\n",
                             "#!/bin/sh\nset -o nounset -- -e\nCALL\necho lint ok\n",
                             "#!/bin/sh\ntrap 'exit 0' EXIT\nCALL\n",
                             "#!/bin/sh\nsh -c 'CALL' || true\n",
                             "#!/bin/bash\nfunction sluice-hook { :; }\nCALL\n"}) {
    WriteHooks(script);
    EXPECT_FALSE(CommitIsBlocked()) << script;
    const CommandResult status = Hook({"status"});
    EXPECT_EQ(status.exit_code, 1) << script;
    EXPECT_THAT(status.out, HasSubstr("pre-commit: " + HookFile() +
                                      " calls sluice-hook, but may go on after it: write `sluice-hook pre-commit || "
                                      "exit 1`\n"))
        << script;
  }
}

TEST_F(CallingHook, DoesNotCountWhenTheCallMayBeSkipped) {
  repo_.Write("ends.sh", "exit 0\n");
  repo_.RunHere({"env", "GIT_INDEX_FILE=.git/none", "git", "read-tree", "--empty"});
  repo_.Write(".git/its-name", repo_.path() + "/.git/none\n");
  repo_.RunHere({"git", "init", "-q", "../other"});
  for (const char* script :
       {"#!/bin/sh\necho ok\nexit 0\nCALL\n", "#!/bin/sh\ntrue && exit 0\nCALL || exit 1\n",
        "#!/bin/sh\nif true; then exit; fi\nCALL || exit 1\n", "#!/bin/sh\nexec true\nCALL || exit 1\n",
        "#!/bin/sh\ntrue || CALL || exit 1\n", "#!/bin/sh\nif false; then\n  CALL || exit 1\nfi\n",
        "#!/bin/sh\ncheck() { CALL || exit 1; }\n", "#!/bin/sh\ncase x in y) CALL ;; esac\n",
        "#!/bin/sh\n. ./ends.sh\nCALL\n", "#!/bin/bash\nsource ./ends.sh\nCALL || exit 1\n",
        "#!/bin/sh\neval 'exit 0'\nCALL\n", "#!/bin/sh\ncommand exit 0\nCALL\n", "#!/bin/sh\n\"exit\" 0\nCALL\n",
        "#!/bin/sh\n\\exit 0\nCALL\n", "#!/bin/sh\nX=1 exit 0\nCALL\n", "#!/bin/sh\n>/dev/null exit 0\nCALL\n",
        "#!/bin/sh\n2> /dev/null exit 0\nCALL\n", "#!/bin/bash\nbuiltin exit 0\nCALL\n",
        // Another repository, or another index.
        "#!/bin/sh\nunset GIT_INDEX_FILE GIT_DIR\ncd ../other\nCALL || exit 1\n",
        "#!/bin/sh\nGIT_INDEX_FILE=$PWD/.git/none CALL || exit 1\n",
        "#!/bin/sh\nexport GIT_INDEX_FILE=$PWD/.git/none\nCALL\n",
        "#!/bin/sh\nexport 'GIT_INDEX_FILE'=$PWD/.git/none\nCALL\n",
        "#!/bin/sh\nunset GIT_INDEX_FILE\nGIT_DIR=$PWD/../other/.git CALL\n",
        "#!/bin/sh\nexport GIT_INDEX_FILE\nread -r GIT_INDEX_FILE <.git/its-name\nCALL\n",
        // Not the program.
        "#!/bin/bash\nsluice-hook() { :; }\nCALL\n", "#!/bin/bash\nsluice-hook () { :\n}\nCALL || exit 1\n",
        "#!/bin/bash\nfunction sluice-hook() { :; }\nCALL\n",
        "#!/bin/bash\nshopt -s expand_aliases\nalias sluice-hook=true\nCALL\n",
        "#!/bin/bash\nexit() { :; }\nCALL || exit 1\ntrue\n"}) {
    WriteHooks(script);
    EXPECT_FALSE(CommitIsBlocked()) << script;
    const CommandResult status = Hook({"status"});
    EXPECT_EQ(status.exit_code, 1) << script;
    EXPECT_THAT(status.out, HasSubstr("pre-commit: " + HookFile() +
                                      " calls sluice-hook, but may not get that far: write `sluice-hook pre-commit || "
                                      "exit 1` at its top\n"))
        << script;
  }
}

// It is committed, and was not there when the index was scanned.
TEST_F(CallingHook, DoesNotCountWhenMoreIsStagedAfterIt) {
  // As that program does with what it formats.
  repo_.Write(".git/lint-staged", "#!/bin/sh\ngit add late\n");
  std::filesystem::permissions(repo_.path() + "/.git/lint-staged", std::filesystem::perms::owner_all);
  int round = 0;
  const auto commits_more = [&] {
    repo_.Write("late", FakeAwsKey() + "\n");
    repo_.Stage("a", "round " + std::to_string(++round) + "\n");
    const bool is_made = repo_.Git({"commit", "-qm", "x"}).exit_code == 0;
    const bool has_more = repo_.Git({"cat-file", "-e", "HEAD:late"}).exit_code == 0;
    if (is_made && has_more) repo_.MustGit({"reset", "-q", "--hard", "HEAD~1"});
    repo_.MustGit({"rm", "-q", "-f", "--cached", "--ignore-unmatch", "late"});
    return has_more;
  };
  for (const char* script :
       {"#!/bin/sh\nCALL || exit 1\ngit add late\n",
        "#!/bin/sh -e\nCALL\nif true; then git -c core.autocrlf=false add -A; fi\n",
        "#!/bin/sh\nCALL && git add late\n", "#!/bin/sh\nCALL || exit 1\n.git/lint-staged\n",
        "#!/bin/sh\nCALL || exit 1\nX=1 command .git/lint-staged --quiet\n",
        "#!/bin/sh\nCALL || exit 1\nsh -c 'git add late'\n", "#!/bin/sh\nCALL || exit 1\n\"git\" 'add' late\n"}) {
    WriteHooks(script);
    EXPECT_TRUE(commits_more()) << script;
    const CommandResult status = Hook({"status"});
    EXPECT_EQ(status.exit_code, 1) << script;
    EXPECT_THAT(status.out, HasSubstr("pre-commit: " + HookFile() +
                                      " calls sluice-hook, but may stage more after it, which is not scanned: call it "
                                      "last\n"))
        << script;
  }
  for (const char* script :
       {"#!/bin/sh\ngit add late\nCALL\n", "#!/bin/sh\nCALL || exit 1\ngit add late\nCALL\n",
        "#!/bin/sh\ngit add late\nexec CALL\n", "#!/bin/sh\n.git/lint-staged\nCALL\n",
        "#!/bin/sh\nCALL || exit 1\necho 'git add it'\n", "#!/bin/sh\nCALL || exit 1\ngit status >&2\n"}) {
    WriteHooks(script);
    EXPECT_FALSE(commits_more()) << script;
    EXPECT_EQ(Hook({"status"}).exit_code, 0) << script;
  }
}

TEST_F(CallingHook, WhatIsOnlyPrintedIsNoCall) {
  for (const char* script : {"#!/bin/sh\necho CALL\n", "#!/bin/sh\nprintf 'CALL\n'\n", "#!/bin/sh\n # CALL || exit 1\n",
                             "#!/bin/sh\ncat <<END\nCALL\nEND\n"}) {
    WriteHooks(script);
    EXPECT_FALSE(CommitIsBlocked()) << script;
    EXPECT_THAT(Hook({"status"}).out, HasSubstr("pre-commit: another hook, which does not call sluice-hook\n"))
        << script;
  }
}

// What a script in another language, or one that is not understood, does is not known.
TEST_F(CallingHook, DoesNotCountWhatIsNotUnderstood) {
  WriteHooks("#!/usr/bin/perl\nsystem(\"CALL\");\n");
  EXPECT_FALSE(CommitIsBlocked());
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("names sluice-hook, but is no shell script"));
  WriteHooks("#!/bin/bash\nfunction check {\n  CALL\n}\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  WriteHooks("#!/bin/sh\nexit 0\n'\nCALL\n");
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
}

// husky starts scripts with `sh -e`: itself, or before version 9 by a script that they begin with.
TEST_F(CallingHook, UnderHuskyEachFailureStops) {
  for (const std::string name : {"pre-commit", "pre-merge-commit"}) {
    repo_.Write(".husky/_/" + name, "#!/usr/bin/env sh\nsh -e .husky/\"${0##*/}\"\n");
    repo_.Write(".husky/" + name, "sluice-hook " + name + "\necho lint ok\n");
    repo_.RunHere({"chmod", "+x", ".husky/_/" + name, ".husky/" + name});
  }
  repo_.MustGit({"config", "core.hooksPath", ".husky/_"});
  EXPECT_TRUE(CommitIsBlocked());
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  repo_.MustGit({"config", "core.hooksPath", ".husky"});
  EXPECT_FALSE(CommitIsBlocked());
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  repo_.Write(
      ".husky/_/husky.sh",
      "if [ -z \"$husky_skip_init\" ]; then\n  export husky_skip_init=1\n  sh -e \"$0\" \"$@\"\n  exit \"$?\"\nfi\n");
  for (const std::string name : {"pre-commit", "pre-merge-commit"}) {
    repo_.Write(".husky/" + name,
                "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\nsluice-hook " + name + "\necho lint ok\n");
  }
  EXPECT_TRUE(CommitIsBlocked());
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

// It said "run `sluice hook install`", which changes nothing there.
TEST_F(CallingHook, TheAdviceForHuskyWorks) {
  repo_.Write(".husky/pre-commit", "#!/bin/sh\ntrue\n");
  repo_.RunHere({"chmod", "+x", ".husky/pre-commit"});
  repo_.MustGit({"config", "core.hooksPath", ".husky"});
  const std::string advice = Hook({"status"}).out;
  EXPECT_THAT(advice, AllOf(HasSubstr("\npre-merge-commit: not installed: what to do is said below\n"),
                            Not(HasSubstr("sluice hook install"))));
  EXPECT_EQ(Install(), 2);
  repo_.Write(".husky/pre-commit", "#!/bin/sh\ntrue\nsluice-hook pre-commit || exit $?\n");
  repo_.Write(".husky/pre-merge-commit", "#!/bin/sh\nsluice-hook pre-merge-commit || exit $?\n");
  const std::size_t begin = advice.find("    chmod +x ");
  ASSERT_NE(begin, std::string::npos) << advice;
  EXPECT_EQ(repo_.RunHere({"sh", "-c", advice.substr(begin, advice.find('\n', begin) - begin)}).exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  EXPECT_TRUE(CommitIsBlocked());
}

// Husky makes .husky/_/pre-merge-commit since 9.1.5: before that, git does not run what is in .husky/pre-merge-commit.
TEST_F(CallingHook, SaysWhenHuskyIsTooOldForAHook) {
  repo_.Write(".husky/_/pre-commit", "#!/usr/bin/env sh\nsh -e .husky/\"${0##*/}\"\n");
  repo_.RunHere({"chmod", "+x", ".husky/_/pre-commit"});
  repo_.MustGit({"config", "core.hooksPath", ".husky/_"});
  for (int round = 0; round < 2; ++round) {  // Before the lines are added, and after.
    const CommandResult status = Hook({"status"});
    EXPECT_EQ(status.exit_code, 1);
    EXPECT_THAT(status.out,
                HasSubstr("\n.husky/_/pre-merge-commit is missing, so git would not run it: run `npx husky`, "
                          "of 9.1.5 or later\n"));
    EXPECT_THAT(status.out, Not(HasSubstr("sluice hook install")));
    for (const std::string name : {"pre-commit", "pre-merge-commit"}) {
      repo_.Write(".husky/" + name, "sluice-hook " + name + " || exit $?\n");
    }
  }
  repo_.Write(".husky/_/pre-merge-commit", "#!/usr/bin/env sh\nsh -e .husky/\"${0##*/}\"\n");
  repo_.RunHere({"chmod", "+x", ".husky/_/pre-merge-commit"});
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

// A teammate's hook calls a program that this machine does not have. It said "a commit here is scanned".
TEST_F(FakeProgram, SaysWhenTheProgramThatAHookCallsIsNotThere) {
  const std::string path = repo_.environment()["PATH"];
  const auto write = [&](const std::string& before, const std::string& after) {
    for (const std::string name : {"pre-commit", "pre-merge-commit"}) {
      std::string script = "#!/bin/sh\n";
      repo_.WriteHook(name, script.append(before).append(" ").append(name).append(after).append("\n"));
    }
  };
  write("sluice-hook", " || exit 1");
  EXPECT_NE(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), AllOf(HasSubstr("pre-commit: " + HookFile() +
                                        " calls sluice-hook, which is not in PATH here, so every commit is stopped: "
                                        "add the folder of " SLUICE_HOOK_PROGRAM " to PATH\n"),
                              HasSubstr("\na commit here is not scanned\n")));
  repo_.environment()["PATH"] += ":" + Outside("bin");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  repo_.environment()["PATH"] = path;
  // What the script itself does to find it is not second-guessed.
  write("PATH=$PATH:'" + Outside("bin") + "'\nsluice-hook", "");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  write("\"$HOME/../bin/sluice-hook\"", " || exit 1");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  write("../bin/sluice-hook", " || exit 1");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  write("/nowhere/sluice-hook", " || exit 1");
  EXPECT_NE(Commit().exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(), HasSubstr(" calls /nowhere/sluice-hook, which is missing, so every commit is stopped: write `" +
                                  std::string(SLUICE_HOOK_PROGRAM) + " pre-commit` there\n"));
  write("sluice-hook", "; echo lint ok");
  EXPECT_EQ(Commit().exit_code, 0);
  EXPECT_THAT(Status(), HasSubstr("may go on after it: write `sluice-hook pre-commit || exit 1`; nothing is scanned "
                                  "now, since sluice-hook is not in PATH here\n"));
}

// It said "NOT scanned by every hook" where none scans.
TEST_F(CallingHook, TheVerdictTellsNoHookFromSome) {
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("\na commit here is not scanned\n"));
  repo_.WriteHook("pre-commit", "#!/bin/sh\nsluice-hook pre-commit || true\n");
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("\na commit here may pass whatever sluice-hook finds\n"));
  repo_.WriteHook("pre-commit", "#!/bin/sh\nsluice-hook pre-commit || exit 1\n");
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("\na commit here is NOT scanned by every hook\n"));
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_EQ(Install(), 0);
  EXPECT_THAT(Hook({"status"}).out, HasSubstr("\na commit here is scanned\n"));
}

TEST_F(FakeProgram, ABareRepositoryIsAnError) {
  repo_.MustGit({"init", "-q", "--bare", Outside("bare.git")});
  for (const char* verb : {"install", "uninstall", "status"}) {
    const CommandResult result = At(Outside("bare.git"), {SLUICE_PROGRAM, "hook", verb});
    EXPECT_EQ(result.exit_code, 2) << verb;
    EXPECT_THAT(result.err, HasSubstr("bare repository")) << verb;
  }
  EXPECT_EQ(At(repo_.path() + "/.git", {SLUICE_PROGRAM, "hook", "status"}).exit_code, 2);
}

class GlobalHooks : public FakeProgram {
 protected:
  std::string Home(const std::string& name) { return repo_.environment()["HOME"] + "/" + name; }
  std::string GlobalHook(const std::string& name) { return Home(".config/sluice/hooks/" + name); }
};

TEST_F(GlobalHooks, UndoesItselfExactly) {
  for (const char* config : {"", "[user]\n\tname = a\n", "[core]\n\teditor = vi\n[alias]\n\tx = y\n"}) {
    if (*config != '\0') tests::WriteFile(Home(".gitconfig"), config);
    const auto before = Snapshot(Home(""));
    EXPECT_EQ(InstallFake({"--global"}).exit_code, 0);
    const auto installed = Snapshot(Home(""));
    EXPECT_THAT(InstallFake({"--global"}).out, HasSubstr("already installed"));
    EXPECT_EQ(Snapshot(Home("")), installed);
    EXPECT_EQ(Hook({"uninstall", "--global"}).exit_code, 0);
    EXPECT_EQ(Snapshot(Home("")), before) << config;
  }
}

TEST_F(GlobalHooks, UsesXdgConfigHome) {
  repo_.environment()["XDG_CONFIG_HOME"] = Outside("xdg config");
  EXPECT_EQ(InstallFake({"--global"}).exit_code, 0);
  EXPECT_TRUE(tests::Exists(Outside("xdg config/sluice/hooks/pre-commit")));
  Commit();
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
  EXPECT_EQ(Hook({"uninstall", "--global"}).exit_code, 0);
  EXPECT_FALSE(tests::Exists(Outside("xdg config")));
}

TEST_F(GlobalHooks, PassesOnToTheRepositorysOwnHooks) {
  const std::vector<std::string> names = {"pre-commit",    "prepare-commit-msg", "commit-msg", "post-commit",
                                          "post-checkout", "post-index-change",  "pre-push",   "reference-transaction"};
  for (const std::string& name : names) repo_.WriteHook(name, Witness("own " + name));
  InstallFake({"--global"});
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
  repo_.MustGit({"init", "-q", "--bare", Outside("remote.git")});
  TakeLog();
  EXPECT_EQ(Commit().exit_code, 0);
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.MustGit({"push", "-q", Outside("remote.git"), "main"});
  const std::string log = TakeLog();
  for (const std::string& name : names) EXPECT_THAT(log, HasSubstr("own " + name + " ")) << name;
  EXPECT_THAT(log, HasSubstr("own pre-commit \nsluice-hook pre-commit\n"));
  EXPECT_THAT(log,
              HasSubstr("own pre-push " + Outside("remote.git") + " " + Outside("remote.git") + "\nrefs/heads/main"));
  repo_.WriteHook("commit-msg", "#!/bin/sh\nexit 9\n");
  EXPECT_NE(Commit().exit_code, 0);
  chmod(HookFile("commit-msg").c_str(), 0644);
  EXPECT_EQ(Commit().exit_code, 0);
  SetVerdict("1");
  EXPECT_NE(Commit().exit_code, 0);
}

TEST_F(GlobalHooks, FindsOwnHooksOfWorktreesSubmodulesAndBareRepositories) {
  repo_.WriteHook("pre-commit", Witness("own"));
  InstallFake({"--global"});
  repo_.MustGit({"worktree", "add", "-q", Outside("tree"), "-b", "two"});
  At(Outside("tree"), {"git", "commit", "--allow-empty", "-qm", "x"});
  EXPECT_EQ(TakeLog(), "own \nsluice-hook pre-commit\n");
  repo_.MustGit({"init", "-q", Outside("inner")});
  At(Outside("inner"), {"git", "commit", "--allow-empty", "-qm", "x"});
  repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", Outside("inner"), "sub"});
  WriteProgram(repo_.path() + "/.git/modules/sub/hooks/pre-commit", "echo inner >>'" + Outside("log") + "'\n");
  TakeLog();
  At(repo_.path() + "/sub", {"git", "commit", "--allow-empty", "-qm", "x"});
  EXPECT_EQ(TakeLog(), "inner\nsluice-hook pre-commit\n");
  repo_.MustGit({"init", "-q", "--bare", Outside("remote.git")});
  WriteProgram(Outside("remote.git/hooks/pre-receive"), "cat >>'" + Outside("log") + "'\nexit 1\n");
  EXPECT_NE(repo_.Git({"push", "-q", Outside("remote.git"), "main"}).exit_code, 0);
  EXPECT_THAT(TakeLog(), HasSubstr(" refs/heads/main\n"));
}

// Git updates the checked out branch itself only when there is no push-to-checkout hook.
TEST_F(GlobalHooks, PushesToACheckedOutBranchAsBefore) {
  repo_.MustGit({"clone", "-q", repo_.path(), Outside("clone")});
  At(Outside("clone"), {"git", "config", "receive.denyCurrentBranch", "updateInstead"});
  InstallFake({"--global"});
  repo_.Stage("new", "1\n");
  Commit();
  EXPECT_EQ(repo_.Git({"push", "-q", Outside("clone"), "main"}).exit_code, 0);
  EXPECT_EQ(tests::ReadFile(Outside("clone/new")), "1\n");
  tests::WriteFile(Outside("clone/new"), "changed\n");
  repo_.Stage("new", "2\n");
  Commit();
  EXPECT_NE(repo_.Git({"push", "-q", Outside("clone"), "main"}).exit_code, 0);
  EXPECT_EQ(tests::ReadFile(Outside("clone/new")), "changed\n");
}

TEST_F(GlobalHooks, ClonesAndInitsAndWorksOutsideOfRepositories) {
  InstallFake({"--global"});
  EXPECT_EQ(At(Outside(""), {"git", "clone", "-q", repo_.path(), "copy"}).err, "");
  EXPECT_EQ(At(Outside(""), {"git", "init", "-q", "fresh"}).err, "");
  EXPECT_EQ(At(Outside("fresh"), {"git", "commit", "-q", "--allow-empty", "-m", "x"}).err, "");
  EXPECT_EQ(TakeLog(), "sluice-hook pre-commit\n");
}

TEST_F(GlobalHooks, MissingProgramStopsCommitsAndNothingElse) {
  InstallFake({"--global"});
  unlink(program_.c_str());
  const CommandResult commit = Commit();
  EXPECT_NE(commit.exit_code, 0);
  EXPECT_THAT(commit.err, HasSubstr("run 'sluice hook install --global' again"));
  EXPECT_EQ(repo_.Git({"checkout", "-q", "-b", "other"}).exit_code, 0);
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
}

TEST_F(GlobalHooks, StandsBesideAnInstallationInTheRepository) {
  InstallFake();
  InstallFake({"--global"});
  const auto both = Snapshot(Home(""));
  EXPECT_THAT(InstallFake().out, HasSubstr("already installed, for all your repositories"));
  EXPECT_EQ(Snapshot(Home("")), both);
  EXPECT_THAT(Hook({"uninstall"}).out, AllOf(HasSubstr("removed from " + HookFile()), HasSubstr("uninstall --global")));
  EXPECT_EQ(Snapshot(Home("")), both);
  EXPECT_EQ(Hook({"status"}).exit_code, 0);
}

TEST_F(GlobalHooks, RefusesToDestroyAndChangesNothing) {
  tests::WriteFile(GlobalHook("update"), "#!/bin/sh\n");
  auto before = Snapshot(Home(""));
  EXPECT_EQ(InstallFake({"--global"}).exit_code, 2);
  EXPECT_EQ(Snapshot(Home("")), before);
  unlink(GlobalHook("update").c_str());
  EXPECT_EQ(InstallFake({"--global"}).exit_code, 0);
  tests::WriteFile(GlobalHook("update"), tests::ReadFile(GlobalHook("update")) + "echo mine\n");
  before = Snapshot(Home(""));
  EXPECT_EQ(Hook({"uninstall", "--global"}).exit_code, 2);
  EXPECT_EQ(InstallFake({"--global"}).exit_code, 2);
  EXPECT_EQ(Snapshot(Home("")), before);
}

TEST_F(GlobalHooks, LeavesAHooksPathThatWasSetSince) {
  InstallFake({"--global"});
  repo_.MustGit({"config", "--global", "core.hooksPath", "/somewhere"});
  EXPECT_EQ(Hook({"uninstall", "--global"}).exit_code, 0);
  EXPECT_EQ(repo_.MustGit({"config", "--global", "core.hooksPath"}), "/somewhere\n");
  EXPECT_FALSE(tests::Exists(GlobalHook("pre-commit")));
}

TEST_F(GlobalHooks, IsHiddenByHusky) {
  InstallFake({"--global"});
  repo_.MustGit({"config", "core.hooksPath", ".husky/_"});
  EXPECT_EQ(Hook({"status"}).exit_code, 1);
  EXPECT_THAT(Status(),
              AllOf(HasSubstr("core.hooksPath = .husky/_ (local, "), HasSubstr("a commit here is not scanned\n")));
}

// The programs in the folders that a build, a package and a PATH have.
TEST_F(FakeProgram, FindsTheProgram) {
  const struct {
    const char* sluice;
    const char* hook;
  } kPlaces[] = {{"p1/bin/sluice", "p1/bin/sluice-hook"},
                 {"p2/cli/sluice", "p2/hook/sluice-hook"},
                 {"p3/sbin/sluice", "p3/bin/sluice-hook"},
                 {"p4/x/sluice", "bin/sluice-hook"}};
  repo_.environment()["PATH"] += ":" + Outside("bin");
  for (const auto& place : kPlaces) {
    std::filesystem::create_directories(std::filesystem::path(Outside(place.sluice)).parent_path());
    std::filesystem::copy_file(SLUICE_PROGRAM, Outside(place.sluice));
    UseProgram(place.hook);
    EXPECT_EQ(repo_.RunHere({Outside(place.sluice), "hook", "install"}).exit_code, 0) << place.sluice;
    EXPECT_THAT(Status(), HasSubstr("runs " + Outside(place.hook) + "\n"));
  }
  // A link in PATH outlives the version that it points to.
  std::filesystem::create_directory(Outside("stable"));
  symlink(Outside("p1/bin/sluice-hook").c_str(), Outside("stable/sluice-hook").c_str());
  repo_.environment()["PATH"] = Outside("stable") + ":/usr/bin:/bin";
  EXPECT_EQ(repo_.RunHere({Outside("p1/bin/sluice"), "hook", "install"}).exit_code, 0);
  EXPECT_THAT(Status(), HasSubstr("runs " + Outside("stable/sluice-hook") + "\n"));
  repo_.environment()["PATH"] = "/usr/bin:/bin";
  const CommandResult none = repo_.RunHere({Outside("p4/x/sluice"), "hook", "install"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("--hook-binary"));
}

}  // namespace
}  // namespace sluice
