// Examples for the compact form: a made-up value of the shape in surroundings in which people write such values.
#ifndef SLUICE_RULES_MADE_UP_EXAMPLES_H_
#define SLUICE_RULES_MADE_UP_EXAMPLES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/rule.h"

namespace sluice {

// Gives `rule` examples and counter-examples where its file has none; they count as of `line`. The same rule gets the
// same ones.
// REQUIRES: rule->shape is right.
void MakeUpExamples(std::string_view provider, int line, Rule* rule);

// Number of different surroundings of MakeUpExample() for this rule.
[[nodiscard]] std::size_t SurroundingCount(const Rule& rule);

// A value of the rule's shape, made from `seed`, in one of the surroundings: source in several languages, settings,
// shell, logs. `name` is how the provider is called there. REQUIRES: the shape is right;
// surrounding < SurroundingCount(rule).
[[nodiscard]] RuleExample MakeUpExample(const Rule& rule, std::string_view name, std::size_t surrounding,
                                        std::uint64_t seed);

}  // namespace sluice

#endif  // SLUICE_RULES_MADE_UP_EXAMPLES_H_
