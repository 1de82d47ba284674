// `sluice:allow` comments: a person accepts the finding on that line.
#ifndef SLUICE_SCAN_ALLOW_COMMENT_H_
#define SLUICE_SCAN_ALLOW_COMMENT_H_

#include <cstddef>
#include <optional>
#include <string_view>

namespace sluice::scan {

struct AllowComment {
  std::string_view rule_id;  // Empty: every rule.
  std::string_view reason;   // As it stands in the line: it may hold a secret.
};

// The comment that accepts a finding of `rule_id` on `line`, or nullopt. `sluice:allow` and `gitleaks:allow` alone
// accept every rule; `sluice:allow rule-id reason…` only that one. A first word that is not a rule's id accepts
// nothing: it may be a misspelt one. `[secret_begin, secret_end)` of the line is the value itself, in which no comment
// stands.
[[nodiscard]] std::optional<AllowComment> FindAllowComment(std::string_view line, std::size_t secret_begin,
                                                           std::size_t secret_end, std::string_view rule_id);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_ALLOW_COMMENT_H_
