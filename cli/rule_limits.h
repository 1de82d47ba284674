// What a rule may cost: the limits that `sluice rules check` holds. A scan takes any rule that compiles.
#ifndef SLUICE_CLI_RULE_LIMITS_H_
#define SLUICE_CLI_RULE_LIMITS_H_

#include "sluice/database.h"
#include "sluice/result.h"
#include "sluice/rule_set.h"

namespace sluice::cli {

// Appends an error for each rule whose triggers, prefilter or names are found all over ordinary text.
// REQUIRES: `database` is that of `rules`.
void CheckSelectivity(const RuleSet& rules, const Database& database, Errors* errors);

// Appends an error for each trigger or prefilter that is too short to be rare, and for each expression that is too
// large to be quick.
void CheckSizes(const Rule& rule, Errors* errors);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_RULE_LIMITS_H_
