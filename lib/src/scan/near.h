// Is a value a provider's? A value without a prefix of its own is told by what stands around it: the provider's name
// in the same assignment, on the same line, in the key or comment above, or in the same block.
#ifndef SLUICE_SCAN_NEAR_H_
#define SLUICE_SCAN_NEAR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "scan/view.h"

namespace sluice::scan {

// How far from a value a name counts. Candidates are looked at within this distance.
inline constexpr std::size_t kNearBefore = 640;
inline constexpr std::size_t kNearBehind = 200;
inline constexpr std::size_t kLongestName = 64;

struct NearRule {
  std::span<const std::string_view> names;  // Lower case; a space stands for at most one of "_-. ".
  // The names are ordinary words too: only one in the value's own key, or in a key around it, counts.
  bool common = false;
  std::span<const std::string_view> words;  // When not empty, one of them must stand in the value's key.
};

enum class Nearness : unsigned char {
  kNone,
  kLoose,  // The name is there, but nothing says that the value is a credential.
  kClose,
};

struct NearResult {
  Nearness nearness = Nearness::kNone;
  std::size_t distance = 0;  // Bytes between the name and the value: of two providers the closer one counts.
};

// Looks around the value [begin, end) of `text`. Bounded work: at most kNearBefore + kNearBehind bytes per name.
[[nodiscard]] NearResult FindNear(std::string_view text, std::size_t begin, std::size_t end, const NearRule& rule);

// True when the key of the value that begins at `begin` names a token that opens nothing: next_page_token, csrfToken.
[[nodiscard]] bool HasPassingKey(std::string_view text, std::size_t begin);

// True when what begins at `begin` is no value but the operator behind a shell's variable, and what that gives:
// ${NAME:-default}, ${NAME:?message}.
[[nodiscard]] bool IsOperatorOfVariable(std::string_view text, std::size_t begin);

// A set of characters: bit c for character c.
using CharacterSet = std::array<std::uint64_t, 4>;

// The first stretch of at least `least` characters of `set` that ends in (begin, end] of `text`, as long as it is
// there; empty (at `end`) when there is none. No expression need look elsewhere, and around most names there is none.
// Looks at few of the bytes: every least-th, mostly. REQUIRES: least > 0.
[[nodiscard]] View FindRun(std::string_view text, std::size_t begin, std::size_t end, const CharacterSet& set,
                           std::size_t least);

// Where `name` ends in `text` when it begins at `at`, or npos. Ignores case; a space in `name` matches "", "_", "-",
// "." or " ".
[[nodiscard]] std::size_t MatchName(std::string_view text, std::size_t at, std::string_view name);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_NEAR_H_
