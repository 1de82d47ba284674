// A rule ready to confirm candidates: its expressions compiled, its check looked up.
#ifndef SLUICE_ENGINE_COMPILED_RULE_H_
#define SLUICE_ENGINE_COMPILED_RULE_H_

#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "checks/checks.h"
#include "rules/regex_facts.h"
#include "sluice/database.h"

namespace sluice::engine {

struct CompiledRule {
  explicit CompiledRule(RuleInfo rule)
      : info(std::move(rule)),
        regex(re2::StringPiece(info.regex.data(), info.regex.size()), RegexOptions()),
        check(info.check.empty() ? nullptr : checks::Find(info.check)) {
    for (const std::string_view expression : info.reject) {
      reject.push_back(std::make_unique<RE2>(re2::StringPiece(expression.data(), expression.size()), RegexOptions()));
    }
  }

  // False when the image was not made by this program: the rule cannot judge, which must be said.
  [[nodiscard]] bool ok() const {
    if (!regex.ok() || info.group > regex.NumberOfCapturingGroups()) return false;
    if (!info.check.empty() && check == nullptr) return false;
    for (const auto& expression : reject) {
      if (!expression->ok()) return false;
    }
    return true;
  }

  RuleInfo info;
  RE2 regex;
  std::vector<std::unique_ptr<RE2>> reject;
  const checks::Check* check;
};

}  // namespace sluice::engine

#endif  // SLUICE_ENGINE_COMPILED_RULE_H_
