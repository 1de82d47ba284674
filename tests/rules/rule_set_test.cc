#include "sluice/rule_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The messages for one file.
std::vector<std::string> Problems(const std::string& toml) {
  const RuleFile file = {"acme.toml", toml};
  const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1});
  std::vector<std::string> problems;
  if (rules) return problems;
  for (const Error& error : rules.error()) {
    EXPECT_EQ(error.code, ErrorCode::kConfig);
    problems.push_back(error.ToString());
  }
  return problems;
}

constexpr const char* kTooLarge =
    "the expressions up to this one are too large together: make the numbers in {n,m} smaller, or the alternatives "
    "fewer";

constexpr const char* kHead = "format = 1\npack = \"acme\"\n";

std::string RuleText(const std::string& id, const std::string& more) {
  return "[[rule]]\nid = \"" + id + "\"\ndescription = \"d\"\nremediation = \"r\"\n" + more + "\n";
}

TEST(RuleSet, ReadsEveryKey) {
  const std::string toml = std::string(kHead) + R"TOML(
[[rule]]
id = "acme-key"
description = "Acme key"
remediation = "Revoke it."
regex = '''\b(acme_[0-9a-f]{8})\b'''
group = 1
severity = "critical"
confidence = "medium"
triggers = ["acme_"]
entropy = 2.5
check = "uuid-v4"
placeholders = false
strong = "surer"
reject = ["^acme_0"]
paths = ["*.py"]
exclude_paths = ["tests/"]
references = ["https://acme.example"]
tags = ["acme"]
examples = ['k = "«acme_¦deadbeef»"', { text = "«acme_01234567» «acme_76543210»", path = "a.py" }]
counter_examples = ["acme_"]
)TOML";
  const RuleFile file = {"acme.toml", toml};
  const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1});
  ASSERT_TRUE(rules) << rules.error().front().ToString();
  ASSERT_EQ(rules->rules().size(), 1U);
  const Rule& rule = rules->rules()[0];
  EXPECT_EQ(rule.id, "acme-key");
  EXPECT_EQ(rule.pack, "acme");
  EXPECT_EQ(rule.severity, Severity::kCritical);
  EXPECT_EQ(rule.confidence, Confidence::kMedium);
  EXPECT_EQ(rule.max_length, 13U);
  EXPECT_EQ(rule.group, 1);
  EXPECT_EQ(rule.origin, "acme.toml:4");
  EXPECT_FALSE(rule.placeholders);
  EXPECT_EQ(rule.strong, StrongPassword::kSurer);
  ASSERT_EQ(rule.examples.size(), 2U);
  EXPECT_EQ(rule.examples[0].text, "k = \"acme_deadbeef\"");
  EXPECT_THAT(rule.examples[0].secrets, ElementsAre(std::pair<std::size_t, std::size_t>(5, 18)));
  EXPECT_EQ(rule.examples[1].path, "a.py");
  EXPECT_EQ(rule.examples[1].secrets.size(), 2U);
}

TEST(RuleSet, KnowsAnEscapeThatTomlRead) {
  EXPECT_THAT(Problems(std::string(kHead) + RuleText("a-key", "regex = \"\\b(abcd[0-9]{8})\"")),
              ElementsAre(HasSubstr("acme.toml:7: a-key: the regex has a backspace: TOML reads \\b between double")));
}

