#include "sluice/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sluice {
namespace {

using ::testing::HasSubstr;

Setup::Options OptionsOf(std::map<std::string, std::string> files) {
  Setup::Options options;
  options.cache_directory = "";
  options.read = [files = std::move(files)](const std::string& path) -> Result<std::optional<std::string>> {
    const auto found = files.find(path);
    if (found == files.end()) return std::optional<std::string>();
    return std::optional<std::string>(found->second);
  };
  return options;
}

constexpr const char* kOwnRules =
    "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
    "regex = 'own_[0-9a-f]{8}'\n";

TEST(Config, ReadsEveryKey) {
  const auto config = Config::Parse(".sluice.toml",
                                    "format = 1\nrules = [\"a.toml\"]\ndisable = [\"jwt\"]\nexclude = [\"vendor/\"]\n"
                                    "default_rules = false\n[policy]\nblock_severity = \"critical\"\n"
                                    "block_confidence = \"low\"\n");
  ASSERT_TRUE(config) << config.error()[0].ToString();
  EXPECT_EQ(config->rule_files[0].text, "a.toml");
  EXPECT_EQ(config->disabled[0].origin, ".sluice.toml:3");
  EXPECT_FALSE(config->default_rules);
  EXPECT_EQ(config->policy.block_severity, Severity::kCritical);
  EXPECT_EQ(config->policy.block_confidence, Confidence::kLow);
  EXPECT_EQ(config->Excluding("vendor/x.c")->origin, ".sluice.toml:4");
  EXPECT_EQ(config->Excluding("src/x.c"), nullptr);
}

// The file is part of what is scanned.
TEST(Config, BoundsItsLists) {
  std::string names;
  for (int i = 0; i < 10'001; ++i) names += "'a', ";
  std::string stars;
  for (int i = 0; i < 30; ++i) stars += "**/a";
  std::string globs;
  for (int i = 0; i < 10; ++i) globs += "\n'" + stars + "',";
  std::string files;
  for (int i = 0; i < 65; ++i) files += "'a.toml', ";
  for (const auto& [line, message] :
       {std::pair<std::string, std::string>{"exclude = [" + names + "]", ":2: 'exclude' holds more than 10000 strings"},
        {"disable = [" + names + "]", ":2: 'disable' holds more than 10000 strings"},
        {"exclude = [" + globs + "]",
         ":12: 'exclude' has more than 65536 bytes of globs, each counted once for every star"},
        {"rules = [" + files + "]", ":2: 'rules' names more than 64 files"}}) {
    const auto config = Config::Parse(".sluice.toml", "format = 1\n" + line + "\n");
    ASSERT_FALSE(config);
    ASSERT_EQ(config.error().size(), 1U);
    EXPECT_EQ(config.error()[0].ToString(), ".sluice.toml" + message);
  }
}

TEST(Config, StopsAtAHundredMistakes) {
  std::string keys = "format = 1\n";
  for (int i = 0; i < 1000; ++i) keys += "k" + std::to_string(i) + " = 1\n";
  EXPECT_EQ(Config::Parse(".sluice.toml", keys).error().size(), kMostErrors);
  std::string names = "format = 1\ndisable = [";
  for (int i = 0; i < 9000; ++i) names += "'no-rule-" + std::to_string(i) + "', ";
  const auto setup = Setup::Make(OptionsOf({{".sluice.toml", names + "]\n"}}));
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error().size(), kMostErrors);
}

TEST(Config, NamesTheNearestKey) {
  const auto config = Config::Parse(".sluice.toml", "format = 1\nexcludes = []\n");
  ASSERT_FALSE(config);
  EXPECT_EQ(config.error()[0].ToString(), ".sluice.toml:2: unknown key 'excludes'; did you mean 'exclude'?");
}

TEST(Config, RepeatsNoSecretInTheWrongPlace) {
  const std::string secret = std::string("9E1BJi9I") + "h0pg%o";
  const auto twice = Config::Parse(".sluice.toml", "format = 1\n\"" + secret + "\" = 1\n\"" + secret + "\" = 2\n");
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error()[0].ToString(), HasSubstr(".sluice.toml:3: TOML: "));
  EXPECT_THAT(twice.error()[0].ToString(), ::testing::Not(HasSubstr(secret)));
  const auto setup = Setup::Make(OptionsOf({{".sluice.toml", "format = 1\nrules = [\"" + secret + "\"]\n"}}));
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error()[0].ToString(),
            ".sluice.toml:2: no such rule file, and none by its name: write \"NAME.toml\"");
}

