#include "scan/dense.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/shape.h"
#include "scan/byte_classes.h"
#include "scan/randomness.h"

namespace sluice::scan {
namespace {

bool Among(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

// The text, read byte by byte as byte_classes.h says.
ByteClasses Plainly(std::string_view text) {
  ByteClasses classes;
  const std::size_t words = (text.size() / 64 + 8) / 8 * 8;
  for (std::vector<std::uint64_t>* bits : {&classes.base64, &classes.mix, &classes.special, &classes.run_end}) {
    bits->resize(words);
  }
  std::size_t run = 0;
  bool has_mix = false;
  const std::string_view quotes_and_operators = "\"'`+.&|<~\\#/";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char before = i > 0 ? text[i - 1] : '\0';
    const char two_before = i > 1 ? text[i - 2] : '\0';
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const char after = i + 2 < text.size() ? text[i + 2] : '\0';
    const bool behind_alnum = std::isalnum(static_cast<unsigned char>(before)) != 0;
    const bool behind_digit = before >= '0' && before <= '9';
    const auto is_blank = [](char blank) { return blank >= '\t' && blank <= ' '; };
    const std::uint64_t bit = std::uint64_t{1} << (i % 64);
    const std::size_t word = i / 64;
    const bool digit = c >= '0' && c <= '9';
    const bool upper = c >= 'A' && c <= 'Z';
    const bool lower = c >= 'a' && c <= 'z';
    if (digit || upper || lower || Among(c, "+/-_")) classes.base64[word] |= bit;
    const bool changes = (digit && behind_alnum && !behind_digit) || ((upper || lower) && behind_digit);
    const bool behind_lone = before >= 'a' && before <= 'z' && two_before >= 'A' && two_before <= 'Z';
    if (changes || (upper && behind_lone)) classes.mix[word] |= bit;
    const bool behind_joinable = behind_alnum || (i > 0 && Among(before, "+/-_."));
    const bool joins =
        Among(next, quotes_and_operators) ||
        (is_blank(next) && (is_blank(after) || Among(after, quotes_and_operators) || Among(after, "bBfFLRuU")));
    if (behind_joinable && Among(c, "\"'`") && joins) classes.special[word] |= bit;
    if ((c == '\\' && (Among(next, "/\r\n") || (Among(next, "xuU") && Among(after, "0234567{")))) ||
        (c == '%' && Among(next, "234567")) || (c == '&' && Among(next, "#aqlg"))) {
      classes.special[word] |= bit;
    }
    for (const auto& [firsts, seconds] : {std::pair{"\xc2", "\xa0\xad"},
                                          {"\xcd", "\x8f"},
                                          {"\xd8", "\x9c"},
                                          {"\xe1\xe3\xf3", "\x85\x9e\xa0"},
                                          {"\xe2", "\x80\x81"},
                                          {"\xef", "\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf"},
                                          {"\xf0", "\x9b\x9d"}}) {
      if (Among(c, firsts) && Among(next, seconds)) classes.special[word] |= bit;
    }
    const bool begins_word = (c == 'S' && next == 'e' && after == 'c') || (c == 'j' && next == 'o' && after == 'i');
    if (begins_word && !behind_alnum) classes.special[word] |= bit;
    if ((classes.base64[word] & bit) != 0) {
      ++run;
      has_mix = has_mix || (classes.mix[word] & bit) != 0;
      continue;
    }
    if (run >= 24 || (run >= 14 && has_mix)) classes.run_end[word] |= bit;
    run = 0;
    has_mix = false;
  }
  const std::size_t end = text.size();
  if (run >= 24 || (run >= 14 && has_mix)) classes.run_end[end / 64] |= std::uint64_t{1} << (end % 64);
  return classes;
}

TEST(ByteClasses, AreThoseOfEachByte) {
  std::mt19937 random(7);  // NOLINT: the same each time.
  const std::string_view frequent = "\\xuU%24&#a\"'`+.|<~ \t\r\nfRL$azAZ09-_/=SSSecjjjoi\xc2\xe2\xef\x80\xff";
  // The first and second bytes of odd characters, and of their neighbours.
  const std::string_view beyond =
      "\xc2\xa0\xad\xcd\x8f\xd8\x9c\xe1\xe2\xe3\xf3\x85\x9e\x81\xef\xb8\xbc\xbf\xf0\x9b\x9d   --";
  const std::string_view runs = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1 ";
  for (int round = 0; round < 600; ++round) {
    const bool of_runs = round % 3 == 2;
    std::string text(random() % (of_runs ? 3000 : 300), '\0');
    const std::string_view among = of_runs ? runs : round % 3 == 1 ? beyond : frequent;
    for (char& c : text) {
      c = !of_runs && random() % 4 == 0 ? static_cast<char>(random()) : among[random() % among.size()];
    }
    // Over many words, with and without a mix.
    if (of_runs && text.size() > 1500)
      std::fill_n(text.begin() + 100, 900 + random() % 400, random() % 2 == 0 ? 'b' : '7');
    const ByteClasses expected = Plainly(text);
    for (const WordFunctions& functions : AllWordFunctions()) {
      ByteClasses classes;
      Classify(functions, text, &classes);
      EXPECT_EQ(classes.base64, expected.base64);
      EXPECT_EQ(classes.mix, expected.mix);
      EXPECT_EQ(classes.special, expected.special);
      EXPECT_EQ(classes.run_end, expected.run_end);
    }
  }
}

TEST(Survey, RunsAreTheLongestThatAreLongEnough) {
  std::mt19937 random(11);  // NOLINT: the same each time.
  for (int round = 0; round < 400; ++round) {
    std::string text;
    while (text.size() < 600) {
      std::string run(random() % (round % 2 == 0 ? 90 : 300), 'a');
      if (!run.empty() && random() % 4 == 0) run[random() % run.size()] = '1';
      text += run + std::string(1 + random() % 3, ' ');
    }
    text.resize(text.size() - random() % 80);
    std::vector<std::pair<std::size_t, std::size_t>> expected;
    bool dense = false;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      const std::size_t digit = text.substr(at, end - at).find('1');
      const bool mixed = digit != std::string::npos && digit > 0 && digit + 1 < end - at;
      if (end - at >= (mixed ? 24 : 32)) expected.emplace_back(at, end);
      dense = dense || (end - at >= 14 && mixed);
      at = end + 1;
    }
    Survey survey;
    survey.Make(text);
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (const Survey::LongRun& run : survey.long_runs) runs.emplace_back(run.at.begin, run.at.end);
    EXPECT_EQ(runs, expected) << text;
    EXPECT_EQ(!survey.dense.empty(), dense) << text;
  }
}

TEST(Dense, KeysAreAndNamesAreNot) {
  for (const std::string_view value : {"4f3a9b27c01de885", "q7Zk2mPx81LwTs", "123e4567-e89b-42d3-a456-426614174000",
                                       "QwErTyUiOpAsDf", "prefix.4f3a9b27c01de885.suffix"}) {
    EXPECT_TRUE(HoldsDenseRun(value)) << value;
  }
  for (const std::string_view value :
       {"", "a1b2c3", "4f3a9b27.c01de885", "getUserByEmailAddress", "STANDARD_INPUT_HANDLE", "SSL_CTX_set_cipher_list",
        "MagicHTTPTypeNameForTesting", "test_issue_12345", "aaaaaaaaaaaaaaaa1", "1aaaaaaaaaaaaaaaa",
        "12345678901234567890"}) {
    EXPECT_FALSE(HoldsDenseRun(value)) << value;
  }
  // Over the ends of words of 64 bytes.
  for (std::size_t before = 0; before < 130; ++before) {
    EXPECT_TRUE(HoldsDenseRun(std::string(before, ' ') + "aaaaaaaaaaaaa1a")) << before;
    EXPECT_FALSE(HoldsDenseRun(std::string(before, ' ') + "aaaaaaaaaaaaaa1")) << before;
  }
}

// The odds that shapes count on are those of random values.
TEST(Dense, OddsAreThoseOfRandomValues) {
  constexpr std::size_t kValues = 20000;
  constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  std::mt19937 random(13);  // NOLINT: the same each time.
  const auto odds = [&](std::string_view alphabet, std::size_t length) {
    std::size_t others = 0;
    for (std::size_t i = 0; i < kValues; ++i) {
      std::string value(length, '\0');
      for (char& c : value) c = alphabet[random() % alphabet.size()];
      others += HoldsDenseRun(value) ? 0 : 1;
    }
    return static_cast<double>(others) / kValues;
  };
  const struct {
    std::string_view shape;
    std::string_view alphabet;
    std::size_t length;
  } cases[] = {{"{base62:16}", kBase62, 16},
               {"{base62:20}", kBase62, 20},
               {"{base36:20}", "0123456789abcdefghijklmnopqrstuvwxyz", 20},
               {"{hex:14}", "0123456789abcdef", 14}};
  for (const auto& c : cases) {
    const double seen = odds(c.alphabet, c.length);
    EXPECT_TRUE(Shape::Parse(c.shape)->IsDense(seen * 1.4)) << c.shape << ' ' << seen;
    EXPECT_FALSE(Shape::Parse(c.shape)->IsDense(seen * 0.6)) << c.shape << ' ' << seen;
  }
}

TEST(Dense, StretchesReachAsFarAsNames) {
  const std::string text = std::string(3000, '.') + "4f3a9b27c01de885" + std::string(3000, '.') + "x";
  Survey survey;
  survey.Make(text);
  const std::vector<View>& stretches = survey.dense;
  ASSERT_EQ(stretches.size(), 1U);
  EXPECT_LE(stretches[0].begin, 3000U - 640U - 64U);
  EXPECT_GT(stretches[0].begin, 1500U);
  EXPECT_GE(stretches[0].end, 3016U + 200U + 64U);
  EXPECT_LT(stretches[0].end, 4500U);
}

TEST(Dense, RunsThatReachIntoAView) {
  const std::string run = "4f3a9b27c01de885";
  Survey survey;
  survey.Make("a = " + run + "; some_name = " + run + ";");
  const std::size_t first = 4;
  const std::size_t second = first + run.size() + 14;
  const auto count = [&](std::size_t begin, std::size_t end) { return survey.DenseRunsIn({begin, end}).size(); };
  EXPECT_EQ(count(0, 100), 2U);
  EXPECT_EQ(count(0, first), 0U);
  EXPECT_EQ(count(0, first + 1), 1U);
  EXPECT_EQ(count(first + run.size() - 1, second), 1U);
  EXPECT_EQ(count(first + run.size(), second), 0U);
  EXPECT_EQ(count(first + run.size(), second + 1), 1U);
  EXPECT_EQ(survey.DenseRunsIn({second, second + 1})[0].begin, second);
  EXPECT_EQ(count(second + run.size(), 100), 0U);
}

// Values of letters and digits hardly ever look written, and most identifiers with digits in them do.
TEST(Dense, LooksAtHowCharactersFollowEachOther) {
  constexpr int kValues = 20000;
  std::mt19937 random(17);  // NOLINT: the same each time.
  const auto share_refused = [&](std::string_view alphabet, std::size_t length) {
    int refused = 0;
    for (int i = 0; i < kValues; ++i) {
      std::string value(length, '\0');
      for (char& c : value) c = alphabet[random() % alphabet.size()];
      refused += HoldsRandomStretch(value) ? 0 : 1;
    }
    return static_cast<double>(refused) / kValues;
  };
  constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
  EXPECT_EQ(share_refused("0123456789abcdef", 14), 0);
  EXPECT_LT(share_refused(kBase36, 14), 0.01);
  EXPECT_LT(share_refused(kBase36, 16), 0.0045);
  EXPECT_LT(share_refused(kBase36, 20), 0.001);
  EXPECT_LT(share_refused(kBase36, 24), 0.0003);
  EXPECT_LT(share_refused("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16), 0.0045);
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const std::string base62 = std::string(kLetters) + "0123456789";
  EXPECT_LT(share_refused(base62, 14), 0.004);
  EXPECT_LT(share_refused(base62, 16), 0.0015);
  EXPECT_LT(share_refused(base62, 20), 0.0005);
  EXPECT_LT(share_refused(kLetters, 14), 0.009);
  EXPECT_LT(share_refused(kLetters, 16), 0.003);
  EXPECT_LT(share_refused(kLetters, 20), 0.001);
  for (const std::string_view name :
       {"V1PersistentVolumeStatus", "Int256VectorTests", "EncodeDecodeInt32Test", "bytestream2_get_be32u",
        "V1ValidatingAdmissionPolicyBindingSpec", "GoogleIdentityAccesscontextmanagerV1DevicePolicy",
        "GoogleCloudDiscoveryengineV1alphaListFilesResponse", "OSSL_CMP_CTX_set1_p10CSR",
        "ett_lte_rrc_featureGroupIndRel9Add", "arginfo_class_DOMDocument_getElementsByTagNameNS"}) {
    EXPECT_FALSE(HoldsDenseRun(name)) << name;
  }
}

// What a shape promises about its values holds for those that it makes.
TEST(Dense, ShapesKnowWhetherTheirValuesAre) {
  const auto is_dense = [](std::string_view shape, double odds) { return Shape::Parse(shape)->IsDense(odds); };
  EXPECT_TRUE(is_dense("{hex:32}", 0.002));
  EXPECT_TRUE(is_dense("{uuid}", 0.002));
  EXPECT_TRUE(is_dense("{base62:32}", 0.002));
  EXPECT_TRUE(is_dense("acme_{base62:24}", 0.002));
  EXPECT_TRUE(is_dense("{base62:16}", 0.02));
  EXPECT_FALSE(is_dense("{base62:16}", 0.01));
  EXPECT_FALSE(is_dense("AK{base32:16}", 0.01));     // One in thirty holds no digit.
  EXPECT_FALSE(is_dense("{digit:20}", 0.01));        // No letter.
  EXPECT_FALSE(is_dense("{lower:40}", 0.01));        // No digit.
  EXPECT_FALSE(is_dense("{any:40}", 0.01));          // Cut anywhere.
  EXPECT_FALSE(is_dense("{any:80}{hex:32}", 0.01));  // Too far from its beginning.
  EXPECT_FALSE(is_dense("<{hex:32}|{lower:20}>", 0.01));
}

}  // namespace
}  // namespace sluice::scan
