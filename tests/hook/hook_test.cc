// The hook end to end: real git, real commits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::FakeGithubToken;
using tests::FakePrivateKey;
using tests::GitFixture;

class Hook : public ::testing::Test {
 protected:
  Hook() {
    repo_.Commit("README", "hello\n");
    repo_.InstallSluice();
  }

  // Commits what is staged; says whether git did.
  bool Commits(std::vector<std::string> arguments = {"commit", "-m", "x"}, const std::string& input = "") {
    last_ = repo_.Git(arguments, input);
    const std::string all = last_.out + last_.err;
    for (const std::string& secret : {FakeAwsKey(), FakeGithubToken(), FakePrivateKey().substr(40, 60)}) {
      // `commit -p` itself shows what it asks about.
      if (input.empty()) {
        EXPECT_THAT(all, Not(HasSubstr(secret)));
      }
    }
    // Blocked for what was found, not for some failure.
    if (last_.exit_code != 0) {
      EXPECT_THAT(all, HasSubstr("What to do")) << all;
    }
    return last_.exit_code == 0;
  }

  GitFixture repo_;
  CommandResult last_;
};

TEST_F(Hook, LetsACleanCommitPass) {
  repo_.Stage("a.py", "key = os.environ['KEY']\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 file, "));
}

TEST_F(Hook, BlocksASecret) {
  repo_.Stage("a.py", "key = '" + FakeAwsKey() + "'\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a.py:1:8: error: "));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("[aws-access-key-id]"));
}

TEST_F(Hook, BlocksTheFirstCommit) {
  GitFixture fresh;
  fresh.InstallSluice();
  fresh.Stage("a", FakeAwsKey());
  EXPECT_NE(fresh.Git({"commit", "-m", "x"}).exit_code, 0);
  fresh.Stage("a", "clean\n");
  EXPECT_EQ(fresh.Git({"commit", "-m", "x"}).exit_code, 0);
}

// The index counts, not the working tree: in both directions.
TEST_F(Hook, LooksAtTheIndex) {
  repo_.Stage("a", "key " + FakeAwsKey() + "\n");
  repo_.Write("a", "clean\n");
  EXPECT_FALSE(Commits());
  repo_.Stage("a", "clean\n");
  repo_.Write("a", "key " + FakeAwsKey() + "\n");
  EXPECT_TRUE(Commits());
}

TEST_F(Hook, SeesEveryWayToCommit) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b", "1\n");
  repo_.Write("a", "1\n" + FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits({"commit", "-a", "-m", "x"}));
  EXPECT_FALSE(Commits({"commit", "-p", "-m", "x"}, "y\n"));
  EXPECT_FALSE(Commits({"commit", "-m", "x", "-i", "a"}));
  EXPECT_FALSE(Commits({"commit", "-m", "x", "--only", "a"}));
  EXPECT_FALSE(Commits({"commit", "-a", "--amend", "--no-edit"}));
  EXPECT_FALSE(Commits({"-C", ".", "commit", "-am", "x"}));
}

TEST_F(Hook, OnlyLooksAtThePathThatIsCommitted) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b", "1\n");
  repo_.Stage("a", FakeAwsKey() + "\n");
  repo_.Write("b", "2\n");
  EXPECT_TRUE(Commits({"commit", "-m", "x", "--only", "b"}));
}

TEST_F(Hook, HalfOfAKeyIsNoKeyButItsCompletionIs) {
  const std::string key = FakePrivateKey();
  const std::size_t middle = key.find('\n', 60) + 1;
  repo_.Commit("k", key.substr(0, middle));
  repo_.Stage("k", key);
  EXPECT_FALSE(Commits());
}

