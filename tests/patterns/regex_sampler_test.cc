#include "support/regex_sampler.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <set>
#include <string>

#include "rules/regex_facts.h"

namespace sluice::tests {
namespace {

constexpr int kSamples = 300;

TEST(RegexSampler, MakesWhatTheExpressionMatches) {
  const char* const expressions[] = {
      R"(plain text)",
      R"(a|bc||def)",
      R"(x?y*z+)",
      R"(a{3}b{2,}c{0,5}d{1,2}?e*?f+?)",
      R"((?:ab|c(d|e){2}){1,3})",
      R"([0-9a-f]{8}-[^0-9a-f]{2})",
      R"([]a-]+[^]a]{2}[a\]\\\-b]{4})",
      R"(\d\D\s\S\w\W)",
      R"([\d\s_]{5}[^\w\s]{5})",
      R"([[:alpha:]]{3}[[:^alpha:]]{3}[[:xdigit:][:punct:]]{9}[[:space:]])",
      R"((?i)Key[a-f]{3}[^x-z]{20})",
      R"(A(?i:b[c-e])F(?i)g(?-i:h)i)",
      R"(a(?:(?i)b|c)d)",
      R"(\x41\x{42}[\x43-\x{45}]\x60\xe9)",
      R"(\.\*\+\?\(\)\[\]\{\}\|\^\$\\\-\'\/)",
      R"(.{20}(?s).{20}(?s:.)(?-s:.{9}))",
      R"(^start\b end$)",
      R"((?m:^)line(?m:$))",
      R"(a{,3}{x}{1)",
      R"(\t\r?\n\f\v\a)",
      "caf\xc3\xa9[\x80-\xff]{4}",
      R"(()|(?:))",
      R"((?:[a-z]{2,8}[_.-]?){0,4}(?:password|pwd)["'\x60]?\s{0,4}(?:=>|:=|[=:])\s{0,4}([^\s"']{6,40}))",
  };
  for (const char* expression : expressions) {
    const RE2 regex(expression, RegexOptions());
    ASSERT_TRUE(regex.ok()) << expression << ": " << regex.error();
    const std::optional<RegexSampler> sampler = RegexSampler::Parse(expression);
    ASSERT_TRUE(sampler.has_value()) << expression;
    std::mt19937 random(1);
    for (int i = 0; i < kSamples; ++i) {
      const std::string sample = sampler->Sample(&random);
      EXPECT_TRUE(RE2::FullMatch(sample, regex)) << expression << ": " << testing::PrintToString(sample);
    }
  }
}

std::set<std::string> Samples(const char* expression) {
  const std::optional<RegexSampler> sampler = RegexSampler::Parse(expression);
  std::mt19937 random(1);
  std::set<std::string> samples;
  for (int i = 0; i < kSamples; ++i) samples.insert(sampler->Sample(&random));
  return samples;
}

TEST(RegexSampler, MakesEverythingThatTheExpressionMatches) {
  EXPECT_EQ(Samples("(?i)ab?|[c-e]"),
            (std::set<std::string>{"a", "A", "ab", "aB", "Ab", "AB", "c", "d", "e", "C", "D", "E"}));
  EXPECT_EQ(Samples("x{2,5}").size(), 4U);
  EXPECT_GT(Samples("[0-9a-f]{8}").size(), kSamples * 9U / 10U);
}

TEST(RegexSampler, OftenTakesTheEndsOfCounts) {
  int least = 0;
  int most = 0;
  const std::optional<RegexSampler> sampler = RegexSampler::Parse("a{10,200}");
  std::mt19937 random(1);
  for (int i = 0; i < kSamples; ++i) {
    const std::size_t length = sampler->Sample(&random).size();
    if (length == 10) ++least;
    if (length == 200) ++most;
  }
  EXPECT_GT(least, kSamples / 3);
  EXPECT_GT(most, kSamples / 24);
}

// Rather none than samples of something else.
TEST(RegexSampler, RefusesWhatItDoesNotKnow) {
  for (const char* expression :
       {R"(\pL)",     R"(\p{Greek})", R"(\Qa.b\E)",     R"(\1)",   R"(\123)", R"(\C)", "(?P<name>a)", "(?=a)",
        "(?!a)",      "(?<=a)",       "(?U)a+",         "a**",     "*a",      "(a",    "a)",          "[a",
        "[b-a]",      "[[:what:]]",   "[^\\x00-\\xff]", "a{2,1}",  "a{1001}", "\\",    R"(\x4)",      R"(\x{)",
        R"(\x{100})", R"(\xgg)",      R"([\b])",        "(?i--s)a"}) {
    EXPECT_FALSE(RegexSampler::Parse(expression).has_value()) << expression;
  }
}

}  // namespace
}  // namespace sluice::tests