TEST(RuleSet, ReportsEveryMistakeOfEveryRule) {
  const std::string toml = std::string(kHead) + RuleText("a-key", "regex = 'ab[c'\ncolour = 1") +
                           RuleText("B", "regex = '(?=x)abc'") + RuleText("c-key", "regex = 'abcd{4}'\ntriggers = []") +
                           RuleText("d-key", "regex = 'abcd{4}'\nseverty = 'high'") +
                           RuleText("d-key", "regex = 'abce+'") + RuleText("e-key", "regex = '[a-f]{32}'") +
                           RuleText("f-key", "regex = '(abcd)\\1'") + RuleText("g-key", "regex = 'abcd'\ngroup = 1") +
                           RuleText("h-key", "regex = 'abcd'\nstrong = 'yes'");
  EXPECT_THAT(
      Problems(toml),
      ElementsAre(HasSubstr("acme.toml:8: a-key: unknown key 'colour'"), HasSubstr("acme.toml:7: a-key: bad regex"),
                  HasSubstr("acme.toml:10: (bad id): an id is made of"),
                  HasSubstr("acme.toml:13: (bad id): look-around '(?=' is not possible"),
                  HasSubstr("acme.toml:19: c-key: 'triggers' is empty"),
                  HasSubstr("acme.toml:25: d-key: unknown key 'severty'; did you mean 'severity'?"),
                  HasSubstr("acme.toml:30: d-key: the regex has no bound"),
                  HasSubstr("acme.toml:35: e-key: no literal of 3 bytes"),
                  HasSubstr("acme.toml:40: f-key: back-reference '\\1' is not possible"),
                  HasSubstr("acme.toml:46: g-key: the regex has no group: put (…) around the secret"),
                  HasSubstr("acme.toml:52: h-key: 'strong' is one of surer, required")));
}

// A password may stand in any wrong place of a file, and messages are what people paste to others.
TEST(RuleSet, MessagesRepeatNoValues) {
  const std::string rule = RuleText("a-key", "regex = 'abcd{4}'");
  const std::string credential =
      "[[credential]]\nid = \"b-key\"\nprovider = \"p\"\nkind = \"k\"\nabout = \"a\"\nrevoke = \"r\"\nreference = "
      "\"https://b.example\"\nnear = [\"bee\"]\n";
  for (const std::string secret : {"hunter2", "Winter2024!", "12345678901234567890"}) {
    for (const std::string& text : {rule + "\"" + secret + "\" = 1",
                                    rule + "check = '" + secret + "'",
                                    rule + "reject = ['@" + secret + "']",
                                    rule + "reject = ['(" + secret + "']",
                                    rule + "reject = ['" + secret + "**']",
                                    rule + "reject = ['[" + secret + "']",
                                    rule + "reject = ['(?P<" + secret + "']",
                                    rule + "reject = ['(?" + secret + ")']",
                                    rule + "prefilter = '(" + secret + "'",
                                    rule + "near = ['" + secret + " ']",
                                    rule + "severity = '" + secret + "'",
                                    rule + "group = '" + secret + "'",
                                    rule + "strong = '" + secret + "'",
                                    rule + "entropy = '" + secret + "'",
                                    rule + "examples = ['" + secret + "']",
                                    rule + "examples = [{text = 'a', '" + secret + "' = 1}]",
                                    rule + "random = " + secret,
                                    rule + "random = t" + secret,
                                    rule + "group = '" + secret,
                                    rule + "'" + secret + "' = 1\n'" + secret + "' = 2",
                                    rule + "[" + secret + "\n",
                                    RuleText(secret + "_", "regex = 'abcd{4}'"),
                                    RuleText("a-key", "regex = '(" + secret + "'"),
                                    std::string("[lists]\n'") + secret + "' = 1",
                                    std::string("'") + secret + "' = 1",
                                    credential + "shape = '{" + secret + ":4}'",
                                    credential + "shape = '{hex:" + secret + "}'",
                                    credential + "shape = '<" + secret + ">'",
                                    credential + "shape = '<" + secret + "'",
                                    credential + "'" + secret + "' = 1\nshape = '{hex:32}'"}) {
      const std::vector<std::string> problems = Problems(kHead + text + "\n");
      EXPECT_FALSE(problems.empty()) << text;
      for (const std::string& problem : problems) {
        EXPECT_THAT(problem, ::testing::Not(HasSubstr(secret))) << text;
        EXPECT_THAT(problem, ::testing::MatchesRegex("acme.toml:[0-9]+: .+"));
      }
    }
  }
}

