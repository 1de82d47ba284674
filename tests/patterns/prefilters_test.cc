// Triggers and prefilters hold wherever the rule's own expression does. They decide where the expression is asked at
// all: where one is narrower, secrets are missed, and nobody is told. RE2 alone against the scanner as it runs, on
// strings made from each rule's expression.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "rules/default_packs.h"
#include "rules/regex_facts.h"
#include "scan/dense.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"
#include "support/regex_sampler.h"

namespace sluice {
namespace {

constexpr int kSamplesOfPrefilters = 150;
// Triggers are literals, and RE2's own analysis has said that they are in every match (rules/regex_facts.h). What can
// go wrong is where they are looked for.
constexpr int kSamplesOfTriggers = 25;
constexpr std::size_t kShownPerRule = 3;

// Shorter ones are hardly secrets; an expression that allows them does so by the way.
constexpr std::size_t kLeastValueBytes = 6;

const RuleSet& Rules() {
  static const auto* const kRules = [] {
    const std::vector<RuleFile> packs = DefaultPacks();
    return new RuleSet(*RuleSet::Parse(packs));
  }();
  return *kRules;
}

// Other rules are disabled to save time: their triggers are looked for all the same.
Scanner MakeScannerFor(const Rule& rule) {
  Scanner::Options options;
  for (const Rule& other : Rules().rules()) {
    if (other.id != rule.id) options.disabled.push_back(other.id);
  }
  const Database* const databases[] = {&Database::Default()};
  return *Scanner::Create(databases, options);
}

// One that the rule is for.
std::string PathFor(const Rule& rule) {
  for (const RuleExample& example : rule.examples) {
    if (!example.path.empty()) return example.path;
  }
  return "example";
}

std::string InSurroundings(const std::string& sample, std::mt19937* random) {
  constexpr std::array<const char*, 4> kBefore = {"", " ", "\n", "x = \""};
  constexpr std::array<const char*, 4> kBehind = {"", "\n", " ", "\"\n"};
  const char* const before = kBefore[(*random)() % kBefore.size()];
  return before + sample + kBehind[(*random)() % kBehind.size()];
}

// Whether the rule came to look at a value, whatever it then made of it.
bool Looks(Scanner* scanner, const std::string& text, const std::string& path) {
  return !scanner->Explain(text, path).empty();
}

// Whether the rule has to look at the first match in `text`, by RE2 alone.
bool HasToLook(const RE2& regex, const Rule& rule, const std::string& text) {
  std::vector<re2::StringPiece> pieces(static_cast<std::size_t>(rule.group) + 1);
  if (!regex.Match(text, 0, text.size(), RE2::UNANCHORED, pieces.data(), rule.group + 1)) return false;
  const re2::StringPiece match = pieces.front();
  const re2::StringPiece value = pieces.back().data() == nullptr ? match : pieces.back();
  return value.size() >= kLeastValueBytes && match.size() <= rule.max_length &&
         (!rule.dense || scan::HoldsDenseRun({value.data(), value.size()}));
}

struct Tally {
  std::size_t seen = 0;
  std::vector<std::string> missed;  // Texts, the shortest first.
};

Tally Sample(const Rule& rule, const tests::RegexSampler& sampler) {
  const RE2 regex(rule.regex, RegexOptions());
  const std::string path = PathFor(rule);
  Scanner scanner = MakeScannerFor(rule);
  // Of its own for each rule, so that an edit of one changes the samples of no other.
  std::seed_seq seed(rule.id.begin(), rule.id.end());
  std::mt19937 random(seed);
  Tally tally;
  const int samples = rule.prefilter.empty() ? kSamplesOfTriggers : kSamplesOfPrefilters;
  for (int i = 0; i < samples; ++i) {
    const std::string text = InSurroundings(sampler.Sample(&random), &random);
    // RE2 takes as long as the scanner, so it is asked only when the scanner found nothing.
    if (Looks(&scanner, text, path)) {
      ++tally.seen;
    } else if (HasToLook(regex, rule, text)) {
      tally.missed.push_back(text);
    }
  }
  std::stable_sort(tally.missed.begin(), tally.missed.end(),
                   [](const std::string& a, const std::string& b) { return a.size() < b.size(); });
  return tally;
}

TEST(Prefilters, MatchWhereverTheirRulesDo) {
  const Database* const databases[] = {&Database::Default()};
  if (!Scanner::Create(databases, {})->uses_hyperscan()) GTEST_SKIP() << "RE2 looks at everything";
  for (const Rule& rule : Rules().rules()) {
    // Else providers' names say where to look, and these stand outside of the match.
    if (rule.prefilter.empty() && rule.triggers.empty()) continue;
    const std::optional<tests::RegexSampler> sampler = tests::RegexSampler::Parse(rule.regex);
    if (!sampler) {
      ADD_FAILURE() << rule.origin << ": teach tests/support/regex_sampler.cc the syntax of " << rule.id;
      continue;
    }
    const Tally tally = Sample(rule, *sampler);
    const std::size_t matches = tally.seen + tally.missed.size();
    EXPECT_GT(matches, 0U) << rule.origin << ": no string made from the expression of " << rule.id << " matches it";
    for (std::size_t i = 0; i < std::min(tally.missed.size(), kShownPerRule); ++i) {
      ADD_FAILURE() << rule.origin << ": " << rule.id << " does not get to see " << tally.missed.size() << " of "
                    << matches << " matches, such as " << testing::PrintToString(tally.missed[i]);
    }
  }
}

}  // namespace
}  // namespace sluice
