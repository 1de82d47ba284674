// The hook end to end in repositories that are not as usual: what is staged there is scanned, or the commit is stopped
// with a reason; never is it passed unseen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::GitFixture;

class OddRepository : public ::testing::Test {
 protected:
  OddRepository() : outer_(GitFixture::Init::kNone) {
    // A worktree, a clone and a submodule each look for hooks elsewhere: one folder serves all.
    const std::string hooks = outer_.path() + "/hooks";
    tests::WriteFile(hooks + "/pre-commit", "#!/bin/sh\nexec '" SLUICE_HOOK_PROGRAM "' pre-commit\n");
    chmod((hooks + "/pre-commit").c_str(), 0755);
    outer_.MustGit({"config", "--global", "core.hooksPath", hooks});
    outer_.MustGit({"config", "--global", "protocol.file.allow", "always"});
    outer_.MustGit({"config", "--global", "init.defaultBranch", "main"});
    outer_.MustGit({"config", "--global", "advice.detachedHead", "false"});
  }

  // Runs a script beside the repositories; "r" is the one that it makes.
  CommandResult Shell(const std::string& script) { return outer_.RunHere({"sh", "-ec", script}); }
  void MustShell(const std::string& script) {
    const CommandResult result = Shell(script);
    ASSERT_EQ(result.exit_code, 0) << script << "\n" << result.out << result.err;
  }
  [[nodiscard]] std::string Path(const std::string& name) const { return outer_.path() + "/" + name; }
  CommandResult RunIn(const std::string& name, const std::vector<std::string>& argv) {
    return tests::Run(argv, Path(name), outer_.environment());
  }
  CommandResult Commit(const std::string& name) { return RunIn(name, {"git", "commit", "-m", "x"}); }

  GitFixture outer_;
};

// In r/: one commit with "f", by a script that knows how.
constexpr const char* kFirst =
    "echo 1 >r/f; mkdir -p r/d; echo 1 >r/d/g; git -C r add -A; git -C r commit -qm first --no-verify; ";

TEST_F(OddRepository, OfEveryKindIsScanned) {
  const std::string first = kFirst;
  const struct {
    const char* name;
    std::string make;
    const char* where;
  } kinds[] = {
      {"plain", "git init -q r; " + first, "r"},
      {"unborn", "git init -q r", "r"},
      {"sha256", "git init -q --object-format=sha256 r; " + first, "r"},
      {"split index", "git init -q r; " + first + "git -C r update-index --split-index", "r"},
      {"split index, always", "git init -q r; git -C r config core.splitIndex true; " + first, "r"},
      {"sparse index",
       "git init -q r; " + first +
           "git -C r sparse-checkout init --cone --sparse-index; mkdir r/e; git -C r sparse-checkout set e",
       "r"},
      {"index version 4", "git init -q r; git -C r config index.version 4; " + first, "r"},
      {"many files", "git init -q r; git -C r config feature.manyFiles true; " + first, "r"},
      {"end marker", "git init -q r; git -C r config index.threads 2; " + first, "r"},
      {"worktreeConfig",
       "git init -q r; " + first +
           "git -C r config core.repositoryformatversion 1; git -C r config extensions.worktreeConfig true",
       "r"},
      {"worktree", "git init -q m; mv m r; " + first + "git -C r worktree add -q ../w", "w"},
      {"worktree of a bare one",
       "git init -q r; " + first +
           "git clone -q --bare r b.git; git -C b.git worktree add "
           "-q ../w2",
       "w2"},
      {"relative worktree",
       "git init -q r; " + first + "git -C r worktree add -q ../w3; echo 'gitdir: ../r/.git/worktrees/w3' >w3/.git",
       "w3"},
      {"separate git folder", "git init -q --separate-git-dir s.git r; " + first, "r"},
      {"inside a submodule", "git init -q r; " + first + "git init -q s; git -C s submodule --quiet add ../r sub",
       "s/sub"},
      {"shallow clone", "git init -q r; " + first + "git clone -q --depth=1 file://$PWD/r c1", "c1"},
      {"shared clone", "git init -q r; " + first + "git clone -q --shared r c2", "c2"},
      {"detached", "git init -q r; " + first + "git -C r checkout -q --detach", "r"},
      {"packed", "git init -q r; " + first + "git -C r gc -q", "r"},
  };
  for (const auto& kind : kinds) {
    SCOPED_TRACE(kind.name);
    MustShell("rm -rf r; " + kind.make);
    const std::string where = kind.where;
    tests::WriteFile(Path(where) + "/e/new", "k = " + FakeAwsKey() + "\n");
    ASSERT_EQ(RunIn(where, {"git", "add", "e/new"}).exit_code, 0);
    const CommandResult blocked = Commit(where);
    EXPECT_NE(blocked.exit_code, 0) << blocked.err;
    EXPECT_THAT(blocked.out + blocked.err, HasSubstr("e/new:1:5: error: "));
    const CommandResult scan = RunIn(where, {SLUICE_PROGRAM, "scan", "--staged"});
    EXPECT_EQ(scan.exit_code, 1) << scan.err;
    EXPECT_THAT(scan.out, HasSubstr("e/new:1:5: error: "));
    tests::WriteFile(Path(where) + "/e/new", "clean\n");
    ASSERT_EQ(RunIn(where, {"git", "add", "e/new"}).exit_code, 0);
    const CommandResult passed = Commit(where);
    EXPECT_EQ(passed.exit_code, 0) << passed.err;
    EXPECT_THAT(passed.err, HasSubstr("sluice: 1 file, 6 bytes, 0 skipped, 0 findings"));
  }
}