TEST(RuleSet, SaysWhereInAnExpression) {
  const auto problem = [](const std::string& regex) {
    return Problems(kHead + RuleText("a-key", "regex = '" + regex + "'")).front();
  };
  EXPECT_THAT(problem("abcd[0-9"), HasSubstr("bad regex: missing ]: [0-9"));
  EXPECT_THAT(problem("abcd[hunter2"), HasSubstr("bad regex: missing ] at its byte 5"));
  EXPECT_THAT(problem("(hunter2"), ::testing::EndsWith("bad regex: missing )"));
  EXPECT_THAT(problem("abcd(?P<hunter2"), HasSubstr("at its byte 5"));
  EXPECT_THAT(problem("abcd{4}**"), HasSubstr("bad repetition operator: {4}*"));
}

TEST(RuleSet, SharesListsBetweenFiles) {
  const std::string with = std::string(kHead) +
                           RuleText("a-key", "regex = 'abcd{4}'\nreject = ['@words', '^x']\npaths = ['@docs']") +
                           RuleText("b-key", "regex = 'abce{4}'\nreject = ['@words']");
  const std::string shared = std::string(kHead) + "[lists]\nwords = ['^w', '[@]']\ndocs = ['*.md']\n";
  const RuleFile files[] = {{"with.toml", with}, {"shared.toml", shared}};
  const Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  ASSERT_TRUE(rules) << rules.error().front().ToString();
  EXPECT_THAT(rules->Find("a-key")->reject, ElementsAre("^w", "[@]", "^x"));
  EXPECT_THAT(rules->Find("a-key")->include_paths, ElementsAre("*.md"));
  EXPECT_THAT(rules->Find("b-key")->reject, ElementsAre("^w", "[@]"));

  EXPECT_THAT(Problems(shared + RuleText("a-key", "regex = 'abcd{4}'\nreject = ['@wrods']")),
              ElementsAre("acme.toml:11: a-key: there is no list 'wrods' in the files given; did you mean '@words'?"));
  EXPECT_THAT(Problems(shared + RuleText("a-key", "regex = 'abcd{4}'\nreject = ['@']")),
              ElementsAre("acme.toml:11: a-key: there is no list of that name in the files given"));
  EXPECT_THAT(Problems(std::string(kHead) + "lists = 1\n"),
              ElementsAre("acme.toml:3: 'lists' must be a table: [lists]"));
  EXPECT_THAT(Problems(std::string(kHead) + "[lists]\nwords = [1]\n"),
              ElementsAre("acme.toml:4: lists: 'words' holds something that is no string"));
  EXPECT_THAT(Problems(std::string(kHead) + "[lists]\nbad = ['a(']\n" +
                       RuleText("a-key", "regex = 'abcd{4}'\nreject = ['@bad']")),
              ElementsAre(HasSubstr("a-key: reject: bad regex")));
  const RuleFile twice[] = {{"a.toml", shared}, {"b.toml", shared}};
  const Result<RuleSet, Errors> clash = RuleSet::Parse(twice);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error()[0].ToString(), "b.toml:5: duplicate list 'docs'");
}

TEST(RuleSet, RefusesADuplicateIdAcrossFiles) {
  const std::string text = std::string(kHead) + RuleText("same-key", "regex = 'abcd{4}'");
  const RuleFile files[] = {{"a.toml", text}, {"b.toml", text}};
  const Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error()[0].ToString(), "b.toml:3: same-key: duplicate id; it is also at a.toml:3");
}

// A syntax error hides nothing but the rule it stands in.
TEST(RuleSet, ReportsMistakesBesideASyntaxError) {
  const std::string toml = std::string(kHead) + RuleText("a-key", "regex = 'ab[c'") +
                           RuleText("b-key", "regex = = 'abcd'") + RuleText("c-key", "regex = 'abcd'\nnope = 1");
  EXPECT_THAT(Problems(toml), ElementsAre(HasSubstr("acme.toml:7: a-key: bad regex"), HasSubstr("acme.toml:12: TOML:"),
                                          HasSubstr("acme.toml:18: c-key: unknown key 'nope'")));
}

