#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::GitFixture;

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

}  // namespace
}  // namespace sluice
