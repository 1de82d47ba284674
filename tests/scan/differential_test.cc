// Triggers and confirmation against RE2 alone, on generated text: Hyperscan, the views and their merging must lose
// nothing and add nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "rules/default_packs.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"

namespace sluice {
namespace {

std::vector<std::string> Describe(const ScanResult& result) {
  std::vector<std::string> lines;
  for (const Finding& finding : result.findings) {
    lines.push_back(finding.rule_id + " " + std::to_string(finding.offset) + "-" + std::to_string(finding.end_offset));
  }
  return lines;
}

// Examples and counter-examples of all default rules, some of them damaged, with noise between.
class TextMaker {
 public:
  TextMaker() : random_(20260101) {
    const auto packs = DefaultPacks();
    const auto rules = RuleSet::Parse(packs);
    for (const Rule& rule : rules->rules()) {
      for (const RuleExample& example : rule.examples) pieces_.push_back(example.text);
      for (const RuleExample& example : rule.counter_examples) pieces_.push_back(example.text);
    }
  }

  std::string Make() {
    std::string text;
    const unsigned count = 1 + Below(12);
    for (unsigned i = 0; i < count; ++i) {
      std::string piece = pieces_[Below(static_cast<unsigned>(pieces_.size()))];
      if (Below(3) == 0) Damage(&piece);
      text += piece;
      text += Noise();
    }
    return text;
  }

 private:
  unsigned Below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }

  void Damage(std::string* piece) {
    for (unsigned n = 1 + Below(3); n > 0 && !piece->empty(); --n) {
      const std::size_t at = Below(static_cast<unsigned>(piece->size()));
      switch (Below(4)) {
        case 0:
          (*piece)[at] = static_cast<char>(random_());
          break;
        case 1:
          piece->erase(at, 1);
          break;
        case 2:
          piece->insert(at, 1, "\n \"'=:_-aZ9"[Below(11)]);
          break;
        default:
          piece->insert(at, piece->substr(at, Below(40)));
      }
    }
  }

  std::string Noise() {
    static constexpr const char* kNoise[] = {"\n",   "",  " ", "\n\n# comment\n", ";", "\r\n", "\t", "\"",
                                             "\xff", "0", "a"};
    return kNoise[Below(std::size(kNoise))];
  }

  std::mt19937 random_;
  std::vector<std::string> pieces_;
};

TEST(Differential, HyperscanFindsWhatRe2FindsAlone) {
  const Database* const databases[] = {&Database::Default()};
  Scanner::Options options;
  options.keep_overlapping = true;
  Scanner fast = *Scanner::Create(databases, options);
  options.engine = Scanner::Engine::kRe2;
  Scanner plain = *Scanner::Create(databases, options);
  ASSERT_TRUE(fast.uses_hyperscan());
  ASSERT_FALSE(plain.uses_hyperscan());
  TextMaker maker;
  std::size_t findings = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string text = maker.Make();
    for (const char* path : {"src/a.py", "config/.env"}) {
      const auto expected = Describe(plain.Scan(text, path));
      ASSERT_EQ(Describe(fast.Scan(text, path)), expected) << "text " << i << ":\n" << text;
      findings += expected.size();
    }
  }
  EXPECT_GT(findings, 1000U);
}

}  // namespace
}  // namespace sluice
