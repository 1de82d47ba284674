// Marvin32, the seeded hash of .NET, which Microsoft puts into its keys as a checksum.
#ifndef SLUICE_CHECKS_MARVIN_H_
#define SLUICE_CHECKS_MARVIN_H_

#include <cstdint>
#include <string_view>

namespace sluice::checks {

[[nodiscard]] std::uint64_t Marvin64(std::string_view bytes, std::uint64_t seed);
// Both halves of Marvin64, XORed.
[[nodiscard]] std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed);
// The seed as its owner writes it: 8 ASCII characters ("Default0"), read as a big-endian number.
[[nodiscard]] std::uint64_t MarvinSeed(std::string_view eight_chars);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_MARVIN_H_
