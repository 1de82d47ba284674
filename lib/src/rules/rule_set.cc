#include "sluice/rule_set.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "rules/rule_parser.h"

namespace sluice {

Result<RuleSet, Errors> RuleSet::Parse(std::span<const RuleFile> files) {
  std::vector<Rule> rules;
  Errors errors;
  Lists lists;
  for (const RuleFile& file : files) ParseLists(file, &lists, &errors);
  for (const RuleFile& file : files) ParseRuleFile(file, lists, &rules, &errors);

  std::map<std::string_view, const Rule*> first_of_id;
  for (const Rule& rule : rules) {
    const auto [first, is_new] = first_of_id.emplace(rule.id, &rule);
    if (is_new) continue;
    errors.push_back({ErrorCode::kConfig, rule.origin,
                      fmt::format("{}: duplicate id; it is also at {}", rule.id, first->second->origin)});
  }
  if (!errors.empty()) return errors;
  return RuleSet(std::move(rules));
}

const Rule* RuleSet::Find(std::string_view id) const {
  const auto found = std::find_if(rules_.begin(), rules_.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == rules_.end() ? nullptr : &*found;
}

}  // namespace sluice
