// `sluice rules …`: look at rule packs, check them, run their examples, measure what they cost.
#ifndef SLUICE_CLI_RULES_COMMAND_H_
#define SLUICE_CLI_RULES_COMMAND_H_

#include <string>
#include <vector>

namespace sluice::cli {

struct RulesArguments {
  std::vector<std::string> files;   // Empty: the default packs; of `list` and `show` what a scan here would use.
  std::string id;                   // Of `show`.
  std::vector<std::string> words;   // Of `list`: what stands in the id, pack, description or tags.
  std::string format = "text";      // Of `list` and `show`.
  std::vector<std::string> corpus;  // Of `cost`: files and folders.
};

// Each gives the exit code.
int ListRules(const RulesArguments& arguments);
int ShowRule(const RulesArguments& arguments);
int CheckRules(const RulesArguments& arguments);
int TestRules(const RulesArguments& arguments);
int CostOfRules(const RulesArguments& arguments);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_RULES_COMMAND_H_
