// Keys told from words, by a model of the pairs of characters that people write.
#ifndef SLUICE_SCAN_RANDOMNESS_H_
#define SLUICE_SCAN_RANDOMNESS_H_

#include <string_view>

namespace sluice::scan {

// How much more random than written `text` is, in bits a character: the log-likelihood of its characters being drawn
// evenly from their alphabet (hexadecimal, letters of one case and digits, or all) over that of English words and
// identifiers of source code. Around 1 to 2 for keys of 16 characters and more, around -1 for identifiers; 0 for the
// empty text. Lower for shorter ones. benchmarks/randomness.cc compares it with Shannon's entropy.
[[nodiscard]] double Randomness(std::string_view text);

// False for what is clearly written by a person: at a limit that keeps 99.5% of random values of `text`'s length.
[[nodiscard]] bool LooksRandom(std::string_view text);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_RANDOMNESS_H_
