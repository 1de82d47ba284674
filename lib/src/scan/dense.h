// Dense values: what a key without a prefix of its own looks like from afar, so that most of a text need not be
// searched for the names of a thousand providers.
#ifndef SLUICE_SCAN_DENSE_H_
#define SLUICE_SCAN_DENSE_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "scan/byte_classes.h"
#include "scan/view.h"

namespace sluice::scan {

// A dense run: at least kDenseBytes characters of base64 or base64url in a row, in which letters and digits change
// twice or more often, or which holds six upper and four lower case letters. Names in source code seldom do: of 32
// random letters and digits one in 100,000 does not, of 20 one in 700.
inline constexpr std::size_t kDenseBytes = 14;
inline constexpr std::size_t kDenseChanges = 2;
inline constexpr std::size_t kDenseUpper = 6;
inline constexpr std::size_t kDenseLower = 4;

// A value's dense runs begin and end at most this many bytes from where the value does.
inline constexpr std::size_t kDenseMargin = 64;

// What a text is made of: one pass, from which the triggers and the decoders start.
struct Survey {
  std::vector<ByteClasses> classes;
  std::vector<View> runs;  // The longest stretches of at least kDenseBytes base64 characters, in order.
  // Where something that belongs to a dense value may stand: around the dense runs as far as names are looked for
  // (scan/near.h) and matches are long (kMaxDenseMatch). In order, apart.
  std::vector<View> dense;

  // Makes it that of `text`.
  void Make(std::string_view text);
};

// True when `value` holds a dense run.
[[nodiscard]] bool HoldsDenseRun(std::string_view value);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_DENSE_H_
