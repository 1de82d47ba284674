// What must be known of a rule's expression before it is compiled for scanning.
#ifndef SLUICE_RULES_REGEX_FACTS_H_
#define SLUICE_RULES_REGEX_FACTS_H_

#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

// How every expression is compiled: bytes are bytes. In UTF-8 mode `[^a-z]` does not match a byte that is not UTF-8,
// and a token next to Latin-1 text would be missed; Hyperscan runs in byte mode as well.
[[nodiscard]] RE2::Options RegexOptions();

// RE2's reason, in the words of a rule author: names look-around and back-references as what they are.
[[nodiscard]] std::string RegexProblem(const RE2& regex);

// Literals of which at least one stands in every match, and whether they are to be compared without case.
struct Triggers {
  std::vector<std::string> literals;
  bool ignore_case = false;
};

// The most selective list that RE2's prefilter analysis finds. Empty when there is none of 3 bytes or more, or too many
// to choose from.
[[nodiscard]] Triggers FindTriggers(const std::string& regex);

// False when the analysis finds matches of `regex` in which none of `literals` stands: such a trigger would make the
// rule miss them silently.
[[nodiscard]] bool TriggersAreNecessary(const std::string& regex, const std::vector<std::string>& literals);

// The length in bytes of the longest match, or nullopt when there is no bound (or Hyperscan cannot tell).
[[nodiscard]] std::optional<std::uint32_t> MaxLength(const std::string& regex);

// The expression of capture group `group`, by itself; `regex` for 0 or where it cannot be told.
[[nodiscard]] std::string GroupExpression(const std::string& regex, int group);

// What every match begins with, in one spelling; as many bytes of it as matter, and "" when there is none.
[[nodiscard]] std::string LiteralPrefix(const std::string& regex);

// The length in bytes of the shortest match; 0 when Hyperscan cannot tell.
[[nodiscard]] std::uint32_t MinLength(const std::string& regex);

// The number of instructions in RE2's program for `expression`, forward or backward, whichever has more; nullopt when
// RE2 has no memory for one of them.
[[nodiscard]] std::optional<std::size_t> ProgramSize(const std::string& expression);

// Why `expression` cannot be a prefilter, or "" when it can.
[[nodiscard]] std::string PrefilterProblem(const std::string& expression);

// An expression that matches wherever `regex` does, and elsewhere, but whose program is much smaller: counts have no
// upper bound, and a low lower one. Empty when that would not make it much smaller.
[[nodiscard]] std::string Relaxed(const std::string& regex);

// True when any part of the expression ignores case.
[[nodiscard]] bool IgnoresCase(std::string_view regex);

}  // namespace sluice

#endif  // SLUICE_RULES_REGEX_FACTS_H_
