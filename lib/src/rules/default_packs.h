// The text of the packs that Database::Default() was compiled from: what `sluice rules` shows and tests.
#ifndef SLUICE_RULES_DEFAULT_PACKS_H_
#define SLUICE_RULES_DEFAULT_PACKS_H_

#include <vector>

#include "sluice/rule_set.h"

namespace sluice {

[[nodiscard]] std::vector<RuleFile> DefaultPacks();

}  // namespace sluice

#endif  // SLUICE_RULES_DEFAULT_PACKS_H_
