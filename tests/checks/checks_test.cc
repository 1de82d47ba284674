#include "checks/checks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "checks/encodings.h"
#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

// Notes go to a terminal, and may come from hostile text.
bool IsPrintable(const std::string& note) { return std::all_of(note.begin(), note.end(), IsPrintableAscii); }

TEST(Checks, AreFoundByName) {
  for (const Check& check : All()) EXPECT_EQ(Find(check.name), &check) << check.name;
  for (const std::string_view name : {"", "a", "age-ke", "age-keys", "zuplo-crc33", "zz", "GITHUB-CRC32"}) {
    EXPECT_EQ(Find(name), nullptr) << name;
  }
}

TEST(Checks, AreDescribedInOneLine) {
  for (const Check& check : All()) {
    EXPECT_FALSE(check.summary.empty()) << check.name;
    EXPECT_LE(check.summary.size(), 90U) << check.name;
    EXPECT_TRUE(IsPrintable(std::string(check.summary))) << check.name;
    EXPECT_FALSE(check.summary.ends_with('.')) << check.name;
  }
}

// A new check without samples is a check that nobody has tried.
TEST(Checks, EachHasSamplesThatPassAndThatDoNot) {
  // Nobody but third parties says how these are made: they raise confidence, or say nothing.
  const std::vector<std::string_view> only_raise = {"cloudflare-crc32", "confluent-crc32", "svix", "vercel-crc32"};
  for (const Check& check : All()) {
    int pass = 0;
    int fail = 0;
    int silent = 0;
    for (const Sample& sample : AllSamples()) {
      if (sample.check != check.name) continue;
      if (sample.verdict == Verdict::kUnknown) ++silent;
      if (sample.verdict > Verdict::kUnknown) ++pass;
      if (sample.verdict < Verdict::kUnknown) ++fail;
    }
    const bool raises = std::find(only_raise.begin(), only_raise.end(), check.name) != only_raise.end();
    EXPECT_GE(pass, 1) << check.name;
    EXPECT_GE(raises ? silent : fail, 1) << check.name;
    EXPECT_TRUE(!raises || fail == 0) << check.name;
  }
}

TEST(Checks, NeverAcceptNothing) {
  for (const Check& check : All()) {
    for (const std::string& match : {std::string(), std::string("key = \"\"")}) {
      const Outcome outcome = check.run({}, match);
      EXPECT_LE(outcome.verdict, Verdict::kUnknown) << check.name;
      EXPECT_EQ(outcome.note, "") << check.name;
    }
  }
}

TEST(Checks, NeverVerifyGarbage) {
  generate::Random random(90);
  std::vector<std::string> values = {"-",
                                     "=",
                                     "==",
                                     ".",
                                     "...",
                                     "_",
                                     "%",
                                     "%3",
                                     "\\",
                                     "{",
                                     "{}",
                                     "[]",
                                     "null",
                                     ":",
                                     std::string(1, '\0'),
                                     std::string(100, '\0'),
                                     std::string(44, '='),
                                     std::string(100, 'A'),
                                     std::string(64, '\xFF'),
                                     "-----BEGIN -----END "};
  for (std::size_t size = 1; size < 200; ++size) {
    values.push_back(random.Bytes(size));
    values.push_back(random.Text(size, generate::kAlnum));
    values.push_back(random.Text(size, generate::kAlnum + "+/=-_.:, \n"));
  }
  for (const Check& check : All()) {
    for (const std::string& value : values) {
      const Outcome outcome = check.run(value, value);
      EXPECT_NE(outcome.verdict, Verdict::kVerified) << check.name << " of " << value.size();
      EXPECT_TRUE(IsPrintable(outcome.note)) << check.name << " of " << value.size();
    }
  }
}

// A rule's expression bounds what a check is given, but a rule of a user's own may not.
TEST(Checks, NeverAcceptAMebibyte) {
  generate::Random random(91);
  constexpr std::size_t kSize = 1 << 20;
  std::vector<std::string> fillers = {std::string(kSize, 'A'),  std::string(kSize, '='),
                                      std::string(kSize, '['),  std::string(kSize, '.'),
                                      std::string(kSize, '\0'), random.Text(kSize, generate::kAlnum)};
  std::string begins;
  while (begins.size() < kSize) begins += "-----BEGIN PRIVATE KEY-----";
  fillers.push_back(begins);
  // Each check's own prefixes, so that it does not stop at once.
  std::vector<std::string> heads = {""};
  for (const Sample& sample : AllSamples()) {
    const std::string head = sample.secret.substr(0, 12);
    if (std::find(heads.begin(), heads.end(), head) == heads.end() && heads.size() < 60) heads.push_back(head);
  }
  for (const Check& check : All()) {
    for (const std::string& filler : fillers) {
      EXPECT_LE(check.run(filler, filler).verdict, Verdict::kUnknown) << check.name;
    }
    for (const std::string& head : heads) {
      const std::string value = head + fillers[0];
      EXPECT_LE(check.run(value, value).verdict, Verdict::kUnknown) << check.name << " " << head.substr(0, 4);
    }
  }
}

// No check may trust a rule to send it only what it is for.
TEST(Checks, StandEveryOtherChecksSamples) {
  for (const Check& check : All()) {
    for (const Sample& sample : AllSamples()) {
      const Outcome outcome = check.run(sample.secret, sample.match.empty() ? sample.secret : sample.match);
      EXPECT_TRUE(IsPrintable(outcome.note)) << check.name << " with " << sample.check << ": " << sample.what;
      EXPECT_EQ(outcome.note.find("\n"), std::string::npos);
    }
  }
}

TEST(Checks, StandEveryBeginningOfASample) {
  for (const Sample& sample : AllSamples()) {
    const Check* check = Find(sample.check);
    ASSERT_NE(check, nullptr) << sample.check;
    const std::size_t step = std::max<std::size_t>(1, sample.secret.size() / 100);
    for (std::size_t size = 0; size < sample.secret.size(); size += step) {
      // A copy of its own, so that a sanitizer sees what is read beyond its end.
      const std::vector<char> piece(sample.secret.begin(), sample.secret.begin() + static_cast<std::ptrdiff_t>(size));
      const std::string_view value(piece.data(), piece.size());
      EXPECT_TRUE(IsPrintable(check->run(value, value).note)) << sample.check << ": " << sample.what;
    }
  }
}

// The note is shown in reports in clear.
TEST(Checks, NotesDoNotShowTheSecret) {
  for (const Sample& sample : AllSamples()) {
    const std::string note = Judge(sample).note;
    for (std::size_t at = 0; at + 24 <= sample.secret.size(); ++at) {
      const std::string piece = sample.secret.substr(at, 24);
      // Only what is said to be in there in clear may be found again.
      if (note.find(piece) == std::string::npos) continue;
      EXPECT_TRUE(sample.check == "gcp-service-account") << sample.check << ": " << sample.what;
      break;
    }
  }
}

}  // namespace
}  // namespace sluice::checks