TEST(RuleSet, RefusesAFileOfAnotherFormat) {
  EXPECT_THAT(Problems("format = 2\npack = \"p\"\n"),
              ElementsAre(HasSubstr("acme.toml:1: this sluice reads format = 1")));
  EXPECT_THAT(Problems("pack = \"p\"\n"), ElementsAre(HasSubstr("'format = 1' is missing")));
  EXPECT_THAT(Problems("format = 1\nrules = []\n"), ElementsAre(HasSubstr("unknown key 'rules'"), HasSubstr("'pack")));
  EXPECT_THAT(Problems("\x80\xff"), ElementsAre(HasSubstr("TOML")));
}

TEST(RuleSet, RefusesUnbalancedMarks) {
  EXPECT_THAT(
      Problems(std::string(kHead) + RuleText("a-key", "regex = 'abcd{4}'\nexamples = ['«abcdddd', 'x»', 'abc']")),
      ElementsAre(HasSubstr("'«' without '»'"), HasSubstr("an example marks"), HasSubstr("'»' without '«'"),
                  HasSubstr("an example marks"), HasSubstr("an example marks")));
}

// The library's own words leave a newcomer alone.
TEST(RuleSet, SaysWhatIsMeantByTheUsualMistakes) {
  EXPECT_THAT(Problems(kHead + RuleText("a-key", "severity = high")),
              ElementsAre(::testing::AllOf(HasSubstr("acme.toml:7: TOML: "), HasSubstr("; a text stands in quotes"))));
  EXPECT_THAT(Problems(kHead + RuleText("a-key", "regex = 'acme_[0-9a-f]{1200}'")),
              ElementsAre(HasSubstr("at most 1000 times; write x{2000} as x{1000}x{1000}")));
  EXPECT_THAT(Problems(std::string(kHead) + "[[rules]]\nid = \"a\"\n"),
              ElementsAre("acme.toml:3: unknown key 'rules'; a rule pack has 'format', 'pack', [lists], [[rule]] "
                          "and [[credential]]; did you mean 'rule'?"));
  EXPECT_THAT(Problems(std::string(kHead) + "x = [1\n"), ElementsAre(::testing::Not(HasSubstr("quotes"))));
}

constexpr const char* kCredential = R"TOML(
[[credential]]
id = "acme-api-key"
provider = "Acme Shop"
kind = "API key"
about = "sells anvils"
near = ["acme shop"]
shape = "{base62:32}"
severity = "medium"
confidence = "low"
revoke = "Revoke it."
reference = "https://acme.example"
)TOML";

RuleSet Parsed(const std::string& rules) {
  const std::string toml = "format = 1\npack = \"own\"\n" + rules;
  const RuleFile file = {"own.toml", toml};
  Result<RuleSet, Errors> parsed = RuleSet::Parse({&file, 1});
  EXPECT_TRUE(parsed) << toml << parsed.error().front().ToString();
  return std::move(*parsed);
}

