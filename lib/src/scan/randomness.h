// Keys told from words, by a model of the pairs of characters that people write.
#ifndef SLUICE_SCAN_RANDOMNESS_H_
#define SLUICE_SCAN_RANDOMNESS_H_

#include <cstddef>
#include <string_view>

namespace sluice::scan {

// How much more random than written `text` is, in bits a character: the log-likelihood of its characters being drawn
// evenly from their alphabet (hexadecimal, letters of one case and digits, or all) over that of English words and
// identifiers of source code. Around 1 to 2 for keys of 16 characters and more, around -1 for identifiers; 0 for the
// empty text. Lower for shorter ones. benchmarks/randomness.cc compares it with Shannon's entropy.
[[nodiscard]] double Randomness(std::string_view text);

// False for what is clearly written by a person: at a limit that keeps 99.5% of random values of `text`'s length.
[[nodiscard]] bool LooksRandom(std::string_view text);

// Does a stretch of kRandomStretch characters of `run` look drawn: is it of hexadecimal digits and hyphens, or are its
// characters as unlikely to follow each other as in random values? False for most identifiers, of random values of 16
// small letters and digits for one in 250, of 20 for one in 1,000; of letters of both cases and digits for one in 1,000
// of 16, and one in 6,000 of 20. One pass, until there is such a stretch.
inline constexpr std::size_t kRandomStretch = 14;
[[nodiscard]] bool HoldsRandomStretch(std::string_view run);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_RANDOMNESS_H_
