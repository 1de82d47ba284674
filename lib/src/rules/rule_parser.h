// Rules out of TOML text.
#ifndef SLUICE_RULES_RULE_PARSER_H_
#define SLUICE_RULES_RULE_PARSER_H_

#include <string_view>
#include <vector>

#include "rules/table_reader.h"
#include "sluice/result.h"
#include "sluice/rule.h"
#include "sluice/rule_set.h"

namespace sluice {

// Adds the [lists] of `file` to `common` and what is wrong with them to `errors`. A file with a syntax error has none:
// that is said when its rules are read.
void ParseLists(const RuleFile& file, Common* common, Errors* errors);

// Appends the rules of `file` to `rules` and what is wrong with it to `errors`. A syntax error spoils only the [[rule]]
// it stands in: the others are still checked, so that a person sees every mistake at once. It stops where `errors` are
// too many or what is left in `common` too little; that is among the errors.
void ParseRuleFile(const RuleFile& file, Common* common, std::vector<Rule>* rules, Errors* errors);

}  // namespace sluice

#endif  // SLUICE_RULES_RULE_PARSER_H_