TEST(RuleSet, SaysHowItMayFindLess) {
  const auto rule = [](const std::string& id, const std::string& keys) {
    return "[[rule]]\nid = \"" + id + "\"\n" + keys +
           (keys.find("description") == std::string::npos ? "description = \"d\"\n" : "") +
           "remediation = \"r\"\nregex = 'own_[0-9a-f]{8}'\n";
  };
  const std::string one = rule("one-key", "");
  const std::string medium = rule("one-key", "severity = \"medium\"\nconfidence = \"medium\"\n");
  const struct {
    std::string before;
    std::string after;
    const char* looser;
  } cases[] = {
      {one, one, ""},
      {one, rule("two-key", "") + one, ""},
      {medium, one, ""},
      {one, rule("one-key", "description = \"Other words\"\ntags = [\"cwe-798\"]\n"), ""},
      {one, rule("two-key", ""), "takes away 1 rule (one-key)"},
      {one, medium, "changes 1 rule (one-key)"},
      {one, rule("one-key", "reject = ['.']\n"), "changes 1 rule (one-key)"},
      {one, rule("one-key", "exclude_paths = [\"*.py\"]\n"), "changes 1 rule (one-key)"},
      {one, rule("one-key", "fixtures = true\n"), "changes 1 rule (one-key)"},
      {one + rule("two-key", "") + rule("a", "") + rule("b", "") + rule("c", "") + rule("d", ""), medium,
       "takes away 5 rules (two-key, a, b, …), changes 1 rule (one-key)"},
      // A list that it takes values from belongs to it.
      {"[lists]\nl = ['^x']\n" + rule("one-key", "reject = ['@l']\n"),
       "[lists]\nl = ['^x', '^o']\n" + rule("one-key", "reject = ['@l']\n"), "changes 1 rule (one-key)"},
  };
  for (const auto& c : cases) EXPECT_EQ(Parsed(c.after).LooserThan(Parsed(c.before)), c.looser) << c.after;
}

TEST(Credential, BecomesARule) {
  const std::string toml = std::string(kHead) + kCredential;
  const RuleFile file = {"acme.toml", toml};
  const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1});
  ASSERT_TRUE(rules) << rules.error().front().ToString();
  const Rule& rule = rules->rules()[0];
  EXPECT_EQ(rule.description, "Acme Shop API key: sells anvils");
  EXPECT_EQ(rule.remediation, "Revoke it.");
  EXPECT_THAT(rule.references, ElementsAre("https://acme.example"));
  EXPECT_THAT(rule.tags, ElementsAre("acme-shop", "cwe-798"));
  EXPECT_THAT(rule.near, ElementsAre("acme shop"));
  EXPECT_EQ(rule.confidence, Confidence::kLow);
  EXPECT_EQ(rule.min_length, 32U);
  EXPECT_GE(rule.examples.size(), 3U);
  EXPECT_GE(rule.counter_examples.size(), 3U);
}

TEST(Credential, MistakesAreNamed) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string toml = std::string(kHead) + kCredential;
    toml.replace(toml.find(from), from.size(), to);
    return Problems(toml);
  };
  EXPECT_THAT(with("{base62:32}", "{base63:32}"), ElementsAre(HasSubstr("no alphabet of that name")));
  EXPECT_THAT(with("near = [\"acme shop\"]", ""), ElementsAre(HasSubstr("needs 'near'")));
  EXPECT_THAT(with("acme shop", "Acme"), ElementsAre(HasSubstr("lower case")));
  EXPECT_THAT(with("acme shop", "ac"), ElementsAre(HasSubstr("3 to 40")));
  EXPECT_THAT(with("about", "abuot"), ElementsAre(HasSubstr("did you mean 'about'"), HasSubstr("'about' is missing")));
  EXPECT_THAT(with("low", "maybe"), ElementsAre(HasSubstr("'confidence' is one of")));
  EXPECT_THAT(with("[[credential]]", "[credential]"), ElementsAre(HasSubstr("[[credential]], in double brackets")));
}

std::string Repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

