#include "rules/regex_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST(FindTriggers, TakesTheLongestNecessaryLiteral) {
  EXPECT_THAT(FindTriggers(R"(\b(gly_pat_[0-9A-Za-z]{22}_[0-9A-Za-z]{59})\b)").literals, ElementsAre("gly_pat_"));
}

TEST(FindTriggers, KeepsTheSpellingOfTheExpression) {
  const Triggers triggers = FindTriggers("KEYID[0-9]{8}");
  EXPECT_THAT(triggers.literals, ElementsAre("KEYID"));
  EXPECT_FALSE(triggers.ignore_case);
  const Triggers escaped = FindTriggers(R"(Key\.Id\-[0-9]{8})");
  EXPECT_THAT(escaped.literals, ElementsAre("Key.Id-"));
  EXPECT_FALSE(escaped.ignore_case);
}

TEST(FindTriggers, IgnoresCaseWhereTheExpressionDoes) {
  EXPECT_TRUE(FindTriggers("(?i)keyid[0-9]{8}").ignore_case);
  EXPECT_TRUE(FindTriggers("(?i:keyid)[0-9]{8}").ignore_case);
}

TEST(FindTriggers, TakesAllOfAnAlternation) {
  EXPECT_THAT(FindTriggers("(?:alpha|beta)_[0-9]{9}").literals, UnorderedElementsAre("alpha_", "beta_"));
}

TEST(FindTriggers, FindsNoneInAClass) { EXPECT_THAT(FindTriggers("[0-9a-f]{32}").literals, IsEmpty()); }

TEST(TriggersAreNecessary, RefusesOneThatAMatchMayLack) {
  EXPECT_TRUE(TriggersAreNecessary("(?:alpha|beta)_[0-9]{9}", {"alpha", "beta"}));
  EXPECT_FALSE(TriggersAreNecessary("(?:alpha|beta)_[0-9]{9}", {"alpha"}));
  EXPECT_FALSE(TriggersAreNecessary("(?:alpha)?_[0-9]{9}", {"alpha"}));
}

TEST(MaxLength, IsThatOfTheLongestMatch) {
  EXPECT_EQ(MaxLength("ab{2,5}c"), 7U);
  EXPECT_EQ(MaxLength("ab*c"), std::nullopt);
}

TEST(LiteralPrefix, IsWhatEveryMatchBeginsWith) {
  EXPECT_EQ(LiteralPrefix("npm_[0-9A-Za-z]{36}"), "npm_");
  EXPECT_EQ(LiteralPrefix("pat-(?:na|eu)[0-9]"), "pat-");
  EXPECT_EQ(LiteralPrefix("[a-z]b"), "");
  EXPECT_EQ(LiteralPrefix("(?i)npm_x"), "");
  EXPECT_EQ(LiteralPrefix("ab|cd"), "");
  EXPECT_EQ(LiteralPrefix(".*ab"), "");
  EXPECT_EQ(LiteralPrefix("(?:"), "");
}

TEST(GroupExpression, IsThatOfTheGroupAlone) {
  EXPECT_EQ(GroupExpression("(?:ab|c)(x[)(]{2}(?:y|zz)(q))w", 1), "x[)(]{2}(?:y|zz)(q)");
  EXPECT_EQ(GroupExpression("(?:ab|c)(x[)(]{2}(?:y|zz)(q))w", 2), "q");
  EXPECT_EQ(GroupExpression("(?i)a\\((?P<name>b{3})", 1), "(?i)b{3}");
  EXPECT_EQ(GroupExpression("a(b{3})", 0), "a(b{3})");
}

TEST(MinLength, IsThatOfTheShortestMatch) {
  EXPECT_EQ(MinLength("ab{2,5}c"), 4U);
  EXPECT_EQ(MinLength("a=|abc"), 2U);
}

TEST(ProgramSize, GrowsWithWhatIsRepeated) {
  EXPECT_LT(ProgramSize("own_[0-9a-f]{8}"), 50U);
  EXPECT_GT(ProgramSize("own_[acegi]{1000}"), 5000U);
}

TEST(ProgramSize, IsUnknownWhereRe2HasNoMemory) {
  std::string regex;
  for (int i = 0; i < 32; ++i) regex += "[acegikmoqsuwy]{1000}";
  EXPECT_EQ(ProgramSize(regex), std::nullopt);
  EXPECT_THAT(RegexProblem(RE2(regex, RegexOptions())), ::testing::HasSubstr("it is too large to compile: make the"));
}

TEST(Relaxed, MatchesMoreAndIsMuchSmaller) {
  const auto relaxed = [](const std::string& regex) { return Relaxed(regex + "(?:[a-z][0-9]){600}"); };
  EXPECT_EQ(relaxed(""), "(?:[a-z][0-9]){8,}");
  EXPECT_EQ(relaxed("a{3}b{0,9}?c{9,}"), "a{3}b{0,}?c{8,}(?:[a-z][0-9]){8,}");
  EXPECT_EQ(relaxed("a{20}(b{2,3}|c{7})*"), "a{8,}(b{2,}|c{7})*(?:[a-z][0-9]){8,}");
  // What looks like a count, and is none.
  EXPECT_EQ(relaxed("\\{20}\\x{41}[{20}]"), "\\{20}\\x{41}[{20}](?:[a-z][0-9]){8,}");
  EXPECT_EQ(relaxed("[]{20}][^]{20}][[:alpha:]{20}][\\]{20}]"),
            "[]{20}][^]{20}][[:alpha:]{20}][\\]{20}](?:[a-z][0-9]){8,}");
  EXPECT_EQ(relaxed("x{a}x{,3}"), "x{a}x{,3}(?:[a-z][0-9]){8,}");
  // Not worth it, not understood, or wrong.
  EXPECT_EQ(Relaxed("ghp_[0-9a-z]{36}"), "");
  EXPECT_EQ(relaxed("\\Qa{20}\\E"), "");
  EXPECT_EQ(relaxed("("), "");
}

TEST(PrefilterProblem, NamesTheCause) {
  EXPECT_EQ(PrefilterProblem("(?i)pass(?:word)?[=:]"), "");
  EXPECT_THAT(PrefilterProblem("a*"), ::testing::HasSubstr("empty"));
  EXPECT_THAT(PrefilterProblem("ab+"), ::testing::HasSubstr("no bound"));
  EXPECT_THAT(PrefilterProblem("(?=a)b"), ::testing::HasSubstr("look-around"));
}

}  // namespace
}  // namespace sluice
