// Tells a person whose comment was meant to accept a finding, and does not, how it is written.
#ifndef SLUICE_HOOK_ALLOW_HINT_H_
#define SLUICE_HOOK_ALLOW_HINT_H_

#include <string_view>
#include <vector>

#include "sluice/config.h"
#include "sluice/finding.h"

namespace sluice {

// Fills in the `hint` of each of the new findings of one file on whose lines, or beside them, stands what looks like an
// allow comment. `bytes` is the whole file; in another encoding than UTF-8 there is no hint.
void HintAtComments(std::string_view bytes, const Setup& setup, std::vector<Finding>* findings);

}  // namespace sluice

#endif  // SLUICE_HOOK_ALLOW_HINT_H_