// What was there before must not stop the work on something else.
TEST_F(Hook, OldSecretsDoNotBlock) {
  const std::string old_text = "one\nkey = '" + FakeAwsKey() + "'\nthree\n";
  repo_.Commit("a", old_text);
  repo_.Stage("a", old_text + "four\n");
  EXPECT_TRUE(Commits());
  repo_.Stage("a", "zero\n" + old_text + "four\n");
  EXPECT_TRUE(Commits());
  repo_.MustGit({"mv", "a", "moved"});
  EXPECT_TRUE(Commits());
  repo_.MustGit({"update-index", "--chmod=+x", "moved"});
  EXPECT_TRUE(Commits());
  repo_.Stage("moved", "zero\n" + old_text + "four\n" + FakeGithubToken() + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("aws-access-key-id")));
}

TEST_F(Hook, FindsWhatDiffWouldHide) {
  repo_.Commit(".gitattributes", "*.x -diff\n*.b binary\n*.t diff=t\n");
  repo_.MustGit({"config", "diff.external", "/bin/true"});
  repo_.MustGit({"config", "diff.t.textconv", "true"});
  for (const char* name : {"a.x", "a.b", "a.t"}) {
    repo_.Stage(name, FakeAwsKey() + "\n");
    EXPECT_FALSE(Commits()) << name;
    repo_.MustGit({"reset", "-q"});
  }
}

TEST_F(Hook, ReadsUtf16AndNul) {
  std::string utf16 = "\xff\xfe";
  for (const char c : "key = " + FakeAwsKey() + "\r\n") utf16 += std::string(1, c) + std::string(1, '\0');
  repo_.Stage("keys.txt", utf16);
  EXPECT_FALSE(Commits());
  repo_.MustGit({"reset", "-q"});
  repo_.Stage("data.bin", std::string(100, '\0') + " " + FakeAwsKey() + " " + std::string(100, '\0'));
  EXPECT_FALSE(Commits());
}

TEST_F(Hook, EvilMergeIsSeenAndACleanOneIsNot) {
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("theirs", FakeAwsKey() + "\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("ours", "1\n");
  // Their secret is in history already; a merge adds nothing.
  EXPECT_TRUE(Commits({"merge", "-q", "--no-edit", "other"}));
  repo_.MustGit({"reset", "-q", "--hard", "HEAD~1"});
  repo_.MustGit({"merge", "-q", "--no-commit", "other"});
  repo_.Stage("evil", FakeGithubToken() + "\n");
  EXPECT_FALSE(Commits({"commit", "--no-edit"}));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("evil:1:1"));
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("theirs:")));
}

// A variable that anybody can set must not turn what a merge driver writes into something old.
TEST_F(Hook, OnlyParentsInSomeHistoryExcuseAMerge) {
  repo_.Commit(".gitattributes", "f merge=d\n");
  repo_.Commit("f", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "side"});
  repo_.Commit("f", "2\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("f", FakeAwsKey() + "\n");
  const std::string claimed = repo_.MustGit({"rev-parse", "HEAD"});
  repo_.MustGit({"reset", "-q", "--hard", "HEAD~1"});
  repo_.Commit("f", "3\n");
  repo_.MustGit({"config", "merge.d.driver", "echo " + FakeAwsKey() + " > %A"});
  repo_.environment()["GITHEAD_" + claimed.substr(0, claimed.size() - 1)] = "x";
  EXPECT_FALSE(Commits({"merge", "-q", "--no-edit", "side"}));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("f:1:1: error: "));
}

TEST_F(Hook, SymlinkTextIsScannedItsTargetIsNot) {
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/secret", FakeAwsKey());
  repo_.RunHere({"ln", "-s", outside.path() + "/secret", "link"});
  repo_.RunHere({"ln", "-s", "/dev/zero", "device"});
  repo_.RunHere({"ln", "-s", "loop", "loop"});
  repo_.MustGit({"add", "link", "device", "loop"});
  EXPECT_TRUE(Commits());
  repo_.RunHere({"ln", "-s", "/x/" + FakeAwsKey(), "named"});
  repo_.MustGit({"add", "named"});
  EXPECT_FALSE(Commits());
}

TEST_F(Hook, OddNamesReachTheTerminalEscaped) {
  repo_.Stage("new\nline\x1b[31m", FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("\x1b[31m")));
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("new\nline")));
}

