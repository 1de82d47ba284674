#include "scan/candidates.h"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "engine/database_impl.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"

namespace sluice {
namespace {

const std::string kValue = "k7Qp2xV9bT4mZ8wR1cY6nL3d";
const std::string kText = "acme = " + kValue + "\n";

std::vector<std::byte> ImageWithDenseRule() {
  const std::string toml =
      "format = 1\npack = \"p\"\n"
      "[[rule]]\nid = \"plain-key\"\ndescription = \"One\"\nremediation = \"r\"\nregex = 'plain_[0-9]{8}'\n"
      "[[rule]]\nid = \"dense-key\"\ndescription = \"Two\"\nremediation = \"r\"\ndense = true\n"
      "regex = 'acme = ([0-9A-Za-z]{24})'\ngroup = 1\n";
  const RuleFile file = {"s.toml", toml};
  const auto rules = RuleSet::Parse({&file, 1});
  EXPECT_TRUE(rules) << rules.error().front().message;
  auto image = engine::Image::Build(*rules);
  EXPECT_TRUE(image);
  return std::move(*image);
}

std::size_t Count(const Database& database) {
  const Database* const databases[] = {&database};
  auto scanner = Scanner::Create(databases, {});
  EXPECT_TRUE(scanner);
  return scanner->Scan(kText, "a.txt").findings.size();
}

TEST(CandidateFinder, LoadsAGroupWhenItIsLookedFor) {
  const std::vector<std::byte> image = ImageWithDenseRule();
  const auto impl = Database::Impl::Load(image, engine::Image::Origin::kEmbedded);
  ASSERT_TRUE(impl);
  if (!(*impl)->uses_hyperscan) GTEST_SKIP() << "Hyperscan does not support this processor";
  const auto dense = static_cast<std::size_t>(engine::Group::kDense);
  scan::CandidateFinder finder(**impl);
  std::vector<scan::Candidate> candidates;
  EXPECT_TRUE(finder.FindAnywhere(kText, /*paths=*/true, &candidates));
  EXPECT_TRUE(candidates.empty());
  EXPECT_EQ((*impl)->triggers[dense].loaded, nullptr);
  const scan::View all = {0, kText.size()};
  EXPECT_TRUE(finder.FindAround(kText, {&all, 1}, &candidates));
  EXPECT_EQ(candidates.size(), 1U);
}

// What is damaged, or does not fit the memory, is said, and RE2 looks instead.
TEST(CandidateFinder, SaysThatAGroupCannotBeLoaded) {
  std::vector<std::byte> image = ImageWithDenseRule();
  const auto sound = engine::Image::Validate(image, engine::Image::Origin::kEmbedded);
  ASSERT_TRUE(sound);
  const auto group = sound->engine_bytes(engine::Group::kDense);
  image[static_cast<std::size_t>(group.data() - image.data()) + group.size() / 2] ^= std::byte{1};
  const auto impl = Database::Impl::Load(image, engine::Image::Origin::kEmbedded);
  ASSERT_TRUE(impl);
  if (!(*impl)->uses_hyperscan) GTEST_SKIP() << "Hyperscan does not support this processor";
  scan::CandidateFinder finder(**impl);
  std::vector<scan::Candidate> candidates;
  const scan::View all = {0, kText.size()};
  EXPECT_TRUE(finder.FindAnywhere(kText, /*paths=*/true, &candidates));
  EXPECT_FALSE(finder.FindAround(kText, {&all, 1}, &candidates));
  EXPECT_FALSE(Database::FromImage(image)) << "a damaged cache must be noticed while it can be replaced";
}

TEST(CandidateFinder, FindingsDoNotDependOnWhatLoads) {
  const std::vector<std::byte> image = ImageWithDenseRule();
  const auto database = Database::FromImage(std::span<const std::byte>(image));
  ASSERT_TRUE(database);
  ASSERT_EQ(Count(*database), 1U);
  database->impl().triggers[static_cast<std::size_t>(engine::Group::kDense)].loaded.reset();
  EXPECT_EQ(Count(*database), 1U);
}

}  // namespace
}  // namespace sluice
