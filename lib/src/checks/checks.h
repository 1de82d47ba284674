// Offline checks of a credential's own structure: checksums that verify, encodings that parse.
//
//   const checks::Check* check = checks::Find("github-crc32");
//   checks::Outcome outcome = check->run(secret, context);
//
// Thread rule: pure functions.
#ifndef SLUICE_CHECKS_CHECKS_H_
#define SLUICE_CHECKS_CHECKS_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sluice::checks {

enum class Verdict : std::uint8_t {
  kRejected,   // It cannot be a credential of this kind: drop the match.
  kDoubtful,   // The check failed but the vendor has not published it: lower the confidence by one step.
  kUnknown,    // The check says nothing about this value: the rule's own confidence stands.
  kPlausible,  // The structure parses: the rule's own confidence stands.
  kVerified,   // A checksum of 24 bits or more holds: certain; confidence becomes high and no placeholder or entropy
               // test is made.
};

struct Outcome {
  Verdict verdict = Verdict::kUnknown;
  // A fact worth reporting that is no secret ("AWS account 123456789012", "expired 2024-02-03"), or empty.
  std::string note;
};

struct Check {
  std::string_view name;     // As in `check = "…"`.
  std::string_view summary;  // One line for `rules show`.
  // `secret`: the matched group. `match`: the whole match of the rule, which contains it.
  Outcome (*run)(std::string_view secret, std::string_view match);
};

// All checks, sorted by name.
std::span<const Check> All();
// nullptr when there is none of that name.
const Check* Find(std::string_view name);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_CHECKS_H_
