// What kind of byte stands where: one pass over a text, after which the rest looks at 64 bytes at a time.
#ifndef SLUICE_SCAN_BYTE_CLASSES_H_
#define SLUICE_SCAN_BYTE_CLASSES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace sluice::scan {

// Lengths of runs of base64 characters that matter (scan/dense.h, scan/decode.h).
inline constexpr std::size_t kShortRunBytes = 14;
inline constexpr std::size_t kLongRunBytes = 24;
inline constexpr std::size_t kLongHexBytes = 32;  // Digits may all be letters, or none.

// By word of 64 bytes, a bit for each byte; bit 0 is the first one. Bits behind the end of the text are 0, and there
// are some: the number of words is a multiple of kWordsTogether.
struct ByteClasses {
  std::vector<std::uint64_t> base64;  // Letters, digits and "+/-_": base64 and base64url.
  // Where a value turns out to be well mixed: a letter behind a digit, a digit behind a letter, and a capital behind
  // one small letter behind a capital (the D of "aBcDe").
  std::vector<std::uint64_t> mix;
  // What may hide a value in another form: a quote behind a letter, digit or one of +/-_. that may join its string to
  // the next one (an operator, a comment or a quote follows, or a blank and then a blank, one of these, or one of bfuLR
  // as in "ab" f"cd"); the first byte of what may be an escape of a printable character (\x2 \u0 \u{ \U0 \/ %2 &# &a
  // …); a backslash at the end of a line; c2 a0 and the like, with which the invisible and full-width characters begin
  // and few others of their scripts; "Sec" and "joi" at the begin of a word ("kind: Secret", ["a", "b"].join("")).
  std::vector<std::uint64_t> special;
  // Bytes behind the end of a run of base64 characters: of one of kLongRunBytes, or of one of kShortRunBytes with a
  // mix.
  std::vector<std::uint64_t> run_end;
  bool has_zero = false;  // A byte that is none of a text, but in an encoding that has them.
};
inline constexpr std::size_t kWordsTogether = 8;

// What the words in front say about a word: their last bits, as the lowest ones.
struct ClassesBefore {
  std::uint64_t zero;  // Of all of them together: 0 when none holds a byte that is zero.
  std::uint64_t digit;
  std::uint64_t upper;  // Two bits.
  std::uint64_t lower;
  std::uint64_t alnum;
  std::uint64_t joinable;
};

// Where the classes of words begin.
struct ClassesOfWords {
  std::uint64_t* base64;
  std::uint64_t* mix;
  std::uint64_t* special;
};

// What is done by vectors, of one kind.
struct WordFunctions {
  // Fills `classes` by those of `words` × 64 bytes, and makes `before` what stands before the next. Reads two bytes
  // behind them.
  void (*classify)(const char* text, std::size_t words, ClassesBefore* before, const ClassesOfWords& classes);
  // Fills `run_end`. REQUIRES: `words` is a multiple of kWordsTogether.
  void (*find_run_ends)(const std::uint64_t* base64, const std::uint64_t* mix, std::size_t words,
                        std::uint64_t* run_end);
};

// Those for each kind of vector that this processor has, the fastest first. All of them give the same.
[[nodiscard]] std::span<const WordFunctions> AllWordFunctions();

// Replaces `classes` by those of `text`.
void Classify(std::string_view text, ByteClasses* classes);
void Classify(const WordFunctions& functions, std::string_view text, ByteClasses* classes);

}  // namespace sluice::scan

#endif  // SLUICE_SCAN_BYTE_CLASSES_H_
