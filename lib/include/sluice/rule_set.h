// RuleSet: rules read from TOML files, all of them checked.
//
//   std::string bytes = …;  // of "acme.toml"
//   Result<RuleSet, Errors> rules = RuleSet::Parse({{RuleFile{"acme.toml", bytes}}});
//   if (!rules) for (const Error& e : rules.error()) std::cerr << e.ToString() << '\n';
//
// Immutable; share it between threads.
#ifndef SLUICE_RULE_SET_H_
#define SLUICE_RULE_SET_H_

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/result.h"
#include "sluice/rule.h"

namespace sluice {

struct RuleFile {
  std::string name;        // For messages: "patterns/secrets/github.toml".
  std::string_view bytes;  // Borrowed for the call.
};

class RuleSet {
 public:
  RuleSet() = default;

  // All mistakes of all files are reported (file, line, rule, cause), not only the first. Rules keep the order of the
  // files and of their places in them.
  static Result<RuleSet, Errors> Parse(std::span<const RuleFile> files);

  // A set of some rules of other sets, which are known to be right. REQUIRES: their ids differ.
  explicit RuleSet(std::vector<Rule> rules) : rules_(std::move(rules)) {}

  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  // nullptr when there is none of that id.
  [[nodiscard]] const Rule* Find(std::string_view id) const;

  // How this may find less than `before` would: "takes away 1 rule (a), changes 2 rules (b, c)"; empty when it
  // surely does not. What an expression matches cannot be compared, so any change of one counts.
  [[nodiscard]] std::string LooserThan(const RuleSet& before) const;

 private:
  std::vector<Rule> rules_;
};

}  // namespace sluice

#endif  // SLUICE_RULE_SET_H_
