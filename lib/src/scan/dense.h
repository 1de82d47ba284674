// Dense values: what a key without a prefix of its own looks like from afar, so that most of a text need not be
// searched for the names of a thousand providers.
#ifndef SLUICE_SCAN_DENSE_H_
#define SLUICE_SCAN_DENSE_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "scan/byte_classes.h"
#include "scan/view.h"

namespace sluice::scan {

// A dense run: at least kDenseBytes characters of base64 or base64url in a row that look drawn in one place
// (scan/randomness.h) and are well mixed: the places where a letter follows a digit or a digit a letter, and those
// where one small letter stands between capitals ("aBcDe" has one), are together kDenseMixes or more; or there is one
// such letter, and kDenseUpper capitals and kDenseLower small letters. Names in source code seldom are: of 32 random
// letters and digits one in 30,000 is not, of 20 one in 190.
inline constexpr std::size_t kDenseBytes = kShortRunBytes;
inline constexpr std::size_t kDenseMixes = 2;
inline constexpr std::size_t kDenseUpper = 6;
inline constexpr std::size_t kDenseLower = 4;

// A value's dense runs begin and end at most this many bytes from where the value does.
inline constexpr std::size_t kDenseMargin = 64;

// What a text is made of: one pass, from which the triggers and the decoders start.
struct Survey {
  ByteClasses classes;
  // The longest stretches of at least kLongRunBytes base64 characters, in order; kLongHexBytes when they are not mixed.
  struct LongRun {
    View at;
    bool mixed;  // As a dense run is: base64 is, names seldom are.
  };
  std::vector<LongRun> long_runs;
  std::vector<View> dense_runs;  // In order, apart.
  // Where something that belongs to a dense value may stand: around the dense runs as far as names are looked for
  // (scan/near.h) and matches are long (kMaxDenseMatch). In order, apart.
  std::vector<View> dense;

  // Makes it that of `text`.
  void Make(std::string_view text);

  // The dense runs that reach into `view`. Of what is dense each has a part of one.
  [[nodiscard]] std::span<const View> DenseRunsIn(const View& view) const;
};

// True when `value` holds a dense run.
[[nodiscard]] bool HoldsDenseRun(std::string_view value);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_DENSE_H_
