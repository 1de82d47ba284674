#include "sluice/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/counted.h"
#include "rules/rule_parser.h"

namespace sluice {

namespace {

// Nothing but words and levels differ, and no level is lower.
bool FindsAsMuch(const Rule& rule, const Rule& before) {
  if (rule.severity < before.severity || rule.confidence < before.confidence) return false;
  Rule same = before;
  same.severity = rule.severity;
  same.confidence = rule.confidence;
  same.pack = rule.pack;
  same.description = rule.description;
  same.remediation = rule.remediation;
  same.examples = rule.examples;
  same.counter_examples = rule.counter_examples;
  same.references = rule.references;
  same.tags = rule.tags;
  same.origin = rule.origin;
  return same == rule;
}

}  // namespace

Result<RuleSet, Errors> RuleSet::Parse(std::span<const RuleFile> files) {
  std::vector<Rule> rules;
  Errors errors;
  Common common;
  for (const RuleFile& file : files) ParseLists(file, &common, &errors);
  for (const RuleFile& file : files) ParseRuleFile(file, &common, &rules, &errors);

  std::map<std::string_view, const Rule*> first_of_id;
  for (const Rule& rule : rules) {
    const auto [first, is_new] = first_of_id.emplace(rule.id, &rule);
    if (is_new || errors.size() >= kMostErrors) continue;
    errors.push_back({ErrorCode::kConfig, rule.origin,
                      fmt::format("{}: duplicate id; it is also at {}", rule.id, first->second->origin)});
  }
  if (errors.size() >= kMostErrors) {
    errors.push_back({ErrorCode::kConfig, "", "there may be more mistakes: mend these first"});
  }
  if (!errors.empty()) return errors;
  return RuleSet(std::move(rules));
}

const Rule* RuleSet::Find(std::string_view id) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules_.end() ? nullptr : &*found;
}

std::string RuleSet::LooserThan(const RuleSet& before) const {
  std::map<std::string_view, const Rule*> by_id;
  for (const Rule& rule : rules_) by_id.emplace(rule.id, &rule);
  std::vector<std::string> gone;
  std::vector<std::string> changed;
  for (const Rule& rule : before.rules_) {
    const auto now = by_id.find(rule.id);
    if (now == by_id.end()) {
      gone.push_back(rule.id);
    } else if (!FindsAsMuch(*now->second, rule)) {
      changed.push_back(rule.id);
    }
  }
  std::string changes;
  if (!gone.empty()) changes = "takes away " + CountedNames(gone, "rule");
  if (!changed.empty()) changes += (changes.empty() ? "changes " : ", changes ") + CountedNames(changed, "rule");
  return changes;
}

}  // namespace sluice
