#include "scan/dense.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "scan/near.h"
#include "scan/randomness.h"
#include "sluice/rule.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kBits = 64;

// `bits`, each `count` places later, behind the bits of the word before.
std::uint64_t Later(std::uint64_t bits, std::uint64_t before, unsigned count) {
  __extension__ using TwoWords = unsigned __int128;  // Which compilers turn into one instruction.
  return static_cast<std::uint64_t>((TwoWords{bits} << kBits | before) >> (kBits - count));
}

// Sets in `ends`, by word, a bit for each byte behind the end of a run of base64 characters: of one of kLongRunBytes,
// or of one of kDenseBytes with a mix. No jump depends on the bits: in source code every third word has a run of
// kDenseBytes.
void FindRunEnds(const ByteClasses* classes, std::size_t words, std::uint64_t* ends) {
  static_assert(kDenseBytes == 14 && kLongRunBytes == 24);
  // Of the word before: set where the last 1, 2, 4, 7, 14 and 24 bytes are base64 characters.
  std::uint64_t was_1 = 0;
  std::uint64_t was_2 = 0;
  std::uint64_t was_4 = 0;
  std::uint64_t was_7 = 0;
  std::uint64_t was_14 = 0;
  std::uint64_t was_24 = 0;
  std::uint64_t has_mix = 0;  // 1 when the run that goes on has one.
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t in_1 = classes[i].base64;
    const std::uint64_t in_2 = in_1 & Later(in_1, was_1, 1);
    const std::uint64_t in_4 = in_2 & Later(in_2, was_2, 2);
    const std::uint64_t in_7 = in_4 & Later(in_4, was_4, 3);
    const std::uint64_t in_14 = in_7 & Later(in_7, was_7, 7);
    const std::uint64_t in_24 = in_14 & Later(in_14, was_14, 10);
    // A mix anywhere in a run makes this sum carry through the run's last bits to the one behind it.
    const std::uint64_t sum = in_1 + classes[i].mix;
    const std::uint64_t with_mix = sum + has_mix;
    has_mix = static_cast<std::uint64_t>(sum < in_1) | static_cast<std::uint64_t>(with_mix < sum);
    ends[i] = ~in_1 & (Later(in_24, was_24, 1) | (Later(in_14, was_14, 1) & with_mix));
    was_1 = in_1;
    was_2 = in_2;
    was_4 = in_4;
    was_7 = in_7;
    was_14 = in_14;
    was_24 = in_24;
  }
}

// The lowest `count` bits; `count` < 64.
constexpr std::uint64_t Lowest(std::size_t count) { return (std::uint64_t{1} << count) - 1; }

// Where the run of base64 characters begins that ends in front of `end`.
std::size_t BeginOfRun(const std::vector<ByteClasses>& classes, std::size_t end) {
  std::size_t word = end / kBits;
  std::uint64_t others = ~classes[word].base64 & Lowest(end % kBits);
  while (others == 0 && word > 0) others = ~classes[--word].base64;
  return others == 0 ? 0 : word * kBits + static_cast<std::size_t>(std::bit_width(others));
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }

// Is the longest run of base64 characters [begin, end) well mixed?
bool IsMixed(std::string_view text, const std::vector<ByteClasses>& classes, std::size_t begin, std::size_t end) {
  static_assert(kDenseMixes == 2);
  std::size_t mix = 0;  // Where the one is, if any; never at the begin of the text.
  for (std::size_t word = begin / kBits; word * kBits < end; ++word) {
    std::uint64_t bits = classes[word].mix;
    if (word == begin / kBits) bits &= ~Lowest(begin % kBits);
    if (word == end / kBits) bits &= Lowest(end % kBits);
    if (bits == 0) continue;
    if (mix != 0 || (bits & (bits - 1)) != 0) return true;
    mix = word * kBits + static_cast<std::size_t>(std::countr_zero(bits));
  }
  // No change between letters and digits, but a capital behind a single small letter?
  if (mix == 0 || IsDigit(text[mix]) || IsDigit(text[mix - 1])) return false;
  const std::string_view run = text.substr(begin, end - begin);
  return static_cast<std::size_t>(std::count_if(run.begin(), run.end(), IsUpper)) >= kDenseUpper &&
         static_cast<std::size_t>(std::count_if(run.begin(), run.end(), IsLower)) >= kDenseLower;
}

}  // namespace

void Survey::Make(std::string_view text) {
  constexpr std::size_t kBefore = kNearBefore + kLongestName + kDenseMargin;
  constexpr std::size_t kBehind = kNearBehind + kLongestName + kDenseMargin;
  static_assert(kBefore >= kMaxDenseMatch);
  Classify(text, &classes);
  long_runs.clear();
  dense.clear();
  const std::size_t words = classes.size();
  run_ends_.resize(words);
  FindRunEnds(classes.data(), words, run_ends_.data());
  for (std::size_t word = 0; word < words; ++word) {
    for (std::uint64_t ends = run_ends_[word]; ends != 0; ends &= ends - 1) {
      const std::size_t end = word * kBits + static_cast<std::size_t>(std::countr_zero(ends));
      const std::size_t begin = BeginOfRun(classes, end);
      const bool mixed = IsMixed(text, classes, begin, end);
      if (end - begin >= kLongRunBytes) long_runs.push_back({{begin, end}, mixed});
      if (!mixed || !HoldsRandomStretch(text.substr(begin, end - begin))) continue;
      const View around = {begin > kBefore ? begin - kBefore : 0, std::min(text.size(), end + kBehind)};
      if (!dense.empty() && around.begin <= dense.back().end) {
        dense.back().end = around.end;
      } else {
        dense.push_back(around);
      }
    }
  }
}

bool HoldsDenseRun(std::string_view value) {
  if (value.size() < kDenseBytes) return false;
  Survey survey;
  survey.Make(value);
  return !survey.dense.empty();
}

}  // namespace sluice::scan
