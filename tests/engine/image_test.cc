#include "engine/image.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "sluice/database.h"
#include "sluice/rule_set.h"

namespace sluice::engine {
namespace {

std::vector<std::byte> SampleImage() {
  const std::string toml =
      "format = 1\npack = \"p\"\n[[rule]]\nid = \"one-key\"\ndescription = \"One\"\nremediation = \"r\"\n"
      "regex = 'one_[0-9]{8}'\ntags = [\"a\", \"b\"]\n[[rule]]\nid = \"two-key\"\ndescription = \"Two\"\n"
      "remediation = \"r\"\nregex = '(?i)two_[0-9]{8}'\nreject = [\"0000\"]\n";
  const RuleFile file = {"s.toml", toml};
  auto image = Image::Build(*RuleSet::Parse({&file, 1}));
  return std::move(*image);
}

TEST(Image, GivesBackItsRules) {
  const std::vector<std::byte> bytes = SampleImage();
  const Result<Image> image = Image::Validate(bytes, Image::Origin::kAnywhere);
  ASSERT_TRUE(image) << image.error().message;
  ASSERT_EQ(image->rule_count(), 2U);
  EXPECT_EQ(image->rule(0).id, "one-key");
  EXPECT_EQ(image->rule(0).tags, (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(image->rule(1).description, "Two");
  EXPECT_EQ(image->rule(1).reject, (std::vector<std::string_view>{"0000"}));
}

TEST(Image, IsTheSameForTheSameRules) { EXPECT_EQ(SampleImage(), SampleImage()); }

TEST(Image, RefusesEveryTruncation) {
  const std::vector<std::byte> bytes = SampleImage();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(Image::Validate(cut, Image::Origin::kAnywhere)) << size;
  }
}

// Whatever the numbers say, an image that passes is safe to read: ASan watches.
TEST(Image, SurvivesEveryChangedByte) {
  const std::vector<std::byte> bytes = SampleImage();
  std::mt19937 random(7);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::vector<std::byte> changed = bytes;
    changed[at] ^= static_cast<std::byte>(1 + random() % 255);
    const Result<Image> image = Image::Validate(changed, Image::Origin::kEmbedded);
    if (!image) continue;
    for (std::size_t i = 0; i < image->rule_count(); ++i) {
      const RuleInfo rule = image->rule(i);
      std::size_t bytes_read = rule.id.size() + rule.regex.size();
      for (const char c : std::string(rule.description) + std::string(rule.regex)) bytes_read += c == 'x' ? 1 : 0;
      EXPECT_LT(bytes_read, 2 * bytes.size());
    }
    for (std::size_t i = 0; i < image->expression_count(); ++i) {
      for (const std::uint32_t rule : image->RulesOf(i)) EXPECT_LT(rule, image->rule_count());
    }
  }
}

TEST(Database, DefaultIsWhatWasBuilt) {
  const Database& defaults = Database::Default();
  EXPECT_GT(defaults.size(), 100U);
  EXPECT_LT(defaults.Find("github-classic-pat"), defaults.size());
  EXPECT_EQ(defaults.Find("no-such-rule"), defaults.size());
  EXPECT_TRUE(Image::Validate(defaults.image(), Image::Origin::kAnywhere));
}

}  // namespace
}  // namespace sluice::engine
