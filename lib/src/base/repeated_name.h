// Names of rules, keys and commands that somebody wrote and nobody knows, in messages: what is not made like one may be
// a password in the wrong place.
#ifndef SLUICE_BASE_REPEATED_NAME_H_
#define SLUICE_BASE_REPEATED_NAME_H_

#include <string>
#include <string_view>

namespace sluice {

// Whether `text` is made like our names: small letters and hyphens or underscores; digits in names of several words
// only, and few.
[[nodiscard]] bool IsLikeAName(std::string_view text);

// What a message repeats of it: " 'acme-key'", or `otherwise` when it is not made like a name.
[[nodiscard]] std::string RepeatedName(std::string_view text, std::string_view otherwise = " of that name");

}  // namespace sluice

#endif  // SLUICE_BASE_REPEATED_NAME_H_
