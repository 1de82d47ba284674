// From a match to what a person reads: line and column, a masked preview, the masked line around it.
#ifndef SLUICE_SCAN_LOCATE_H_
#define SLUICE_SCAN_LOCATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scan/confirm.h"
#include "sluice/finding.h"

namespace sluice::scan {

// A piece of a file. Matches that begin in [core_begin, core_end) belong to it; around them the text goes on, so that
// no match and no line near it is cut.
struct Window {
  std::string_view text;
  std::size_t core_begin = 0;  // Offsets in `text`.
  std::size_t core_end = 0;
  std::uint64_t offset = 0;      // Of text[0] in the file.
  std::size_t line = 1;          // Of text[0].
  std::uint64_t line_begin = 0;  // Offset in the file at which that line begins.
};

// Counts the line ends before places of one text, and the columns of these. Cheap when the places come roughly in
// order: each is counted from the one before.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  // The number of line ends in front of `at`.
  [[nodiscard]] std::size_t Before(std::size_t at);
  // Of the place that was asked for last: where its line begins (0 when no line end is in front of it), and how many
  // UTF-16 code units lie between.
  [[nodiscard]] std::size_t line_begin() const { return line_begin_; }
  [[nodiscard]] std::size_t utf16_units() const { return utf16_units_; }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t lines_ = 0;  // In front of at_.
  std::size_t line_begin_ = 0;
  std::size_t utf16_units_ = 0;
};

// How much of a line around a value is looked at: for an allow comment, and for the context that is shown.
inline constexpr std::size_t kLineReach = 4096;

// Fills in where `match` stands and how it looks. `matches` are all matches of the window, sorted by begin: every
// one of them is masked in the context. `lines` counts those of the window.
void Locate(const Window& window, const Match& match, const std::vector<Match>& matches, LineCounter* lines,
            Finding* finding);

// The line of `text` that holds [begin, end) (or its first and last line when the value has several), at most
// kLineReach bytes to each side.
struct LineSpan {
  std::size_t begin;
  std::size_t end;
};
[[nodiscard]] LineSpan LineAround(std::string_view text, std::size_t begin, std::size_t end);

// [begin, end) of `text` for a person. Masked is every match (`matches` are sorted by begin), every run of characters
// that looks random, and every value that stands where a secret stands ("password=…"); control characters are
// replaced.
[[nodiscard]] std::string Masked(std::string_view text, std::size_t begin, std::size_t end,
                                 const std::vector<Match>& matches);

// What of a part of a path stands where a secret stands ("password=…", "name:…@"): ranges [begin, end), which may
// overlap. Extensions are no part of them.
[[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> SecretsInName(std::string_view name);

// The bytes of `value`, with which a name ends, without an extension.
[[nodiscard]] std::size_t WithoutExtension(std::string_view value);

// A line of ours that may repeat a path or an argument: what stands where a secret stands is masked.
[[nodiscard]] std::string MaskedText(std::string_view line);

// A line of ours without the words that are strong passwords, whatever stands before them.
[[nodiscard]] std::string MaskedWords(std::string_view line);

// A message that may repeat a value from a file (part of an expression, a key): as MaskedText() and MaskedWords(),
// and what else looks random is masked, control characters are replaced. Paths stay.
[[nodiscard]] std::string MaskedMessage(std::string_view message);

// "ghp_********q3Xy" when `reveal` and long enough, else "********": never the length, never more than 8 characters.
[[nodiscard]] std::string Preview(std::string_view secret, bool reveal);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_LOCATE_H_
