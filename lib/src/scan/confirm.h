// Candidates become matches: RE2 agrees, the check holds, the value is no placeholder.
#ifndef SLUICE_SCAN_CONFIRM_H_
#define SLUICE_SCAN_CONFIRM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/compiled_rule.h"
#include "scan/view.h"
#include "sluice/rule.h"

namespace sluice::scan {

// RE2 agreed; the exact range of the secret in the text.
struct Match {
  const engine::CompiledRule* rule;
  std::size_t begin;
  std::size_t end;
  Confidence confidence;
  std::string note;
  std::size_t distance = 0;  // To the provider's name, for rules that ask for one.
  // The value in plain form when the text has it encoded; [begin, end) is then where the code stands.
  std::string decoded;
};

// What became of one value that a rule's expression found, for `sluice explain`.
struct Step {
  const engine::CompiledRule* rule;
  std::size_t begin;
  std::size_t end;
  std::string outcome;  // "entropy 2.13 is below 3.00"; never the value.
  bool kept;
  Confidence confidence = Confidence::kLow;  // Where it is kept.
  std::string_view expression = {};          // Of the rule's `reject`, the one that matches. Borrowed from the rule.
};

// Appends the matches of `rule` that lie in `view` of `text` to `matches`. Linear in the view. A match sees the text
// around the view (for \b, ^ and $), but does not reach out of it.
// Stops when `matches` holds `most_matches`.
// `steps`, when not null, receives every value that the expression found, and what became of it.
void Confirm(const engine::CompiledRule& rule, std::string_view text, View view, std::size_t most_matches,
             std::vector<Match>* matches, std::vector<Step>* steps);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_CONFIRM_H_