TEST(Config, RepeatsNoValues) {
  for (const std::string secret : {"hunter2", "Winter2024!", "12345678901234567890"}) {
    for (const std::string& line :
         {"'" + secret + "' = 1", "disable = ['" + secret + "']", "replace = ['" + secret + "']",
          "rules = ['" + secret + "']", "disable = '" + secret + "'", "disable = " + secret, "disable = t" + secret,
          "'" + secret + "' = 1\n'" + secret + "' = 2", "[policy]\n'" + secret + "' = 1",
          "[policy]\nblock_severity = '" + secret + "'"}) {
      const auto setup = Setup::Make(OptionsOf({{".sluice.toml", "format = 1\n" + line + "\n"}}));
      ASSERT_FALSE(setup) << line;
      for (const Error& error : setup.error()) {
        EXPECT_THAT(error.ToString(), ::testing::Not(HasSubstr(secret))) << line;
        EXPECT_THAT(error.where, ::testing::StartsWith(".sluice.toml:")) << line;
      }
    }
  }
}

TEST(Config, SaysWhatTheTomlLibrarySaysWithoutValues) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"x\n", "expected '=', saw '\\n'"},
      {"x = ]\n", "saw ']'"},
      {"x = thunter2\n", "expected 'true'; a text stands in quotes"},
      {"x = 99999999999999999999\n", " is not representable in 64 bits"},
      {"x = 1\nx = 2\n", "cannot redefine existing integer"},
      {"\"hunter'2'zz\" = 1\n\"hunter'2'zz\" = 2\n", "cannot redefine existing integer"},
  };
  for (const auto& [text, message] : cases) {
    const auto config = Config::Parse(".sluice.toml", "format = 1\n" + text);
    ASSERT_FALSE(config);
    const std::string line = config.error()[0].ToString();
    EXPECT_THAT(line, HasSubstr(message));
    for (const char* value : {"hunter", "2'", "zz", "9999"}) EXPECT_THAT(line, ::testing::Not(HasSubstr(value)));
  }
}

TEST(Config, NamesTheTableOfAKey) {
  const auto above = Config::Parse(".sluice.toml", "format = 1\nblock_severity = \"high\"\n");
  ASSERT_FALSE(above);
  EXPECT_EQ(above.error()[0].ToString(), ".sluice.toml:2: 'block_severity' belongs under [policy]");
  const auto below = Config::Parse(".sluice.toml", "format = 1\n[policy]\nexclude = [\"a\"]\n");
  ASSERT_FALSE(below);
  EXPECT_EQ(below.error()[0].ToString(), ".sluice.toml:3: 'exclude' belongs above [policy]");
}

TEST(Config, SaysThatATextNeedsQuotes) {
  const auto config = Config::Parse(".sluice.toml", "format = 1\n[policy]\nblock_severity = high # and above\n");
  ASSERT_FALSE(config);
  EXPECT_THAT(config.error()[0].ToString(), HasSubstr(".sluice.toml:3: TOML: "));
  EXPECT_THAT(config.error()[0].ToString(), HasSubstr("; a text stands in quotes"));
}

// There may be no such file.
TEST(Setup, NamesNoConfigurationForWhatTheCommandLineSays) {
  Setup::Options options = OptionsOf({});
  options.default_rules = false;
  const auto setup = Setup::Make(std::move(options));
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error()[0].ToString(), "no rules are in force, so nothing would be found: name a file with rules");
  EXPECT_EQ(setup.error()[0].code, ErrorCode::kUsage);
}

TEST(Setup, KeepsDefaultRulesWithoutAConfiguration) {
  const auto setup = Setup::Make(OptionsOf({}));
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->databases().size(), 1U);
}

TEST(Setup, AddsRulesBesideTheDefaults) {
  const auto setup = Setup::Make(
      OptionsOf({{".sluice.toml", "format = 1\nrules = [\"tools/own.toml\"]\n"}, {"tools/own.toml", kOwnRules}}));
  ASSERT_TRUE(setup) << setup.error()[0].ToString();
  EXPECT_EQ(setup->databases().size(), 2U);
}

