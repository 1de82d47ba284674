// A rule ready to confirm candidates: its expressions compiled, its check looked up.
#ifndef SLUICE_ENGINE_COMPILED_RULE_H_
#define SLUICE_ENGINE_COMPILED_RULE_H_

#include <re2/re2.h>

#include <utility>

#include "checks/checks.h"
#include "engine/regex_pool.h"
#include "rules/regex_facts.h"
#include "sluice/database.h"

namespace sluice::engine {

struct CompiledRule {
  // `pool` is borrowed.
  CompiledRule(RuleInfo rule, RegexPool* shared)
      : info(std::move(rule)),
        regex(re2::StringPiece(info.regex.data(), info.regex.size()), RegexOptions()),
        check(info.check.empty() ? nullptr : checks::Find(info.check)),
        pool(shared) {}

  // False when the image was not made by this program: the rule cannot judge, which must be said.
  [[nodiscard]] bool ok() const {
    return regex.ok() && info.group <= regex.NumberOfCapturingGroups() && (info.check.empty() || check != nullptr);
  }

  RuleInfo info;
  RE2 regex;
  const checks::Check* check;
  RegexPool* pool;  // Of info.reject: few values get as far as that.
};

}  // namespace sluice::engine

#endif  // SLUICE_ENGINE_COMPILED_RULE_H_
