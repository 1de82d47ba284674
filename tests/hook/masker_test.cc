#include "masker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sluice/rule_set.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tests::FakeGithubToken;

TEST(Masker, ShowsAPathWithoutItsSecrets) {
  Masker masker;
  const std::string token = FakeGithubToken();
  const std::string shown = token.substr(0, 4) + "********" + token.substr(token.size() - 4);
  EXPECT_EQ(masker.Path("a/export?token=" + token + "/b.csv"), "a/export?token=" + shown + "/b.csv");
  EXPECT_EQ(masker.Path("x/" + token + ".txt"), "x/" + shown + ".txt");
  EXPECT_EQ(masker.Path("conf/password=hunter2Xq.txt"), "conf/password=********.txt");
  // A name and what it holds in one part.
  EXPECT_EQ(masker.Path("dumps/password=hunter2Xq/token=k3Jx9.env"), "dumps/password=********/token=********.env");
  for (const char* path : {"", "/", "a//b/", "heroku/0d5c9a71-e4b8-4326-8d5c-9a71e4b8f326",
                           "datadog/0d5c9a71e4b843268d5c9a71e4b8f326.json", "assets/index-BkX3k2_a.js",
                           "pages/[id]/author=smith.md", "src/secrets/token.go", "password.txt"}) {
    EXPECT_EQ(masker.Path(path), path);
  }
}

// The first bytes were taken for the mark of UTF-16, or left the mask three bytes off.
TEST(Masker, BytesAtTheStartAreNoMarkOfAnEncoding) {
  Masker masker;
  for (const char* start : {"\xff\xfe", "\xfe\xff", "\xef\xbb\xbf"}) {
    EXPECT_THAT(masker.Path(start + FakeGithubToken()), Not(HasSubstr(FakeGithubToken().substr(8)))) << start;
    EXPECT_THAT(masker.Path(start + FakeGithubToken()), HasSubstr("********"));
    EXPECT_THAT(masker.Line(start + FakeGithubToken()), HasSubstr("********"));
  }
}

TEST(Masker, KnowsRulesOfOnesOwnBesideTheDefaults) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'own_[0-9a-f]{8}'\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> own = Database::Compile(*RuleSet::Parse({&file, 1}));
  ASSERT_TRUE(own);
  const std::string path = std::string("own_") + "deadbeef/" + FakeGithubToken();
  EXPECT_THAT(Masker().Path(path), HasSubstr("deadbeef"));
  const std::vector<const Database*> databases = {&*own};
  Masker masker(databases);
  EXPECT_THAT(masker.Path(path), Not(HasSubstr("deadbeef")));
  EXPECT_THAT(masker.Path(path), Not(HasSubstr(FakeGithubToken())));
}

TEST(Masker, ShowsALineWithoutItsSecrets) {
  Masker masker;
  EXPECT_THAT(masker.Line("x " + FakeGithubToken() + ": y"), testing::MatchesRegex("x ghp_[*]{8}....: y"));
  EXPECT_EQ(masker.Line("a/password=hunter2.toml:3: b"), "a/password=********.toml:3: b");
  // Folders of their own for each run.
  EXPECT_EQ(masker.Line("/tmp/tmp.a8Xk2Lm9Qz1234/r.toml: ignored"), "/tmp/tmp.a8Xk2Lm9Qz1234/r.toml: ignored");
  const std::string strong = std::string("9E1BJi9I") + "h0pg%o";
  EXPECT_EQ(masker.Message("there is no " + strong), "there is no ********");
}

}  // namespace
}  // namespace sluice