// The old blob is not here, and nobody fetches it: all of the file counts as new.
TEST_F(OddRepository, PartialCloneWhoseOriginIsGone) {
  MustShell("git init -q r; echo 'k = " + FakeAwsKey() +
            "' >r/f; git -C r add f; git -C r commit -qm first --no-verify; git -C r config uploadpack.allowFilter "
            "true; git clone -q --filter=blob:none --no-checkout file://$PWD/r c; git -C c read-tree HEAD; rm -rf r");
  tests::WriteFile(Path("c") + "/f", "k = " + FakeAwsKey() + "\nanother line\n");
  ASSERT_EQ(RunIn("c", {"git", "add", "f"}).exit_code, 0);
  const CommandResult blocked = RunIn("c", {SLUICE_HOOK_PROGRAM, "pre-commit"});
  EXPECT_EQ(blocked.exit_code, 1) << blocked.out << blocked.err;
  EXPECT_THAT(blocked.out, HasSubstr("f:1:5: error: "));
}

// As in a container that has only the working tree of a worktree.
TEST_F(OddRepository, WorktreeWithoutItsRepositoryIsNotClean) {
  MustShell(std::string("git init -q r; ") + kFirst + "git -C r worktree add -q ../w");
  tests::WriteFile(Path("w") + "/new", "k = " + FakeAwsKey() + "\n");
  ASSERT_EQ(RunIn("w", {"git", "add", "new"}).exit_code, 0);
  EXPECT_EQ(RunIn("w", {SLUICE_PROGRAM, "scan", "--staged"}).exit_code, 1);
  MustShell("mv r elsewhere");
  for (const std::vector<std::string>& argv : std::vector<std::vector<std::string>>{
           {SLUICE_PROGRAM, "scan", "--staged"}, {SLUICE_HOOK_PROGRAM, "pre-commit"}}) {
    const CommandResult lost = RunIn("w", argv);
    EXPECT_THAT(lost.exit_code, AnyOf(2, 3)) << lost.err;
    EXPECT_THAT(lost.err, HasSubstr("not a git repository"));
    EXPECT_EQ(lost.out, "");
  }
}

