#include "checks/marvin.h"

#include <bit>
#include <string>

#include "checks/encodings.h"

namespace sluice::checks {
namespace {

struct State {
  std::uint32_t p0;
  std::uint32_t p1;

  void Round() {
    p1 ^= p0;
    p0 = std::rotl(p0, 20) + p1;
    p1 = std::rotl(p1, 9) ^ p0;
    p0 = std::rotl(p0, 27) + p1;
    p1 = std::rotl(p1, 19);
  }
};

}  // namespace

std::uint64_t Marvin64(std::string_view bytes, std::uint64_t seed) {
  State state{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    state.p0 += ReadLittleEndian32(bytes, i);
    state.Round();
  }
  // The last 0 to 3 bytes, one byte 0x80, and zeros up to a word.
  std::string tail(bytes.substr(whole));
  tail += '\x80';
  tail.resize(4, '\0');
  state.p0 += ReadLittleEndian32(tail, 0);
  state.Round();
  state.Round();
  return (static_cast<std::uint64_t>(state.p1) << 32) | state.p0;
}

std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed) {
  const std::uint64_t hash = Marvin64(bytes, seed);
  return static_cast<std::uint32_t>(hash >> 32) ^ static_cast<std::uint32_t>(hash);
}

std::uint64_t MarvinSeed(std::string_view eight_chars) {
  std::uint64_t seed = 0;
  for (const char c : eight_chars) seed = (seed << 8) | static_cast<unsigned char>(c);
  return seed;
}

}  // namespace sluice::checks
