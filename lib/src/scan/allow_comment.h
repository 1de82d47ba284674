// `sluice:allow` comments: a person accepts the finding that they stand beside.
#ifndef SLUICE_SCAN_ALLOW_COMMENT_H_
#define SLUICE_SCAN_ALLOW_COMMENT_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice::scan {

struct AllowComment {
  std::string_view rule_id;  // Empty: every rule.
  std::string_view reason;   // As it stands in the line: it may hold a secret.
};

using IsRule = std::function<bool(std::string_view id)>;

// What stands behind a mark: "jwt, my-rule both made up". A word alone is taken as an id, whether or not it is a
// rule's; what follows a comma, only when all are: a reason may have commas, too.
struct AllowedIds {
  std::vector<std::string_view> ids;
  std::string_view rest;  // What is behind them.
};
[[nodiscard]] AllowedIds ReadAllowedIds(std::string_view words, const IsRule& is_rule);

// The characters of rule ids that `text` begins with.
[[nodiscard]] std::string_view LeadingId(std::string_view text);

// The comment of `text` that accepts a finding of `rule_id` whose value is [begin, end), or nullopt. `sluice:allow` and
// `gitleaks:allow` alone accept every rule; `sluice:allow rule-id, rule-id reason…` only those. A first word that is
// not a rule's id accepts nothing: it may be a misspelt one. A string does as well as a comment: JSON has nothing else.
[[nodiscard]] std::optional<AllowComment> FindAllowComment(std::string_view text, std::size_t begin, std::size_t end,
                                                           std::string_view rule_id, const IsRule& is_rule);

// Whether [at, behind) of `text` is where a mark accepts the value [begin, end): on its line, but not in it.
//
// A value of several lines often has no room beside it: a comment is part of the key, or of the string around it. There
// a mark counts
// - on its first and its last line, also in it;
// - alone on the line above;
// - where the line above only opens it (`key: |`, `KEY = """`), behind that, or alone on the line above that one;
// - behind the quote or bracket that closes it on the line below.
// In the middle of it, none counts: it may be text that came with the value.
[[nodiscard]] bool AcceptsFrom(std::string_view text, std::size_t begin, std::size_t end, std::size_t at,
                               std::size_t behind);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_ALLOW_COMMENT_H_