TEST_F(OddRepository, WhatGitDoesNotKnowIsIncomplete) {
  const struct {
    const char* what;
    const char* make;
  } cases[] = {
      {"references in a table",
       "git -C r config core.repositoryformatversion 1; git -C r config extensions.refStorage reftable"},
      {"a format of the future", "git -C r config core.repositoryformatversion 99"},
      {"an index of the future", "printf 'DIRC\\0\\0\\0\\11\\0\\0\\0\\0xxxxxxxxxxxxxxxxxxxx' >r/.git/index"},
      {"an index that is cut", "head -c 60 r/.git/index >x; cat x >r/.git/index"},
      {"an index that is a folder", "rm r/.git/index; mkdir r/.git/index"},
      {"no index", "rm r/.git/index"},
      {"a HEAD that is damaged", "printf 'ref: refs/heads/main\\0x' >r/.git/HEAD; rm r/.git/index"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.what);
    MustShell(std::string("rm -rf r; git init -q r; ") + kFirst + "echo 'k = " + FakeAwsKey() +
              "' >r/new; git -C r add new; " + c.make);
    for (const std::vector<std::string>& argv : std::vector<std::vector<std::string>>{
             {SLUICE_PROGRAM, "scan", "--staged"}, {SLUICE_HOOK_PROGRAM, "pre-commit"}}) {
      const CommandResult result = RunIn("r", argv);
      EXPECT_EQ(result.exit_code, 3) << result.out << result.err;
      EXPECT_EQ(result.out, "");
      EXPECT_THAT(result.err, ::testing::StartsWith("sluice: "));
    }
  }
}

TEST_F(OddRepository, BareOrNoneIsUsage) {
  MustShell("git init -q --bare b; mkdir none");
  for (const char* where : {"b", "none"}) {
    for (const std::vector<std::string>& argv : std::vector<std::vector<std::string>>{
             {SLUICE_PROGRAM, "scan", "--staged"}, {SLUICE_HOOK_PROGRAM, "pre-commit"}}) {
      const CommandResult result = RunIn(where, argv);
      EXPECT_EQ(result.exit_code, 2) << where << result.out << result.err;
      EXPECT_THAT(result.err, HasSubstr("repository")) << where;
    }
  }
}

// A repository of somebody else: git refuses it unless safe.directory names it, since its configuration could run
// programs. Staged there is a secret: it is found, or it is said why not.
class ForeignOwner : public OddRepository {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
    MustShell(std::string("git init -q r; ") + kFirst + "echo 'k = " + FakeAwsKey() + "' >r/new; git -C r add new");
  }
  void GiveAway() { MustShell("chown -R 65534:65534 r"); }
  void ExpectFound(const CommandResult& result) {
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.out, HasSubstr("new:1:5: error: "));
  }
  void ExpectFoundOrRefused(const CommandResult& result) {
    if (result.exit_code == 1) return ExpectFound(result);
    EXPECT_EQ(result.exit_code, 3) << result.out << result.err;
    EXPECT_THAT(result.err, HasSubstr("dubious ownership"));
    EXPECT_EQ(result.out, "");
  }
  CommandResult ScanStaged(const std::vector<std::string>& before = {}) {
    std::vector<std::string> argv = before;
    argv.insert(argv.end(), {SLUICE_PROGRAM, "scan", "--staged"});
    return RunIn("r", argv);
  }
};

TEST_F(ForeignOwner, IsFoundOrRefusedWithTheReason) {
  GiveAway();
  ExpectFoundOrRefused(ScanStaged());
  // Through git alone, which does refuse.
  outer_.environment()["GIT_WORK_TREE"] = Path("r");
  outer_.environment()["GIT_DIR"] = Path("r") + "/.git";
  ExpectFoundOrRefused(ScanStaged());
}

// git runs no hook in such a repository; called as git calls it, the hook does not look away.
TEST_F(ForeignOwner, HookScansWhatGitHasLetPass) {
  GiveAway();
  const CommandResult refused = Commit("r");
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("dubious ownership"));
  ExpectFound(RunIn("r", {SLUICE_HOOK_PROGRAM, "pre-commit"}));
}

