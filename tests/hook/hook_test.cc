// The hook end to end: real git, real commits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/sha256.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::CommandResult;
using tests::FakeAwsKey;
using tests::FakeAwsSecret;
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

// A new id for an old secret: the secret is of this commit as well.
TEST_F(Hook, AChangeOfOnePartIsAChangeOfBoth) {
  const std::string secret = "aws_secret_access_key = " + FakeAwsSecret() + "\n";
  repo_.Commit("credentials", "# none yet\n" + secret);
  repo_.Stage("credentials", "# none yet\n" + secret + "region = eu-west-1\n");
  EXPECT_TRUE(Commits());
  repo_.Stage("credentials", "aws_access_key_id = " + FakeAwsKey() + "\n" + secret + "region = eu-west-1\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("aws-access-key-id"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("aws-secret-access-key"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("its other part is on line 1"));
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

// What a name says goes into history, too.
TEST_F(Hook, BlocksASecretInANewName) {
  const std::string name = "keys/" + FakeGithubToken() + ".txt";
  repo_.Stage(name, "clean\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr(".txt: error: GitHub"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("in the name of the file"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("give the file another name"));
  repo_.MustGit({"reset", "-q"});
  repo_.Commit("plain", "one\n");
  repo_.MustGit({"mv", "plain", FakeGithubToken()});
  EXPECT_FALSE(Commits());
  // It was there before.
  repo_.MustGit({"commit", "-q", "--no-verify", "-m", "x"});
  repo_.Stage(FakeGithubToken(), "two\n");
  EXPECT_TRUE(Commits());
  // Its first bytes were taken for the mark of UTF-16, and nothing was found in what that made of it.
  repo_.Stage("\xff\xfe" + FakeGithubToken(), "clean\n");
  EXPECT_FALSE(Commits());
  repo_.MustGit({"reset", "-q"});
  // Folders of providers and digests are in names everywhere.
  repo_.Stage("heroku/0d5c9a71-e4b8-4326-8d5c-9a71e4b8f326/da39a3ee5e6b4b0d3255bfef95601890afd80709", "clean\n");
  EXPECT_TRUE(Commits());
}

TEST_F(Hook, InlineAllowPassesAndIsCounted) {
  repo_.Stage("a.py", "key = '" + FakeAwsKey() + "'  # sluice:allow aws-access-key-id revoked in 2020\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 suppressed"));
}

// Wherever a person may put a comment to a key, in the languages that keys are pasted into.
TEST_F(Hook, InlineAllowOfAKey) {
  const std::string key = FakePrivateKey();
  const std::size_t first = key.find('\n');
  const std::string allow = "sluice:allow private-key-pem made for the tests";
  const std::string comment = "# " + allow;
  std::string indented = "  ";
  for (const char c : key) indented += c == '\n' ? "\n  " : std::string(1, c);
  const std::pair<const char*, std::string> accepted[] = {
      {"id_rsa", key.substr(0, first) + " " + comment + key.substr(first) + "\n"},
      {"id_rsa", key.substr(0, first) + " # sluice:allow" + key.substr(first) + "\n"},
      {"id_rsa", key + " " + comment + "\n"},
      {"id_rsa", comment + "\n" + key + "\n"},
      {"a.py", "KEY = \"\"\"" + key + "\n\"\"\"  " + comment + "\n"},
      {"a.py", comment + "\nKEY = \"\"\"" + key + "\n\"\"\"\n"},
      {"a.py", comment + "\nKEY = \"\"\"\\\n" + key + "\n\"\"\"\n"},
      {"a.yml", comment + "\nkey: |\n" + indented + "\n"},
      {"a.yml", "key: |  " + comment + "\n" + indented + "\n"},
      {"a.sh", comment + "\ncat >k <<EOF\n" + key + "\nEOF\n"},
      {"a.js", "// " + allow + "\nconst key = `\n" + key + "`;\n"},
  };
  int number = 0;
  for (const auto& [name, text] : accepted) {
    repo_.Stage(std::to_string(++number) + name, text);
    EXPECT_TRUE(Commits()) << text;
    EXPECT_THAT(last_.err, HasSubstr("1 suppressed")) << text;
  }
  // It is no excuse for anything else.
  const std::string token = "t = '" + FakeGithubToken() + "'\n";
  const std::string stopped[] = {
      token + comment + "\nKEY = '''" + key + "'''\n",
      "# sluice:allow\n" + token + "KEY = '''" + key + "'''\n",
      "KEY = '''" + key.substr(0, first) + " # sluice:allow" + key.substr(first) + "'''\n" + token,
      "KEYS = '''" + key + "\n" + key + "\n'''  " + comment + "\n",
      comment + "\nKEYS = '''\n" + key + "\n" + key + "\n'''\n",
  };
  for (const std::string& text : stopped) {
    repo_.Stage("b", text);
    EXPECT_FALSE(Commits()) << text;
  }
}

// A comment makes these useless, or cannot be written at all; the advice that is given instead can be followed.
TEST_F(Hook, WhereNoCommentCanStandTheAdviceLeavesTheFileOut) {
  const std::string zeros(4, '\0');
  const std::pair<std::string, std::string> files[] = {
      {"id_rsa", FakePrivateKey() + "\n"},
      {"keys/deploy", "\xef\xbb\xbf" + FakePrivateKey() + "\n"},
      {"a.zip", "PK\x03\x04" + zeros + "k = " + FakeAwsKey() + "\n" + zeros},
      {"core", zeros + "\nk = " + FakeAwsKey() + "\n"},
      {"large.bin", zeros + std::string(40 << 20, '\n') + "k = " + FakeAwsKey() + "\n"},
      {"a.service", "Environment=K=" + FakeAwsKey() + "\n"},
  };
  for (const auto& [path, bytes] : files) {
    repo_.Stage(path, bytes);
    EXPECT_FALSE(Commits()) << path;
    const std::string all = last_.out + last_.err;
    EXPECT_THAT(all, Not(HasSubstr("sluice:allow"))) << path;
    const std::string exclude = "exclude = [\"/" + path + "\"]\n";
    EXPECT_THAT(all, HasSubstr("nothing in it is looked at then:\n       " + exclude)) << path;
    repo_.Stage(".sluice.toml", "format = 1\n" + exclude);
    EXPECT_TRUE(Commits()) << path;
  }
  // A text in another encoding is one.
  std::string wide = "\xff\xfe";
  for (const char c : "key = " + FakeAwsKey() + "\r\n") wide += std::string(1, c) + std::string(1, '\0');
  repo_.Stage("a.ps1", wide);
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("       sluice:allow aws-access-key-id REASON"));
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

TEST_F(Hook, SaysWhatOfTheConfigurationIsNotStaged) {
  repo_.Write("own.toml", "format = 1\npack = \"own\"\n");
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  last_ = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(last_.exit_code, 0);
  EXPECT_THAT(last_.err, HasSubstr("sluice: own.toml: is not staged, so it is not in force: git add :/own.toml\n"));
  repo_.MustGit({"rm", "-q", "--cached", ".sluice.toml"});
  repo_.Stage("a", FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.err,
              HasSubstr("sluice: .sluice.toml is not staged, so it is not in force: git add :/.sluice.toml\n"));
  repo_.Stage("a", "clean\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr("not staged")));
}

// The configuration of the commit is in force for it; that it finds less than before is said.
TEST_F(Hook, NamesALooserConfiguration) {
  const std::string changed = "this commit changes .sluice.toml, which is in force for it: ";
  repo_.Stage("a", FakeAwsKey() + "\n");
  repo_.Stage(".sluice.toml", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("sluice: " + changed + "switches off 1 rule (aws-access-key-id)\n"));
  repo_.Stage("b", "clean\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr(changed)));
  repo_.Stage(".sluice.toml", "format = 1\nexclude = [\"*\"]\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(changed + "excludes 1 more pattern (.sluice.toml:2)\n"));
  const std::string own =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"aws-access-key-id\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'own_[0-9a-f]{8}'\n";
  repo_.Stage("own.toml", own);
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  last_ = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(last_.exit_code, 0);
  EXPECT_THAT(last_.err, HasSubstr("own.toml:3: aws-access-key-id: a default rule has this id"));
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\nreplace = [\"aws-access-key-id\"]\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(changed + "has rules of its own for 1 default rule (aws-access-key-id)\n"));
  repo_.Stage("own.toml", own + "severity = \"low\"\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("this commit changes rules of .sluice.toml, which are in force for it: changes 1 "
                                   "rule (aws-access-key-id)\n"));
  repo_.MustGit({"rm", "-q", ".sluice.toml"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(changed + "takes 1 rule file away\n"));
}

constexpr const char* kChangesConfiguration = "sluice: this commit changes .sluice.toml, which is in force for it: ";
constexpr const char* kChangesRules = "sluice: this commit changes rules of .sluice.toml, which are in force for it: ";

// However it comes there, and goes.
TEST_F(Hook, NamesALooserConfigurationThatIsOnlyMoved) {
  repo_.Commit("elsewhere/.sluice.toml", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  repo_.MustGit({"mv", "elsewhere/.sluice.toml", ".sluice.toml"});
  repo_.Stage("a", FakeAwsKey() + "\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesConfiguration) + "switches off 1 rule (aws-access-key-id)\n"));
  // Away, and nothing is switched off any more.
  repo_.MustGit({"mv", ".sluice.toml", "x"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
  // A copy is a file like any other.
  repo_.Stage(".sluice.toml", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(kChangesConfiguration));
  repo_.MustGit({"update-index", "--chmod=+x", ".sluice.toml"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
  // A configuration that blocks more goes away under another name.
  repo_.Stage(".sluice.toml", "format = 1\n[policy]\nblock_confidence = \"low\"\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
  repo_.MustGit({"mv", ".sluice.toml", "y"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesConfiguration) + "blocks from medium confidence on\n"));
  // A link becomes a file.
  repo_.RunHere({"ln", "-s", "elsewhere", ".sluice.toml"});
  repo_.MustGit({"add", ".sluice.toml"});
  repo_.MustGit({"commit", "-q", "--no-verify", "-m", "x"});
  repo_.RunHere({"rm", ".sluice.toml"});
  repo_.Stage(".sluice.toml", "format = 1\nexclude = [\"*\"]\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesConfiguration) + "excludes 1 more pattern (.sluice.toml:2)\n"));
}

// In a repository that only git itself understands, too.
TEST_F(Hook, NamesALooserConfigurationWhereGitIsAsked) {
  GitFixture repo(GitFixture::Init::kNone);
  repo.MustGit({"init", "-q", "-b", "main", "--object-format=sha256"});
  repo.InstallSluice();
  repo.Stage(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  const std::string own =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'own_[0-9a-f]{8}'\n";
  repo.Stage("own.toml", own);
  last_ = repo.Git({"commit", "-m", "x"});
  EXPECT_EQ(last_.exit_code, 0) << last_.err;
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
  repo.Commit("other", own + "paths = [\"x\"]\n");
  repo.MustGit({"mv", "-f", "other", "own.toml"});
  last_ = repo.Git({"commit", "-m", "x"});
  EXPECT_EQ(last_.exit_code, 0) << last_.err;
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesRules) + "changes 1 rule (own-key)\n"));
}

// The rules of a configuration are a part of it.
TEST_F(Hook, NamesARuleFileThatFindsLess) {
  const auto own = [](const std::string& id, const std::string& more) {
    return "[[rule]]\nid = \"" + id + "\"\ndescription = \"d\"\nremediation = \"r\"\nregex = 'own_[0-9a-f]{8}'\n" +
           more;
  };
  const std::string head = "format = 1\npack = \"own\"\n";
  repo_.Commit("rules/own.toml", head + own("own-key", ""));
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"rules/own.toml\"]\n");
  // More rules, other words: nothing is found less.
  repo_.Stage("rules/own.toml", head + own("own-key", "tags = [\"x\"]\n") + own("other-key", ""));
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
  repo_.Stage("a", "own_12ab56cd\n");
  repo_.Stage("rules/own.toml", head + own("own-key", "reject = ['12ab']\n"));
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err,
              HasSubstr(std::string(kChangesRules) + "takes away 1 rule (other-key), changes 1 rule (own-key)\n"));
  // Another file takes its name.
  repo_.Commit("weak.toml", head + own("own-key", "severity = \"low\"\n"));
  repo_.MustGit({"mv", "-f", "weak.toml", "rules/own.toml"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesRules) + "changes 1 rule (own-key)\n"));
  // The file goes, and with it what names it.
  repo_.MustGit({"rm", "-q", "rules/own.toml"});
  repo_.Stage(".sluice.toml", "format = 1\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesConfiguration) + "takes 1 rule file away\n"));
  EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesRules) + "takes away 1 rule (own-key)\n"));
}

// What another branch brings in is in force here from the merge on.
TEST_F(Hook, NamesALooserConfigurationThatIsMerged) {
  const std::string head = "format = 1\npack = \"own\"\n";
  const std::string own =
      "[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\nregex = 'own_[0-9a-f]{8}'\n";
  repo_.Commit("own.toml", head + own);
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("own.toml", head + own + "severity = \"low\"\n");
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\ndisable = [\"jwt\"]\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("ours", "1\n");
  const std::string before = repo_.MustGit({"rev-parse", "HEAD"}).substr(0, 40);
  const auto expect_both = [&] {
    EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesConfiguration) + "switches off 1 rule (jwt)\n"));
    EXPECT_THAT(last_.err, HasSubstr(std::string(kChangesRules) + "changes 1 rule (own-key)\n"));
  };
  EXPECT_TRUE(Commits({"merge", "-q", "--no-edit", "other"}));
  expect_both();
  // Made by hand, after a conflict.
  repo_.MustGit({"reset", "-q", "--hard", before});
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n# ours\n");
  ASSERT_NE(repo_.Git({"merge", "-q", "other"}).exit_code, 0);
  repo_.MustGit({"checkout", "--theirs", ".sluice.toml"});
  repo_.MustGit({"add", ".sluice.toml"});
  EXPECT_TRUE(Commits({"commit", "--no-edit"}));
  expect_both();
  // A merge that brings neither in says nothing.
  repo_.MustGit({"checkout", "-q", "other"});
  EXPECT_TRUE(Commits({"merge", "-q", "--no-edit", "--no-ff", "main"}));
  EXPECT_THAT(last_.err, Not(HasSubstr("in force")));
}

// Nobody means "no configuration" by a link.
TEST_F(Hook, RefusesAConfigurationThatIsNoFile) {
  repo_.RunHere({"ln", "-s", "elsewhere", ".sluice.toml"});
  repo_.MustGit({"add", ".sluice.toml"});
  const CommandResult result = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr(".sluice.toml: is not a regular file"));
}

TEST_F(Hook, NamesALargeArchive) {
  repo_.Stage("big.zip", std::string("PK\3\4") + std::string(33U << 20U, 'x'));
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 archive)"));
  EXPECT_THAT(
      last_.out + last_.err,
      HasSubstr(": note: archive: what is in it was not looked at; run `sluice scan` on this file to look into it\n"));
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

TEST_F(Hook, NamesWhatHidesSomething) {
  repo_.Stage("doc.pdf", "%PDF-1.7\n");
  repo_.Stage("large.pdf", "%PDF-1.7\n" + std::string(33U << 20U, 'x'));
  repo_.Stage("all.bundle", "# v2 git bundle\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("3 skipped (2 PDF, 1 git bundle)"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("doc.pdf: note: PDF: what its compressed streams hold"));
}

class LfsHook : public Hook {
 protected:
  // As git-lfs does it: the content below .git/lfs, and a pointer in its place. (Any digest of the content does.)
  void StageWithLfs(const std::string& name, const std::string& content, bool is_at_hand = true) {
    const std::string oid = Hex(Sha256OfParts({content}), 32);
    if (is_at_hand) repo_.Write(".git/lfs/objects/" + oid.substr(0, 2) + "/" + oid.substr(2, 2) + "/" + oid, content);
    repo_.Stage(name, "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " +
                          std::to_string(content.size()) + "\n");
  }
};

TEST_F(LfsHook, LooksAtTheContentThatIsAtHand) {
  StageWithLfs("a.bin", "one\nkey = '" + FakeAwsKey() + "'\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a.bin:2:8: error: "));
  EXPECT_THAT(last_.err, HasSubstr("1 file, "));
  EXPECT_THAT(last_.err, HasSubstr("0 skipped"));
  // Also from another worktree, and in `sluice scan --staged`, which is the same.
  repo_.MustGit({"reset", "-q"});
  repo_.MustGit({"worktree", "add", "-q", "other"});
  repo_.RunHere({"cp", "a.bin", "other/"});
  repo_.MustGit({"-C", "other", "add", "a.bin"});
  EXPECT_FALSE(Commits({"-C", "other", "commit", "-m", "x"}));
  StageWithLfs("b.bin", "clean\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("0 skipped"));
}

TEST_F(LfsHook, NamesContentThatIsElsewhereOrTooLarge) {
  StageWithLfs("a.bin", FakeAwsKey() + "\n", /*is_at_hand=*/false);
  StageWithLfs("b.bin", FakeAwsKey() + "\n" + std::string(33U << 20U, 'x'));
  StageWithLfs("c.bin", "%PDF-1.7\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a.bin: note: LFS pointer: the file that it stands for"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("b.bin: note: LFS pointer: the file that it stands for"));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("c.bin: note: PDF: "));
}

TEST_F(LfsHook, OldSecretsDoNotBlock) {
  const std::string old_text = "one\nkey = '" + FakeAwsKey() + "'\nthree\n";
  StageWithLfs("a", old_text);
  repo_.MustGit({"commit", "--no-verify", "-m", "x"});
  StageWithLfs("a", old_text + "four\n");
  EXPECT_TRUE(Commits());
  StageWithLfs("a", old_text + FakeGithubToken() + "\n");
  EXPECT_FALSE(Commits());
  // What was a file until now.
  repo_.Stage("b", old_text);
  repo_.MustGit({"reset", "-q", "a"});
  repo_.MustGit({"commit", "--no-verify", "-m", "x"});
  StageWithLfs("b", old_text + "four\n");
  EXPECT_TRUE(Commits());
}

// Others may read a pointer less strictly.
TEST_F(LfsHook, LooksAtThePointerToo) {
  StageWithLfs("a.bin", "clean\n");
  repo_.Stage("a.bin", tests::ReadFile(repo_.path() + "/a.bin") + "x " + FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a.bin:4:3: error: "));
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

// `git add -p` stages a part of what is there: only that part counts, and all of it.
TEST_F(Hook, HalfOfAChangeStagedByPatch) {
  const std::string key = FakePrivateKey();
  const std::string middle = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n";
  repo_.Commit("a", "first\n" + middle + "last\n");
  // The first hunk is clean, the second is a secret.
  repo_.Write("a", "FIRST\n" + middle + "t = " + FakeGithubToken() + "\n");
  repo_.MustGit({"add", "-p", "a"}, "y\nn\n");
  EXPECT_TRUE(Commits());
  repo_.MustGit({"add", "-p", "a"}, "y\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a:11:5: error: "));
  // A key of several lines, of which the lower half is staged; then the rest.
  repo_.MustGit({"reset", "-q", "--hard"});
  const std::size_t half = key.find('\n', 60) + 1;
  repo_.Commit("k", key.substr(half) + "\n");
  repo_.Write("k", key + "\n");
  repo_.MustGit({"add", "-p", "k"}, "y\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("k:1:1: error: "));
}

TEST_F(Hook, ReportsThePathThatIsCommittedAndNotTheOther) {
  repo_.Commit("a", "1\n");
  repo_.Commit("b", "1\n");
  repo_.Stage("a", FakeAwsKey() + "\n");
  repo_.Write("b", "t = " + FakeGithubToken() + "\n");
  EXPECT_FALSE(Commits({"commit", "-m", "x", "--only", "b"}));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("b:1:5: error: "));
  EXPECT_THAT(last_.out + last_.err, Not(HasSubstr("a:1:")));
  EXPECT_FALSE(Commits({"commit", "-m", "x", "--include", "b"}));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("a:1:1: error: "));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("b:1:5: error: "));
}

TEST_F(Hook, AmendWithAndWithoutAChange) {
  repo_.Commit("a", "1\n");
  EXPECT_TRUE(Commits({"commit", "--amend", "-m", "another message"}));
  EXPECT_THAT(last_.err, HasSubstr("nothing to scan"));
  repo_.Write("a", "k = " + FakeAwsKey() + "\n");
  EXPECT_TRUE(Commits({"commit", "--amend", "--no-edit"}));  // Not staged.
  repo_.MustGit({"add", "a"});
  EXPECT_FALSE(Commits({"commit", "--amend", "--no-edit"}));
  EXPECT_FALSE(Commits({"commit", "--amend", "--no-edit", "--only", "a"}));
}

TEST_F(Hook, IntentToAddIsNotYetPartOfIt) {
  repo_.Write("later", FakeAwsKey() + "\n");
  repo_.MustGit({"add", "-N", "later"});
  repo_.Stage("a", "clean\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 file, "));
  EXPECT_FALSE(Commits({"commit", "-a", "-m", "x"}));
}

// Neither side holds a key; what git makes of both does, and only pre-merge-commit is asked.
TEST_F(Hook, CleanMergeThatCompletesAKeyIsBlocked) {
  const std::string key = FakePrivateKey();
  const std::size_t body = key.find('\n') + 1;
  const std::string begin = key.substr(0, body);
  const std::string end = key.substr(key.rfind('\n') + 1);
  const std::string lines = key.substr(body, key.size() - end.size() - body);
  const std::string far = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
  repo_.Commit("key", far + "{{ begin }}\n" + lines + "{{ end }}\n" + far);
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Stage("key", far + "{{ begin }}\n" + lines + end + "\n" + far);
  EXPECT_TRUE(Commits());
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("key", far + begin + lines + "{{ end }}\n" + far);
  const std::string before = repo_.MustGit({"rev-parse", "HEAD"});
  EXPECT_FALSE(Commits({"merge", "--no-edit", "other"}));
  EXPECT_THAT(last_.out + last_.err, HasSubstr("key:10:1: error: "));
  EXPECT_EQ(repo_.MustGit({"rev-parse", "HEAD"}), before);
}

TEST_F(Hook, ConflictedMergeIsScannedWhenItIsResolved) {
  repo_.Commit("a", "1\n");
  repo_.MustGit({"checkout", "-q", "-b", "other"});
  repo_.Commit("a", "theirs\n");
  repo_.MustGit({"checkout", "-q", "main"});
  repo_.Commit("a", "ours\n");
  ASSERT_NE(repo_.Git({"merge", "-q", "other"}).exit_code, 0);
  // Not resolved: git does not get as far as the hook, and the hook alone does not say "clean".
  EXPECT_EQ(repo_.RunHere({SLUICE_HOOK_PROGRAM, "pre-commit"}).exit_code, 3);
  repo_.Stage("a", "both, and " + FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits({"merge", "--continue"}));
  EXPECT_FALSE(Commits({"commit", "--no-edit"}));
  repo_.Stage("a", "both\n");
  EXPECT_TRUE(Commits({"merge", "--continue"}));
}

TEST_F(Hook, SubmodulesAndNestedRepositoriesAreNamed) {
  GitFixture inner;
  inner.Commit("secret", FakeAwsKey() + "\n");
  repo_.MustGit({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner.path(), "sub"});
  repo_.MustGit({"clone", "-q", inner.path(), "nested"});
  repo_.MustGit({"add", "nested"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("2 skipped (2 submodule)"));
  repo_.MustGit({"-C", "sub", "commit", "-q", "--allow-empty", "-m", "next"});
  repo_.MustGit({"add", "sub"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 submodule)"));
}

// What a user has set for the eyes changes what git prints, and not what is found.
TEST_F(Hook, SettingsOfTheUserHideNothing) {
  for (const char* setting :
       {"diff.mnemonicPrefix=true", "diff.noprefix=true", "color.ui=always", "core.quotePath=true",
        "diff.external=/bin/true", "diff.renames=copies", "diff.ignoreSubmodules=all", "core.pager=/bin/false",
        "diff.suppressBlankEmpty=true", "core.autocrlf=true", "core.preloadIndex=false", "status.short=true"}) {
    const std::string text = setting;
    repo_.MustGit({"config", "--global", text.substr(0, text.find('=')), text.substr(text.find('=') + 1)});
  }
  repo_.Commit("dir/\xc3\xa9\xe4\xb8\xad", "one\ntwo\n");
  repo_.Stage("dir/\xc3\xa9\xe4\xb8\xad", "one\n" + FakeAwsKey() + "\ntwo\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.out + last_.err, HasSubstr("dir/\xc3\xa9\xe4\xb8\xad:2:1: error: "));
}

// Attributes convert between the working tree and the blob: the blob is what is committed, so it is what counts; and
// no program of theirs is run.
TEST_F(Hook, FiltersAndEncodingsOfTheWorkingTree) {
  repo_.Commit(".gitattributes",
               "*.ps1 working-tree-encoding=UTF-16LE-BOM\n*.crypt filter=crypt\n*.lfs filter=lfs\n*.add filter=add\n");
  repo_.MustGit({"config", "filter.crypt.clean", "tr 'A-Za-z' 'N-ZA-Mn-za-m'"});
  repo_.MustGit({"config", "filter.crypt.smudge", "touch was-run; cat"});
  repo_.MustGit({"config", "filter.add.clean", "cat; echo 'k = " + FakeAwsKey() + "'"});
  repo_.MustGit({"config", "filter.lfs.clean",
                 "echo version https://git-lfs.github.com/spec/v1; echo oid sha256:$(sha256sum | cut -c -64)"});
  std::string wide = "\xff\xfe";
  for (const char c : "key = " + FakeAwsKey() + "\r\n") wide += std::string(1, c) + std::string(1, '\0');
  repo_.Stage("a.ps1", wide);
  EXPECT_FALSE(Commits());
  repo_.MustGit({"reset", "-q"});
  // Encrypted on its way in, and a pointer to what is elsewhere: not in the commit.
  repo_.Stage("a.crypt", "key = " + FakeAwsKey() + "\n");
  repo_.Stage("a.lfs", "key = " + FakeAwsKey() + "\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("2 files, "));
  EXPECT_THAT(last_.err, HasSubstr("1 skipped (1 LFS pointer)"));
  repo_.Stage("a.add", "clean in the working tree\n");
  EXPECT_FALSE(Commits());
  EXPECT_FALSE(tests::Exists(repo_.path() + "/was-run"));
}

// Nothing new is not "everything": what is in the tree already stays out of it.
TEST_F(Hook, NothingNewIsSaidAndNothingElseIsScanned) {
  repo_.Commit("old", FakeAwsKey() + "\n");
  repo_.Commit("gone", "1\n");
  EXPECT_TRUE(Commits({"commit", "--allow-empty", "-m", "x"}));
  EXPECT_THAT(last_.err, HasSubstr("nothing to scan (0 files, 0 bytes)"));
  repo_.MustGit({"rm", "-q", "gone"});
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("nothing to scan (0 files, 0 bytes)"));
  repo_.Stage("empty", "");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("nothing to scan (1 file, 0 bytes)"));
}

// The advice is typed back as it was printed, by a shell, in a folder below.
TEST_F(Hook, EveryNameIsReportedAndCanBeUnstagedAsItSays) {
  repo_.Write("below/x", "");
  tests::Environment shell = repo_.environment();
  shell.erase("GIT_LITERAL_PATHSPECS");
  for (const char* name : {"a b",
                           "\xf0\x9f\x98\x80.env",
                           "\xe5\xaf\x86\xe9\x92\xa5.txt",
                           "caf\xe9",
                           "quo\"te",
                           "apo's",
                           "new\nline",
                           "tab\there",
                           "-dash",
                           "--",
                           "back\\slash",
                           "semi;colon",
                           "$(touch ran)",
                           "`touch ran`",
                           ":(glob)*",
                           "*",
                           "[ab]",
                           "#hash",
                           "~tilde",
                           "!bang",
                           "inv\xff\xfe",
                           "esc\x1b[31m",
                           "dir with space/file"}) {
    SCOPED_TRACE(::testing::PrintToString(name));
    repo_.Stage(name, "k = " + FakeAwsKey() + "\n");
    repo_.Stage("other", "clean\n");
    EXPECT_FALSE(Commits());
    const std::string all = last_.out + last_.err;
    EXPECT_THAT(all, HasSubstr(":1:5: error: "));
    for (const char c : all) EXPECT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << all;
    const std::string_view lead = "on disk):\n";
    ASSERT_NE(all.find(lead), std::string::npos) << all;
    const std::size_t at = all.find(lead) + lead.size();
    const std::string advice = all.substr(at, all.find('\n', at) - at);
    const CommandResult reset = tests::Run({"sh", "-c", advice}, repo_.path() + "/below", shell);
    EXPECT_EQ(reset.exit_code, 0) << advice << "\n" << reset.err;
    EXPECT_EQ(repo_.MustGit({"diff", "--cached", "--name-only"}), "other\n") << advice;
    repo_.MustGit({"rm", "-q", "--cached", "other"});
  }
  EXPECT_FALSE(tests::Exists(repo_.path() + "/ran"));
  EXPECT_FALSE(tests::Exists(repo_.path() + "/below/ran"));
}

// Unstaged, the file of a merge would lose what the other side did to it, and history would count that as merged.
TEST_F(Hook, InAMergeItDoesNotTellToUnstage) {
  repo_.Commit("a", "one\n");
  repo_.MustGit({"checkout", "-q", "-b", "side"});
  repo_.Commit("a", "one\ntheirs\n");
  repo_.MustGit({"checkout", "-q", "-"});
  repo_.Commit("b", "ours\n");
  repo_.MustGit({"merge", "--no-commit", "--no-ff", "side"});
  repo_.Stage("a", "one\ntheirs\nk = " + FakeAwsKey() + "\n");
  EXPECT_FALSE(Commits());
  EXPECT_THAT(last_.err, HasSubstr("git merge --abort"));
  EXPECT_THAT(last_.err, Not(HasSubstr("git reset")));
}

// git would stage the file anew.
TEST_F(Hook, OfACommitOfAllItTellsToNameTheOthers) {
  repo_.Commit("a", "one\n");
  repo_.Write("a", "k = " + FakeAwsKey() + "\n");
  for (const std::vector<std::string>& what : {std::vector<std::string>{"-a"}, {"a"}}) {
    std::vector<std::string> commit = {"commit", "-m", "x"};
    commit.insert(commit.end(), what.begin(), what.end());
    last_ = repo_.Git(commit);
    EXPECT_NE(last_.exit_code, 0);
    EXPECT_THAT(last_.err, HasSubstr("git commit -- FILE"));
    EXPECT_THAT(last_.err, Not(HasSubstr("git reset")));
  }
}

TEST_F(Hook, RulesThatAreOffAreCounted) {
  repo_.Commit(".sluice.toml", "format = 1\ndisable = [\"jwt\", \"snyk-api-token\"]\n");
  repo_.Stage("a", "one\n");
  EXPECT_TRUE(Commits());
  EXPECT_THAT(last_.err, HasSubstr(", 0 findings, 2 rules off, "));
}

// A configuration is a file of the commit, not what a link points at.
TEST_F(Hook, ASymlinkIsNoConfiguration) {
  tests::TemporaryFolder outside;
  tests::WriteFile(outside.path() + "/config", "format = 1\ndisable = [\"aws-access-key-id\"]\n");
  repo_.RunHere({"ln", "-s", outside.path() + "/config", ".sluice.toml"});
  repo_.MustGit({"add", ".sluice.toml"});
  repo_.Stage("a", FakeAwsKey() + "\n");
  last_ = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(last_.exit_code, 0);
  EXPECT_THAT(last_.err, HasSubstr(".sluice.toml: is not a regular file"));
  // Nor is one a rule file.
  repo_.RunHere({"rm", ".sluice.toml"});
  repo_.RunHere({"ln", "-s", "/dev/random", "rules.toml"});
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"rules.toml\"]\n");
  repo_.MustGit({"add", "rules.toml"});
  last_ = repo_.Git({"commit", "-m", "x"});
  EXPECT_NE(last_.exit_code, 0);
  EXPECT_THAT(last_.err, HasSubstr("rules.toml: is not a regular file"));
}

TEST_F(Hook, ADamagedRuleCacheCostsTimeAndNotTheVerdict) {
  repo_.Commit("own.toml",
               "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = "
               "\"r\"\nregex = 'own_[0-9a-f]{8}'\n");
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  repo_.Stage("a", "own_12ab56cd\n");
  const std::string cache = repo_.environment()["XDG_CACHE_HOME"] + "/sluice";
  const std::string entries = "'" + cache + "'/*.rules";
  EXPECT_FALSE(Commits());
  const std::string report = last_.err.substr(0, last_.err.rfind("sluice: "));
  for (const std::string& damage :
       {"for f in " + entries + "; do head -c 1000 $f >x; cat x >$f; done; rm x",
        "for f in " + entries + "; do head -c 100000 /dev/urandom >$f; done", "chmod 666 " + entries,
        "rm " + entries + "; ln -s /dev/zero $(basename " + entries + ")", std::string("chmod 777 '") + cache + "'",
        std::string("rm -r '") + cache + "'; echo x >'" + cache + "'"}) {
    ASSERT_EQ(repo_.RunHere({"sh", "-c", damage}).exit_code, 0) << damage;
    EXPECT_FALSE(Commits()) << damage;
    EXPECT_THAT(last_.out + last_.err, HasSubstr("[own-key]")) << damage;
  }
  EXPECT_THAT(last_.err, HasSubstr("sluice: rule cache " + cache + " not used: "));
}

// Several at once, with no cache yet: `pre-commit` runs hooks in parallel.
TEST_F(Hook, ManyAtOnceShareTheRuleCache) {
  repo_.Commit("own.toml",
               "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = "
               "\"r\"\nregex = 'own_[0-9a-f]{8}'\n");
  repo_.Commit(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  repo_.Stage("a", "own_12ab56cd\n");
  const CommandResult all = repo_.RunHere({"sh", "-c",
                                           "for i in 1 2 3 4 5 6 7 8; do { '" SLUICE_HOOK_PROGRAM
                                           "' pre-commit >/dev/null; echo code $?; } & done; wait"});
  std::string expected;
  for (int i = 0; i < 8; ++i) expected += "code 1\n";
  EXPECT_EQ(all.out, expected) << all.err;
  EXPECT_THAT(all.err, Not(HasSubstr("rule cache")));
}

TEST_F(Hook, AFullDiskUnderItsReportDoesNotTurnTheVerdict) {
  repo_.Stage("a", FakeAwsKey() + "\n");
  for (const char* redirection : {">/dev/full", ">/dev/full 2>&1", ">&- 2>&-"}) {
    const CommandResult full =
        repo_.RunHere({"sh", "-c", std::string("'" SLUICE_HOOK_PROGRAM "' pre-commit ") + redirection});
    EXPECT_EQ(full.exit_code, 1) << redirection << full.err;
  }
  const CommandResult told = repo_.RunHere({"sh", "-c", "'" SLUICE_HOOK_PROGRAM "' pre-commit >/dev/full"});
  EXPECT_THAT(told.err, HasSubstr("a:1:1: error: "));
}

}  // namespace
}  // namespace sluice
