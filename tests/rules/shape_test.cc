#include "rules/shape.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <string>

#include "rules/regex_facts.h"

namespace sluice {
namespace {

std::string Captured(const std::string& shape, const std::string& text) {
  std::string captured;
  RE2::PartialMatch(text, RE2(Shape::Parse(shape)->Regex(), RegexOptions()), &captured);
  return captured;
}

TEST(Shape, MatchesExactlyTheValue) {
  EXPECT_EQ(Captured("acme_{hex:4}", "key=acme_0af3;"), "acme_0af3");
  EXPECT_EQ(Captured("acme_{hex:4}", "acme_0af3"), "acme_0af3");
  EXPECT_EQ(Captured("acme_{hex:4-6}", "(acme_0af3c)"), "acme_0af3c");
  EXPECT_EQ(Captured("sq<u|pq>_{digit:3}", "sqpq_123"), "sqpq_123");
  EXPECT_EQ(Captured("{uuid}", "\"0b8f4a2e-93c1-4d7f-8a65-1c2e3f405162\""), "0b8f4a2e-93c1-4d7f-8a65-1c2e3f405162");
}

TEST(Shape, APrefixIsBoundEnough) {
  for (const char* text : {"TOKEN_acme_0af3_old", "\\u0022acme_0af3\\u0022", "\\x22acme_0af3", "\\nacme_0af3\\n",
                           "\033[32macme_0af3\033[0m", "%22acme_0af3%22"}) {
    EXPECT_EQ(Captured("acme_{hex:4}", text), "acme_0af3") << text;
  }
  EXPECT_EQ(Captured("{hex:8}", "x_0af30af3"), "");
}

TEST(Shape, DoesNotCutLongerWords) {
  EXPECT_EQ(Captured("acme_{hex:4}", "key=acme_0af31;"), "");
  EXPECT_EQ(Captured("acme_{hex:4}", "myacme_0af3"), "");
  EXPECT_EQ(Captured("{hex:8}", "x=0af30af3-44"), "0af30af3");
  EXPECT_EQ(Captured("{dashed:8}", "x=0af30af3-44"), "");
  EXPECT_EQ(Captured("{base64:8}", "x=AbCd+/12/more"), "");
}

TEST(Shape, Base64AtTheEndMayBePadded) {
  EXPECT_EQ(Captured("{base64:8}", "k: AbCdEf12"), "AbCdEf12");
  EXPECT_EQ(Captured("{base64:8}", "k: AbCdEf1="), "AbCdEf1=");
  EXPECT_EQ(Captured("{base64:8}", "k: AbCdEf=="), "AbCdEf==");
  EXPECT_EQ(Captured("{base64:8}", "k: AbCdE==="), "");
}

TEST(Shape, PunctuationIsLiteral) {
  EXPECT_EQ(Captured("a.b+{digit:2}", "a.b+12"), "a.b+12");
  EXPECT_EQ(Captured("a.b+{digit:2}", "axbb12"), "");
  EXPECT_EQ(Captured("$aact_{digit:2}", "\"$aact_12\""), "$aact_12");
}

TEST(Shape, SamplesHaveTheShape) {
  for (const char* shape : {"acme_{base62:32}", "{base64:44}", "sq<u|p|>_{hex:40}", "{uuid}", "{jwt}", "{any:9-30}",
                            "{base32:16}.{BASE36:2-9}", "{dotted:20}", "{base58:12}", "key_<{hex:32}|{uuid}>",
                            "<a1_{base64:20}|b2_{base64:40}>", "{hex:1100-1200}"}) {
    const Result<Shape> parsed = Shape::Parse(shape);
    ASSERT_TRUE(parsed) << shape;
    const RE2 regex(parsed->Regex(), RegexOptions());
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const std::string sample = parsed->Sample(seed);
      std::string captured;
      EXPECT_TRUE(RE2::PartialMatch("key = '" + sample + "'", regex, &captured)) << shape;
      EXPECT_EQ(captured, sample);
      EXPECT_EQ(sample, parsed->Sample(seed));
      EXPECT_GE(sample.size(), parsed->min_length());
    }
  }
}

TEST(Shape, KnowsItsMeasures) {
  EXPECT_EQ(Shape::Parse("acme_{hex:4-9}")->min_length(), 9U);
  EXPECT_EQ(Shape::Parse("acme_{hex:4-9}")->prefix_length(), 5U);
  EXPECT_EQ(Shape::Parse("<ab|abc>{hex:4}")->prefix_length(), 2U);
  EXPECT_EQ(Shape::Parse("{hex:4}_x")->prefix_length(), 0U);
  EXPECT_EQ(Shape::Parse("<ab_{hex:4}|abc_{hex:3}>xyz")->prefix_length(), 3U);
  EXPECT_EQ(Shape::Parse("<ab_{hex:4}|abc_{hex:2}>xyz")->min_length(), 9U);
}

TEST(Shape, MistakesAreNamed) {
  for (const auto& [shape, cause] :
       std::initializer_list<std::pair<const char*, const char*>>{{"{base63:4}", "no alphabet of that name"},
                                                                  {"{hex}", "needs a number"},
                                                                  {"{hex:9-4}", "needs a number"},
                                                                  {"{hex:0}", "needs a number"},
                                                                  {"{hex:99999}", "at most 3000"},
                                                                  {"{hex:4", "not closed"},
                                                                  {"a<b", "not closed"},
                                                                  {"<b>", "only one"},
                                                                  {"<a<b|c>|d>", "not closed"},
                                                                  {"<{hexx:2}|d>", "no alphabet"},
                                                                  {"", "empty"},
                                                                  {"<|>", "empty"}}) {
    const Result<Shape> parsed = Shape::Parse(shape);
    ASSERT_FALSE(parsed) << shape;
    EXPECT_NE(parsed.error().message.find(cause), std::string::npos) << shape << ": " << parsed.error().message;
  }
}

}  // namespace
}  // namespace sluice
