// What each rule costs in a scan, for `sluice rules cost`.
#ifndef SLUICE_CLI_RULE_COST_H_
#define SLUICE_CLI_RULE_COST_H_

#include <cstddef>
#include <string>
#include <vector>

#include "scan/view.h"
#include "sluice/result.h"
#include "sluice/rule_set.h"

namespace sluice::cli {

struct Corpus {
  struct File {
    std::string path;
    std::string text;
    std::vector<scan::View> dense;  // Of its survey.
  };
  std::vector<File> files;
  std::size_t bytes = 0;
};

struct RuleCost {
  const Rule* rule = nullptr;
  // Nanoseconds for 1,000 bytes, within the scan with all rules: this rule's part of the engine's pass, and the look at
  // its candidates.
  double engine = 0;
  double looking = 0;
  double candidates_per_megabyte = 0;
  std::size_t findings = 0;

  [[nodiscard]] double total() const { return engine + looking; }
};

struct Costs {
  std::vector<RuleCost> rules;  // The most expensive first.
  double scan = 0;              // Nanoseconds for 1,000 bytes, with all rules.
};

// Measures `rules`, which are the default rules or beside them. `rules` must outlive the costs.
Result<Costs> MeasureCosts(const RuleSet& rules, bool are_defaults, const Corpus& corpus);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_RULE_COST_H_
