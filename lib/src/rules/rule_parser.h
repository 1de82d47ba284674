// Rules out of TOML text. The only file, with config_parser.cc, that sees the TOML library.
#ifndef SLUICE_RULES_RULE_PARSER_H_
#define SLUICE_RULES_RULE_PARSER_H_

#include <string_view>
#include <vector>

#include "sluice/result.h"
#include "sluice/rule.h"
#include "sluice/rule_set.h"

namespace sluice {

// Appends the rules of `file` to `rules` and what is wrong with it to `errors`. A syntax error spoils only the [[rule]]
// it stands in: the others are still checked, so that a person sees every mistake at once.
void ParseRuleFile(const RuleFile& file, std::vector<Rule>* rules, Errors* errors);

}  // namespace sluice

#endif  // SLUICE_RULES_RULE_PARSER_H_
