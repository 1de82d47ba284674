#include "scan/randomness.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/ascii.h"

namespace sluice::scan {

namespace {

// Symbols of the model: 0 is the beginning, 1 to 52 the letters, then all digits, then all else.
constexpr std::uint8_t kDigit = 53;
constexpr std::uint8_t kOther = 54;
constexpr std::size_t kSymbols = 55;
// By the symbol before and the symbol: log2 of how often a character follows, in eighths of a bit.
constexpr std::int8_t kLogShare[kSymbols][kSymbols] = {
#include "scan/randomness_table.inc"
};
constexpr double kUnitsPerBit = 8;

constexpr double kHexBits = 4;
constexpr double kOneCaseBits = 5.17;  // log2(36)
constexpr double kAllBits = 6;

constexpr std::array<std::uint8_t, 256> kSymbolOf = [] {
  std::array<std::uint8_t, 256> symbols{};
  for (std::size_t c = 0; c < symbols.size(); ++c) {
    symbols[c] = c >= 'a' && c <= 'z'   ? static_cast<std::uint8_t>(c - 'a' + 1)
                 : c >= 'A' && c <= 'Z' ? static_cast<std::uint8_t>(c - 'A' + 27)
                 : c >= '0' && c <= '9' ? kDigit
                                        : kOther;
  }
  return symbols;
}();
std::size_t SymbolOf(char c) { return kSymbolOf[static_cast<unsigned char>(c)]; }

double BitsPerCharacter(std::string_view text) {
  bool lower = false;
  bool upper = false;
  bool is_hex = true;
  for (const char c : text) {
    lower = lower || IsLower(c);
    upper = upper || IsUpper(c);
    is_hex = is_hex && IsHexDigit(c);
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

namespace {

// Looks at every kRandomStretch-th character first: each stretch has one of them.
bool HoldsHexStretch(std::string_view run) {
  const auto belongs = [&](std::size_t i) { return IsHexDigit(run[i]) || run[i] == '-'; };
  for (std::size_t last = kRandomStretch - 1; last < run.size();) {
    std::size_t begin = last + 1;
    while (begin + kRandomStretch > last + 1 && belongs(begin - 1)) --begin;
    const std::size_t length = last + 1 - begin;
    if (length == kRandomStretch) return true;
    last = begin - 1 + kRandomStretch;
  }
  return false;
}

bool HasBothCases(std::string_view text) {
  return std::any_of(text.begin(), text.end(), IsUpper) && std::any_of(text.begin(), text.end(), IsLower);
}

}  // namespace

bool HoldsRandomStretch(std::string_view run) {
  // Bits a character, over those that follow another one in the stretch. Higher, it loses values (dense_test.cc);
  // lower, more identifiers pass (dense_percent of scan_benchmark).
  constexpr double kLeastBits = 5.5;
  // Random values of both cases have more than that, and most identifiers that pass do not.
  constexpr double kLeastOfBothCases = 6.0;
  const auto units_of = [](double bits) { return static_cast<int>(bits * kUnitsPerBit * (kRandomStretch - 1)); };
  const int least_units = units_of(kLeastBits);
  const auto units_at = [&](std::size_t i) { return -kLogShare[SymbolOf(run[i - 1])][SymbolOf(run[i])]; };
  if (run.size() < kRandomStretch) return false;
  int units = 0;  // Of the characters of the stretch but its first.
  for (std::size_t i = 1; i < kRandomStretch; ++i) units += units_at(i);
  std::size_t end = kRandomStretch;
  const auto looks_drawn = [&] {
    return units >= least_units &&
           (units >= units_of(kLeastOfBothCases) || !HasBothCases(run.substr(end - kRandomStretch, kRandomStretch)));
  };
  for (; !looks_drawn() && end < run.size(); ++end) units += units_at(end) - units_at(end - kRandomStretch + 1);
  return looks_drawn() || HoldsHexStretch(run);
}

}  // namespace sluice::scan
