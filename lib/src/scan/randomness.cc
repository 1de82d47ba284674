#include "scan/randomness.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sluice::scan {

namespace {

// Symbols of the model: 0 is the beginning, 1 to 52 the letters, then all digits, then all else.
constexpr std::size_t kDigit = 53;
constexpr std::size_t kOther = 54;
constexpr std::size_t kSymbols = 55;
// By the symbol before and the symbol: log2 of how often a character follows, in eighths of a bit.
constexpr std::int8_t kLogShare[kSymbols][kSymbols] = {
#include "scan/randomness_table.inc"
};
constexpr double kUnitsPerBit = 8;

constexpr double kHexBits = 4;
constexpr double kOneCaseBits = 5.17;  // log2(36)
constexpr double kAllBits = 6;

std::size_t SymbolOf(char c) {
  if (c >= 'a' && c <= 'z') return static_cast<std::size_t>(c - 'a') + 1;
  if (c >= 'A' && c <= 'Z') return static_cast<std::size_t>(c - 'A') + 27;
  return c >= '0' && c <= '9' ? kDigit : kOther;
}

double BitsPerCharacter(std::string_view text) {
  bool lower = false;
  bool upper = false;
  bool is_hex = true;
  for (const char c : text) {
    lower = lower || (c >= 'a' && c <= 'z');
    upper = upper || (c >= 'A' && c <= 'Z');
    is_hex = is_hex && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
  }
  if (is_hex && !(lower && upper)) return kHexBits;
  return lower && upper ? kAllBits : kOneCaseBits;
}

}  // namespace

double Randomness(std::string_view text) {
  if (text.empty()) return 0;
  int units = 0;
  std::size_t previous = 0;
  for (const char c : text) {
    const std::size_t symbol = SymbolOf(c);
    units += kLogShare[previous][symbol];
    previous = symbol;
  }
  return -units / kUnitsPerBit / static_cast<double>(text.size()) - BitsPerCharacter(text);
}

bool LooksRandom(std::string_view text) {
  // Measured on even draws from base62, base36 and hex (benchmarks/randomness.cc): 0.5% of those of n characters lie
  // below. Short values vary more.
  if (text.size() < 12) return Randomness(text) > -0.4;
  return Randomness(text) > (text.size() < 20 ? 0.0 : text.size() < 32 ? 0.3 : 0.5);
}

}  // namespace sluice::scan
