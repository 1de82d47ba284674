// Where Hyperscan does not support the processor: the same findings through RE2, slower, said once. The programs are
// those of unsupported_processor.cc; beside them run the ordinary ones, whose answers they must give.
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

constexpr const char* kNote = "sluice: Hyperscan does not support this processor; RE2 finds the same, slower\n";

int CountOf(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

class UnsupportedProcessor : public ::testing::Test {
 protected:
  UnsupportedProcessor() {
    repo_.Stage("a.py", "key = '" + FakeAwsKey() + "'\nother = '" + FakeGithubToken() + "'\n");
    repo_.Stage("key.pem", FakePrivateKey() + "\n");
    repo_.Stage("clean.txt", "nothing\n");
  }

  // Runs both; the report and the verdict must be the same. Gives back what the one without Hyperscan said.
  CommandResult Both(const char* with, const char* without, std::vector<std::string> arguments, int exit_code,
                     const std::string& input = "") {
    arguments.insert(arguments.begin(), with);
    const CommandResult expected = repo_.RunHere(arguments, input);
    EXPECT_EQ(expected.exit_code, exit_code) << expected.err;
    EXPECT_THAT(expected.err, Not(HasSubstr("Hyperscan")));
    arguments[0] = without;
    const CommandResult result = repo_.RunHere(arguments, input);
    EXPECT_EQ(result.exit_code, exit_code) << result.err;
    EXPECT_EQ(result.out, expected.out);
    return result;
  }
  CommandResult BothHooks(int exit_code) {
    return Both(SLUICE_HOOK_PROGRAM, SLUICE_HOOK_WITHOUT_HYPERSCAN, {"pre-commit"}, exit_code);
  }
  CommandResult BothPrograms(const std::vector<std::string>& arguments, int exit_code, const std::string& input = "") {
    return Both(SLUICE_PROGRAM, SLUICE_PROGRAM_WITHOUT_HYPERSCAN, arguments, exit_code, input);
  }

  GitFixture repo_;
};

TEST_F(UnsupportedProcessor, HookFindsTheSameAndSaysItOnce) {
  const CommandResult blocked = BothHooks(1);
  EXPECT_THAT(blocked.out, HasSubstr("3 findings to deal with"));
  EXPECT_EQ(CountOf(blocked.err, kNote), 1) << blocked.err;
  repo_.MustGit({"rm", "-q", "--cached", "a.py", "key.pem"});
  EXPECT_EQ(CountOf(BothHooks(0).err, kNote), 1);
}

TEST_F(UnsupportedProcessor, EveryWayToScanSaysItOnce) {
  const std::string text = "t = " + FakeGithubToken() + "\n";
  for (const std::vector<std::string>& way : std::vector<std::vector<std::string>>{
           {"scan", "."},
           {"scan", "--jobs", "4", "--format", "json", "."},
           {"scan", "--staged", "--format", "sarif"},
           {"scan", "--stdin", "--format", "json"},
       }) {
    EXPECT_EQ(CountOf(BothPrograms(way, 1, way[1] == "--stdin" ? text : "").err, kNote), 1) << way[1];
  }
  EXPECT_EQ(CountOf(BothPrograms({"scan", "clean.txt"}, 0).err, kNote), 1);
  EXPECT_EQ(BothPrograms({"scan", "--quiet", "clean.txt"}, 0).err, "");
}

// Who asks for RE2 need not be told.
TEST_F(UnsupportedProcessor, Re2AskedForIsNotWorthANote) {
  for (const char* what : {"--staged", "."}) {
    EXPECT_THAT(BothPrograms({"scan", "--engine", "re2", what}, 1).err, Not(HasSubstr("Hyperscan"))) << what;
  }
}

// Rules of one's own are compiled here, and kept in a cache that a machine of another kind may share.
TEST_F(UnsupportedProcessor, OwnRulesWorkWithAndWithoutTheCache) {
  repo_.Stage("own.toml",
              "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"Own key\"\nremediation = \"r\"\n"
              "regex = 'own_[0-9a-f]{8}'\nexamples = [\"«own_¦deadbeef»\"]\n");
  repo_.Stage(".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n");
  repo_.Stage("b", "own_12ab56cd\n");
  const CommandResult alone = repo_.RunHere({SLUICE_HOOK_WITHOUT_HYPERSCAN, "pre-commit"});
  EXPECT_EQ(alone.exit_code, 1) << alone.err;
  EXPECT_THAT(alone.out, HasSubstr("b:1:1: error: Own key [own-key]"));
  EXPECT_EQ(CountOf(alone.err, kNote), 1);
  // What it left in the cache has no triggers: compiled again where they are of use, and good for both from then on.
  const CommandResult first = repo_.RunHere({SLUICE_HOOK_PROGRAM, "pre-commit"});
  EXPECT_EQ(first.out, alone.out);
  EXPECT_THAT(first.err, HasSubstr("ignored: not a database of this Hyperscan"));
  EXPECT_EQ(BothHooks(1).out, alone.out);
  BothPrograms({"rules", "check", "own.toml"}, 0);
  BothPrograms({"rules", "test", "own.toml"}, 0);
}

}  // namespace
}  // namespace sluice