TEST_F(Hook, InlineAllowPassesAndIsCounted) {
  repo_.Stage("a.py", "key = '" + FakeAwsKey() + "'  # sluice:allow aws-access-key-id revoked in 2020\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 suppressed"));
}

// An edit of the configuration that is not committed changes no verdict.
TEST_F(Hook, ConfigurationComesFromTheCommit) {
  repo_.Write(".sluice.toml", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  repo_.Stage("a", FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits());
  repo_.MustGit({"add", ".sluice.toml"});
  EXPECT_TRUE(Commits());
  repo_.Stage(".sluice.toml", "format = 1\nexcludes = [\"a\"]\n");
  last_ = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(last_.exit_code, 0);
  EXPECT_THAT(last_.err, HasSubstr(".sluice.toml:2: unknown key 'excludes'; did you mean 'exclude'?"));
}

TEST_F(Hook, RulesOfTheRepositoryWork) {
  repo_.Stage("tools/own.toml",
              "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n"
              "regex = 'own_[0-9a-f]{8}'\n");
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"tools/own.toml\"]\n");
  EXPECT_TRUE(Commits());
  repo_.Stage("a", "own_12ab56cd\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("[own-key]"));
  EXPECT_FALSE(Commits());  // From the cache.
}

TEST_F(Hook, ExcludedFilesAreCounted) {
  repo_.Commit(".sluice.toml", "format = 1\nexclude = [\"vendor/\"]\n");
  repo_.Stage("vendor/a", FakeAwsKey() + "\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 skipped"));
}

std::string Wide(const std::string& text) {
  std::string wide;
  for (const char c : text) {
    wide += c;
    wide += '\0';
  }
  return wide;
}

// A mark, or one encoding at the start, says nothing about the rest: >> of another shell appends in another encoding.
TEST_F(Hook, FilesOfTwoEncodings) {
  const std::string line = "t=" + FakeGithubToken() + "\r\n";
  std::string settings;
  for (int i = 0; i < 12; ++i) settings += "SETTING_" + std::to_string(i) + "=value number\n";
  const std::string random = "\x7f\x45\x4c\x46\x02\x00\x00\x01\x93\x00\x41";
  for (const std::string& bytes : {"\xff\xfe" + line, "\xff\xfe" + Wide("A=1\r\n") + line, "\xef\xbb\xbf" + Wide(line),
                                   settings + Wide(line), random + Wide(line), Wide("\x1b[0mA=1\n" + line)}) {
    repo_.Stage("a", bytes);
    EXPECT_FALSE(Commits()) << bytes;
  }
}

TEST_F(Hook, DeletingWhatBrokeAKeyCompletesIt) {
  const std::string key = FakePrivateKey();
  const std::size_t body = key.find('\n') + 1;
  repo_.Commit("key.pem", key.substr(0, body) + "{{ the key }}\n" + key.substr(body));
  repo_.Stage("key.pem", key);
  EXPECT_FALSE(Commits());
}

TEST_F(Hook, WhatWasThereBeforeDoesNotStop) {
  const std::string token = FakeGithubToken();
  repo_.Commit("a", "one\nt = " + token + "\nthree\n");
  repo_.Stage("a", "one\nt = " + token + "\nthree\nfour\n");
  EXPECT_TRUE(Commits());
  // A second copy is new.
  repo_.Stage("a", "one\nt = " + token + "\nthree\nfour\nu = " + token + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a:5:"));
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("a:2:")));
}

// libgit2 and git look for such a reference in different places.
TEST_F(Hook, HeadOutsideOfBranches) {
  repo_.MustGit({"worktree", "add", "-q", "linked", "-b", "l"});
  repo_.Write("linked/y", "t=" + FakeGithubToken() + "\n");
  repo_.MustGit({"-C", "linked", "update-ref", "refs/worktree/x", "HEAD"});
  repo_.MustGit({"-C", "linked", "add", "y"});
  const std::string tree = repo_.MustGit({"-C", "linked", "write-tree"}).substr(0, 40);
  const std::string commit = repo_.MustGit({"commit-tree", "-m", "z", "-p", "HEAD", tree}).substr(0, 40);
  repo_.MustGit({"update-ref", "refs/worktree/x", commit});
  repo_.MustGit({"-C", "linked", "symbolic-ref", "HEAD", "refs/worktree/x"});
  EXPECT_FALSE(Commits({"-C", "linked", "commit", "-m", "x"}));
}

