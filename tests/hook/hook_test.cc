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
