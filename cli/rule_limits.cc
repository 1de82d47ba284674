#include "rule_limits.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counted.h"
#include "report/render.h"
#include "rules/default_packs.h"
#include "rules/regex_facts.h"
#include "scan/candidates.h"
#include "scan/dense.h"

namespace sluice::cli {

namespace {

// Candidates in a megabyte of the default packs' own files, which are prose, settings, addresses and thousands of
// snippets in many languages: a much harder text than source code, since all of it is about credentials. Words have
// more: data, user, the.
constexpr double kMostEverywhere = 200;
// Of rules that are looked for around dense values only, there. Words have more: the, token, key.
constexpr double kMostDense = 500;
// A prefilter may ask for a value behind such words, as that of generic-named-token does.
constexpr double kMostDensePrefilter = 1500;

// Anything shorter is everywhere.
constexpr std::size_t kFewestBytes = 3;

// What the packs seldom have, but every file of source code: what is looked for everywhere must not be found in it.
constexpr std::string_view kWordsOfCode =
    "abstract array assert async await boolean break byte case catch char class const continue default delete double "
    "elif else elseif endif enum except export extends extern false final finally float foreach from function global "
    "goto implements import include inline instanceof interface lambda list local long main match module namespace "
    "none null object operator override package pass print printf private protected public raise register require "
    "return self short signed sizeof static string struct super switch template this throw throws true try tuple type "
    "typedef typename undefined union unsigned using value vector virtual void volatile while with yield";

// Instructions of RE2's program. Where text keeps many of them alive at a time, RE2 gives up its automaton, and a byte
// costs a step in each: with 2,000 that was 1.6 us a byte, with 14,000 5 us, where 1 ns is usual. Of the default rules
// half stay below 150 and 99 of 100 below 9,500; the largest, a connection string or a token, have 18,200.
constexpr std::size_t kMostInstructions = 30'000;
// A prefilter is part of what every byte of a scan goes through. Half have fewer than 170, the largest 4,478.
constexpr std::size_t kMostPrefilterInstructions = 10'000;

// What brings the rule its candidates, and what to do when it brings too many.
struct Source {
  std::string name;
  std::string_view advice;
};

Source SourceOf(const Rule& rule) {
  const auto listed = [](std::string_view kind, const std::vector<std::string>& texts) {
    return fmt::format("{} '{}'{}", kind, texts[0], texts.size() > 1 ? " or another" : "");
  };
  if (!rule.prefilter.empty()) return {"its prefilter", "ask for more of what stands around the value"};
  if (!rule.triggers.empty()) {
    return {listed("its trigger", rule.triggers), "give longer or rarer 'triggers', or a 'prefilter'"};
  }
  return {listed("its name", rule.near), "give longer or rarer names"};
}

}  // namespace

void CheckSelectivity(const RuleSet& rules, const Database& database, Errors* errors) {
  // Without Hyperscan nothing is counted: RE2 then looks at everything, whatever the triggers are.
  if (!database.impl().uses_hyperscan) return;
  scan::CandidateFinder finder(database.impl());
  bool found_all = true;
  std::vector<scan::Candidate> candidates;
  scan::Survey survey;
  const auto count = [&](std::string_view text, std::vector<std::size_t>* count_of) {
    survey.Make(text);
    found_all = finder.FindAnywhere(text, /*paths=*/true, &candidates) && found_all;
    found_all = finder.FindAround(text, survey.dense, &candidates) && found_all;
    for (const scan::Candidate& candidate : candidates) {
      for (const std::uint32_t rule : database.impl().image.RulesOf(candidate.expression)) ++(*count_of)[rule];
    }
  };
  std::vector<std::size_t> in_packs(database.size());
  std::size_t bytes = 0;
  for (const RuleFile& file : DefaultPacks()) {
    count(file.bytes, &in_packs);
    bytes += file.bytes.size();
  }
  std::vector<std::size_t> in_words(database.size());
  count(kWordsOfCode, &in_words);
  if (!found_all) {
    errors->push_back({ErrorCode::kIncomplete, "", "out of memory for the scan"});
    return;
  }

  for (std::size_t i = 0; i < rules.rules().size(); ++i) {
    const Rule& rule = rules.rules()[i];
    const double per_megabyte = static_cast<double>(in_packs[i]) * 1e6 / static_cast<double>(bytes);
    const double most_dense = rule.prefilter.empty() ? kMostDense : kMostDensePrefilter;
    const double most = rule.dense ? most_dense : kMostEverywhere;
    const bool is_word = !rule.dense && in_words[i] > 0;
    if (per_megabyte <= most && !is_word) continue;
    const Source source = SourceOf(rule);
    const std::string where =
        per_megabyte > most
            ? fmt::format("{:.0f} times in a megabyte of ordinary text, more than {:.0f}", per_megabyte, most)
            : "in the words that every source file is made of (return, class, string, …)";
    errors->push_back({ErrorCode::kConfig, rule.origin,
                       fmt::format("{}: {} stands {}: {}", rule.id, source.name, where, source.advice)});
  }
}

void CheckSizes(const Rule& rule, Errors* errors) {
  const auto fail = [&](std::string_view cause) {
    errors->push_back({ErrorCode::kConfig, rule.origin, fmt::format("{}: {}", rule.id, cause)});
  };
  for (const std::string& trigger : rule.triggers) {
    if (trigger.size() >= kFewestBytes) continue;
    fail(fmt::format("trigger '{}' is shorter than {} bytes: give a prefilter", trigger, kFewestBytes));
  }
  if (!rule.prefilter.empty() && MinLength(rule.prefilter) < kFewestBytes) {
    fail(fmt::format("its prefilter matches in fewer than {} bytes: ask for more of what stands around the value",
                     kFewestBytes));
  }
  const auto check = [&](std::string_view key, const std::string& expression, std::size_t most) {
    const std::optional<std::size_t> size = ProgramSize(expression);
    if (size && *size <= most) return;
    fail(fmt::format("its {} is too large to be quick: {}, more than {}: make the numbers in {{n,m}} smaller", key,
                     size ? Counted(*size, "instruction") : "of a size that RE2 has no memory for",
                     Counted(most, "instruction")));
  };
  check("regex", rule.regex, kMostInstructions);
  if (!rule.prefilter.empty()) check("prefilter", rule.prefilter, kMostPrefilterInstructions);
  for (const std::string& expression : rule.reject) check("reject", expression, kMostInstructions);
}

}  // namespace sluice::cli