// The library goes into keys, arrays and tables by recursion. The files are part of what is scanned.
TEST(RuleSet, RefusesWhatIsTooDeepForTheStack) {
  const std::string key = Repeated("a.", 300'000) + "a = 1";
  const std::string deep = "acme.toml:3: TOML: a key has more than 32 parts";
  for (const std::string& text :
       {key, "[" + Repeated("a.", 300'000) + "a]", "x = {" + key + "}", "x = [\"\"\"\"\"\"\" , {" + key + "}]",
        "x = ['''a'''', {" + key + "}]", "x = [\"\\\"\", {" + key + "}]", "x = ['\\', {" + key + "}]"}) {
    EXPECT_THAT(Problems(kHead + text + "\n"), ElementsAre(deep)) << text.substr(0, 40);
  }
  EXPECT_THAT(Problems(kHead + ("x = \"\"\"\n#'\n\"\"\"\n" + key)),
              ElementsAre("acme.toml:6: TOML: a key has more than 32 parts"));
  EXPECT_THAT(Problems(kHead + ("x = " + Repeated("[", 500'000))), ElementsAre(HasSubstr("nested value depth of 32")));
  EXPECT_THAT(Problems(kHead + ("x = " + Repeated("{a=", 300'000))),
              ElementsAre(HasSubstr("nested value depth of 32")));
}

// Dots are a key's where they stand between names only.
TEST(RuleSet, TakesManyDotsElsewhere) {
  const std::string dots = Repeated("a.", 100) + "a";
  EXPECT_THAT(Problems(kHead + RuleText("a-key", "regex = 'acme_[0-9]'\ntags = ['" + dots + "', \"" + dots + "\"] # " +
                                                     dots + "\ncounter_examples = [\n'''\n" + dots + "\n''', \"\"\"" +
                                                     dots + "\"\"\"]\nentropy = 1.5\n")),
              ElementsAre());
}

TEST(RuleSet, RefusesAFileOfMoreThanAMebibyte) {
  EXPECT_THAT(Problems(kHead + std::string(1 << 20, '\n')), ElementsAre("acme.toml: has more than 1048576 bytes"));
}

TEST(RuleSet, StopsAtAHundredMistakes) {
  for (const std::string& text : {Repeated("[[rule]]\n", 100'000), Repeated("[[credential]]\n", 70'000),
                                  Repeated("[[rule]]\n", 100'000) + "x = \n"}) {
    const std::vector<std::string> problems = Problems(kHead + text);
    ASSERT_EQ(problems.size(), kMostErrors + 1);
    EXPECT_EQ(problems.back(), "there may be more mistakes: mend these first");
  }
}

// Each alone is small enough; to compile so many would take minutes.
TEST(RuleSet, NamesTheRuleWhoseExpressionIsTooMuch) {
  std::string repeats = kHead;
  std::string shapes = kHead;
  std::string rejects = kHead;
  std::string alternatives = kHead;
  std::string lists = kHead;
  lists += "[lists]\nmany = [" + Repeated("'abcdefgh', ", 10'000) + "]\n";
  for (int i = 0; i < 2000; ++i) {
    const std::string id = "r" + std::to_string(i);
    repeats += RuleText(id, "regex = 'abcd" + Repeated("x{1000}y", 4) + "'");
    rejects += RuleText(id, "regex = 'abcd[0-9]'\nreject = ['" + Repeated("x{1000}y", 4) + "']");
    shapes += "[[credential]]\nid = '" + id + "'\nprovider = 'P'\nkind = 'key'\nabout = 'a'\nrevoke = 'r'\n" +
              "reference = 'r'\nshape = 'abcd_{base64:1000}{hex:1000}'\n";
    if (i < 100) alternatives += RuleText(id, "max_length = 9\nregex = '" + Repeated("abcd|", 2000) + "abcd'");
    lists += RuleText(id, "regex = 'abcd[0-9]'\npaths = ['@many']");
  }
  for (const std::string& text : {repeats, rejects, shapes, alternatives}) {
    EXPECT_THAT(Problems(text), ElementsAre(::testing::AllOf(HasSubstr(": r"), HasSubstr(kTooLarge))));
  }
  EXPECT_THAT(Problems(lists)[0], HasSubstr("r5: the rules up to this one take too much from [lists]"));
}

TEST(RuleSet, RefusesMoreRulesThanAnybodyHas) {
  std::string toml = kHead;
  for (int i = 0; i < 5001; ++i) toml += RuleText("r" + std::to_string(i), "regex = 'abcd[0-9]'");
  EXPECT_THAT(Problems(toml), ElementsAre("acme.toml:25003: there are too many rules up to this one"));
}

}  // namespace
}  // namespace sluice