// git holds no lock on the index while a hook runs.
TEST_F(Hook, TheIndexChangesDuringTheScan) {
  std::string big;
  while (big.size() < (24U << 20U)) big += "0123456789 some text that takes a while to be scanned, line after line\n";
  for (const char* name : {"1", "2", "3", "4", "5", "6"}) repo_.Stage(name, big);
  repo_.Write("late", "t=" + FakeGithubToken() + "\n");
  const CommandResult both =
      repo_.RunHere({"sh", "-c",
                     "'" SLUICE_HOOK_PROGRAM "' pre-commit & hook=$!; sleep 0.02; kill -STOP $hook; git add late; kill "
                     "-CONT $hook; wait $hook; echo code $?"});
  // Whichever came first: with `late` in the index, the answer is not "clean".
  EXPECT_THAT(both.out, HasSubstr("code 1")) << both.err;
}

TEST_F(Hook, ArchivesAreNamed) {
  repo_.RunHere({"sh", "-c", "echo text | gzip -c > a.gz"});
  repo_.MustGit({"add", "a.gz"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 archive)"));
}

// No failure is a clean answer.
TEST_F(Hook, StopsWhenItCannotScan) {
  repo_.Stage("a", "clean but lost\n");
  const std::string oid = repo_.MustGit({"rev-parse", ":a"}).substr(0, 40);
  repo_.RunHere({"rm", "-f", ".git/objects/" + oid.substr(0, 2) + "/" + oid.substr(2)});
  const CommandResult hook = repo_.RunHere({SLUICE_HOOK_PROGRAM, "pre-commit"});
  EXPECT_EQ(hook.exit_code, 3) << hook.out << hook.err;
  EXPECT_THAT(hook.out + hook.err, HasSubstr("a: not scanned"));
  repo_.environment()["GIT_INDEX_FILE"] = "/no/such/index";
  EXPECT_EQ(repo_.RunHere({SLUICE_HOOK_PROGRAM, "pre-commit"}).exit_code, 3);
}

TEST_F(Hook, SaysHowItIsUsed) {
  EXPECT_EQ(repo_.RunHere({SLUICE_HOOK_PROGRAM}).exit_code, 2);
  EXPECT_EQ(repo_.RunHere({SLUICE_HOOK_PROGRAM, "post-commit"}).exit_code, 2);
  tests::TemporaryFolder nowhere;
  EXPECT_EQ(tests::Run({SLUICE_HOOK_PROGRAM, "pre-commit"}, nowhere.path(), repo_.environment()).exit_code, 2);
}

TEST_F(Hook, NeedsNoEnvironment) {
  repo_.Stage("a", FakeAwsKey() + "\n");
  const CommandResult bare = tests::Run({SLUICE_HOOK_PROGRAM, "pre-commit"}, repo_.path(), {});
  EXPECT_EQ(bare.exit_code, 1) << bare.err;
}

TEST_F(Hook, GoneReaderDoesNotTurnTheVerdict) {
  repo_.Stage("a", FakeAwsKey() + "\n");
  const CommandResult closed =
      repo_.RunHere({"sh", "-c", std::string("'") + SLUICE_HOOK_PROGRAM + "' pre-commit >&-; echo code $?"});
  EXPECT_THAT(closed.out, HasSubstr("code 1"));
}

TEST_F(Hook, LargeBlobsAreScannedToTheirEnd) {
  std::string text;
  text.reserve(40U << 20U);
  while (text.size() < (36U << 20U)) text += "a line of nothing much at all, over and over again\n";
  text += FakeAwsKey() + "\n";
  repo_.Stage("large.log", text);
  EXPECT_FALSE(Commits());
}

}  // namespace
}  // namespace sluice
