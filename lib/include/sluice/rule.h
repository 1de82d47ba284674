// Rule: one entry of a rule pack, as in its TOML file, checked. patterns/README.md describes the file format.
#ifndef SLUICE_RULE_H_
#define SLUICE_RULE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

// What a leak would cost.
enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };
// How sure we are that the value is what the rule says.
enum class Confidence : std::uint8_t { kLow, kMedium, kHigh };

[[nodiscard]] std::string_view ToString(Severity severity);
[[nodiscard]] std::string_view ToString(Confidence confidence);

// What it means to a rule that a value is a strong password (scan/evidence.h).
enum class StrongPassword : std::uint8_t {
  kAny,       // Nothing.
  kSurer,     // One step more confidence.
  kRequired,  // All others are dropped.
};
// As in the file; "" for kAny.
[[nodiscard]] std::string_view ToString(StrongPassword strong);

// A piece of text that shows a rule at work. In the file `«…»` marks each secret and `¦` is dropped, so that no file
// holds a complete one; here both are gone and `secrets` holds their byte ranges [begin, end) in `text`.
struct RuleExample {
  std::string text;
  std::string path;  // The file name the text is scanned under; empty when the rule does not look at paths.
  std::vector<std::pair<std::size_t, std::size_t>> secrets;
  int line = 0;  // Of the example in its rule file, from 1.

  bool operator==(const RuleExample&) const = default;
};

// The longest match of a rule that is looked for only around dense values.
inline constexpr std::uint32_t kMaxDenseMatch = 640;

// How far apart, in lines, the parts of one credential stand.
inline constexpr std::size_t kPairLines = 12;

struct Rule {
  std::string id;           // "github-classic-pat": lower case letters, digits and hyphens, unique in a set.
  std::string pack;         // "secrets/github".
  std::string description;  // One line, for a person: "GitHub personal access token (classic)".
  std::string remediation;  // What to do when it leaked: where to revoke.
  std::string regex;        // RE2 syntax.
  int group = 0;            // The capture group that is the secret; 0 is the whole match.
  Severity severity = Severity::kHigh;
  Confidence confidence = Confidence::kHigh;

  // At least one of these literals stands in every match of `regex`. Found in the regex when the file names none.
  // Empty when `prefilter` or `near` is given.
  std::vector<std::string> triggers;
  bool triggers_ignore_case = false;
  // Instead of triggers: an expression, in the common ground of Hyperscan and RE2, that matches somewhere in (or
  // ends inside of) every match of `regex`. For rules whose literals alone occur everywhere.
  std::string prefilter;
  // The longest match in bytes. Computed where the regex is bounded.
  std::uint32_t max_length = 0;

  // A value without a prefix of its own: a provider's name that must stand near it (patterns/README.md says what near
  // is). These names are then the triggers, and `regex` matches the value alone.
  std::vector<std::string> near;
  bool near_is_common = false;     // The names are ordinary words, too: only a key around the value counts.
  std::vector<std::string> words;  // When not empty, one of them stands in the value's key.
  std::string shape;               // Of the compact form ([[credential]]); `regex` was made from it.
  // What the values of the shape are made of (bit c for character c), and the length of the shortest; 0 is unknown.
  std::array<std::uint64_t, 4> alphabet{};
  std::uint32_t min_length = 0;
  // The value holds a dense run (scan/dense.h), and no match is longer than kMaxDenseMatch: `near` and `prefilter` are
  // looked for only around such runs.
  bool dense = false;
  bool is_fallback = false;  // Any other rule in the same place is more specific.
  // Such values are often made for tests: in tests and documentation, by the path, a finding is of low confidence.
  bool fixtures = false;

  // Ids of rules whose values are the other part of a credential (a key's id, a login's name). With one of them within
  // kPairLines lines this one is certain.
  std::vector<std::string> pairs;

  double min_entropy = 0;  // Shannon, bits a byte, of the secret; 0 asks nothing.
  std::string check;       // Name of an offline check (checks.h); empty is none.
  bool random = false;     // Drop what looks written by a person: words, identifiers.
  StrongPassword strong = StrongPassword::kAny;
  bool placeholders = true;                // Drop documented samples, "changeme", "xxxx", "${VAR}" and the like.
  std::vector<std::string> reject;         // RE2; a secret in which one of them matches is dropped.
  std::vector<std::string> include_paths;  // Globs (gitignore syntax, whatever the case); empty means every path.
  std::vector<std::string> exclude_paths;

  std::vector<RuleExample> examples;
  std::vector<RuleExample> counter_examples;
  std::vector<std::string> references;
  std::vector<std::string> tags;
  std::string origin;  // "patterns/secrets/github.toml:12".

  bool operator==(const Rule&) const = default;
};

}  // namespace sluice

#endif  // SLUICE_RULE_H_
