// Candidates become matches: RE2 agrees, the check holds, the value is no placeholder.
#ifndef SLUICE_SCAN_CONFIRM_H_
#define SLUICE_SCAN_CONFIRM_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/compiled_rule.h"
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

// A stretch of text in which a rule may match.
struct View {
  std::size_t begin;
  std::size_t end;
};

// Appends the matches of `rule` that lie in `view` of `text` to `matches`. Linear in the view. A match sees the text
// around the view (for \b, ^ and $), but does not reach out of it.
void Confirm(const engine::CompiledRule& rule, std::string_view text, View view, std::vector<Match>* matches);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_CONFIRM_H_