// A rule of one's own with a default's id was in force instead of it, and nobody was told.
TEST(Setup, ReplacesADefaultRuleOnlyWhenAskedTo) {
  std::string own = kOwnRules;
  own.replace(own.find("own-key"), 7, "aws-access-key-id");
  const auto make = [&](const std::string& rest) {
    return Setup::Make(OptionsOf({{".sluice.toml", "format = 1\nrules = [\"own.toml\"]\n" + rest}, {"own.toml", own}}));
  };
  const auto silent = make("");
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error()[0].code, ErrorCode::kConfig);
  EXPECT_EQ(silent.error()[0].ToString(),
            "own.toml:3: aws-access-key-id: a default rule has this id: give yours another, or say "
            "replace = [\"aws-access-key-id\"] in .sluice.toml to have yours in its place");
  const auto asked = make("replace = [\"aws-access-key-id\"]\n");
  ASSERT_TRUE(asked) << asked.error()[0].ToString();
  EXPECT_EQ(asked->ReplacedDefaults(), std::vector<std::string>{"aws-access-key-id"});
  EXPECT_TRUE(make("default_rules = false\n"));
  const auto idle = make("replace = [\"aws-access-key-id\", \"jwt\"]\n");
  ASSERT_FALSE(idle);
  EXPECT_EQ(idle.error()[0].ToString(),
            ".sluice.toml:3: replace: no default rule 'jwt' has a rule of yours to stand in for it");
}

TEST(Setup, RefusesWhatWouldQuietlyFindLess) {
  const struct {
    const char* config;
    const char* problem;
  } cases[] = {
      {"format = 1\nrules = [\"gone.toml\"]\n", "no such rule file: gone.toml"},
      {"format = 1\ndisable = [\"jvt\"]\n", "there is no rule 'jvt'; did you mean 'jwt'?"},
      {"format = 1\ndefault_rules = false\n", "no rules are in force"},
  };
  for (const auto& c : cases) {
    const auto setup = Setup::Make(OptionsOf({{".sluice.toml", c.config}}));
    ASSERT_FALSE(setup) << c.config;
    EXPECT_THAT(setup.error()[0].ToString(), HasSubstr(c.problem));
    EXPECT_EQ(setup.error()[0].code, ErrorCode::kConfig);
  }
}

// A token in the wrong place is not repeated.
TEST(Setup, RepeatsNoValueInAMessage) {
  const std::string token = "ghx_" + std::string("yXBHMoc5L40zBANMAAcNPMMcv7FQw42kWkIk");
  const auto setup = Setup::Make(OptionsOf({{".sluice.toml", "format = 1\ndisable = [\"" + token + "\"]\n"}}));
  ASSERT_FALSE(setup);
  EXPECT_EQ(setup.error()[0].ToString(), ".sluice.toml:2: there is no rule of that name; see `sluice rules list`");
}

Config Parsed(const std::string& rest) {
  const auto config = Config::Parse(".sluice.toml", "format = 1\n" + rest);
  EXPECT_TRUE(config) << rest;
  return config ? *config : Config();
}

TEST(Config, SaysHowItIsLooser) {
  const struct {
    const char* before;
    const char* after;
    const char* looser;
  } cases[] = {
      {"", "", ""},
      {"disable = [\"a\"]", "", ""},
      {"disable = [\"a\"]", "disable = [\"b\", \"a\"]", "switches off 1 rule (b)"},
      {"", "disable = [\"a\", \"b\", \"c\", \"d\"]", "switches off 4 rules (a, b, c, …)"},
      {"exclude = [\"x\"]", "exclude = [\"x\", \"*\"]", "excludes 1 more pattern (.sluice.toml:2)"},
      {"", "default_rules = false", "switches off the default rules"},
      {"replace = [\"a\"]", "replace = [\"a\", \"jwt\"]", "has rules of its own for 1 default rule (jwt)"},
      {"rules = [\"a\"]", "rules = [\"b\"]", "takes 1 rule file away"},
      {"rules = [\"a\"]", "rules = [\"a\", \"b\"]", ""},
      {"", "policy.block_severity = \"low\"", ""},
      {"", "policy.block_severity = \"high\"\npolicy.block_confidence = \"high\"",
       "blocks from high severity on, blocks from high confidence on"},
  };
  for (const auto& c : cases) EXPECT_EQ(Parsed(c.after).LooserThan(Parsed(c.before)), c.looser) << c.after;
}

}  // namespace
}  // namespace sluice