TEST_F(ForeignOwner, IsScannedWhereItIsSafe) {
  GiveAway();
  for (const std::string& safe : {Path("r"), std::string("*")}) {
    outer_.MustGit({"config", "--global", "--replace-all", "safe.directory", safe});
    ExpectFound(ScanStaged());
    const CommandResult blocked = Commit("r");
    EXPECT_NE(blocked.exit_code, 0);
    EXPECT_THAT(blocked.out + blocked.err, HasSubstr("new:1:5: error: ")) << safe;
  }
}

// As sudo does it.
TEST_F(ForeignOwner, OfTheCallerOfSudoIsScanned) {
  GiveAway();
  outer_.environment()["SUDO_UID"] = "65534";
  ExpectFound(ScanStaged());
}

// Somebody who owns nothing looks at a repository of root's.
TEST_F(ForeignOwner, NobodyFindsOrIsTold) {
  MustShell("chmod 755 .. .");
  const std::vector<std::string> nobody = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  std::vector<std::string> version = nobody;
  version.insert(version.end(), {SLUICE_PROGRAM, "version"});
  if (RunIn(".", version).exit_code != 0) GTEST_SKIP() << "nobody cannot run the program from here";
  outer_.environment()["HOME"] = "/nonexistent";
  const CommandResult refused = ScanStaged(nobody);
  EXPECT_EQ(refused.exit_code, 3) << refused.out << refused.err;
  EXPECT_THAT(refused.err, HasSubstr("dubious ownership"));
  EXPECT_EQ(refused.out, "");
  outer_.environment()["GIT_CONFIG_COUNT"] = "1";
  outer_.environment()["GIT_CONFIG_KEY_0"] = "safe.directory";
  outer_.environment()["GIT_CONFIG_VALUE_0"] = "*";
  ExpectFound(ScanStaged(nobody));
  // An index that only root can read.
  ASSERT_EQ(chmod((Path("r") + "/.git/index").c_str(), 0600), 0);
  const CommandResult unreadable = ScanStaged(nobody);
  EXPECT_EQ(unreadable.exit_code, 3) << unreadable.out << unreadable.err;
  EXPECT_THAT(unreadable.err, HasSubstr("index"));
}

// 300,000 entries: one staged file is found in a moment, by a valid cache-tree and without one.
TEST_F(OddRepository, WithManyEntries) {
  MustShell("git init -q r");
  outer_.environment()["GIT_DIR"] = Path("r") + "/.git";
  const std::string blob = outer_.MustGit({"hash-object", "-w", "--stdin"}, "content\n").substr(0, 40);
  std::string entries;
  for (int i = 0; i < 300000; ++i) {
    entries += "100644 " + blob + "\td" + std::to_string(i / 3000) + "/e" + std::to_string(i / 300 % 10) + "/f" +
               std::to_string(i) + "\n";
  }
  outer_.MustGit({"update-index", "--add", "--index-info"}, entries);
  const std::string tree = outer_.MustGit({"write-tree"}).substr(0, 40);
  const std::string commit = outer_.MustGit({"commit-tree", "-m", "x", tree}).substr(0, 40);
  outer_.MustGit({"update-ref", "HEAD", commit});
  const std::string secret = outer_.MustGit({"hash-object", "-w", "--stdin"}, "k = " + FakeAwsKey() + "\n");
  outer_.MustGit({"update-index", "--add", "--cacheinfo", "100644," + secret.substr(0, 40) + ",d50/e5/new"});
  outer_.environment().erase("GIT_DIR");
  for (const bool valid : {false, true}) {
    if (valid) RunIn("r", {"git", "write-tree"});
    const auto start = std::chrono::steady_clock::now();
    const CommandResult hook = RunIn("r", {SLUICE_HOOK_PROGRAM, "pre-commit"});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(hook.exit_code, 1) << hook.err;
    EXPECT_THAT(hook.out, HasSubstr("d50/e5/new:1:5: error: "));
    EXPECT_THAT(hook.err, HasSubstr("sluice: 1 file, "));
    EXPECT_LT(took.count(), 5);
  }
}

}  // namespace
}  // namespace sluice
