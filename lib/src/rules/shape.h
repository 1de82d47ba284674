// Shape: what a credential looks like, in the compact form that a person writes without knowing regular expressions.
//
//   acme_{base62:32}              literal text, then 32 characters of an alphabet
//   {hex:40}    {base36:20-24}    exactly 40; from 20 to 24
//   sq<u|p|a>_{hex:40}            one of several texts
//   {uuid}    {jwt}               shapes with a name of their own
//
// The alphabets are listed in patterns/README.md.
#ifndef SLUICE_RULES_SHAPE_H_
#define SLUICE_RULES_SHAPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/result.h"

namespace sluice {

class Shape {
 public:
  // Fails (kConfig, no `where`) with the reason in one line.
  static Result<Shape> Parse(std::string_view text);

  // An RE2 expression whose group 1 is the credential. Around it stands nothing that could belong to a longer one.
  [[nodiscard]] std::string Regex() const;

  // Of the credential, in bytes.
  [[nodiscard]] std::size_t min_length() const;

  // Every character that a credential may hold: bit c for character c.
  [[nodiscard]] std::array<std::uint64_t, 4> Alphabet() const;

  // The number of literal bytes that every credential begins with.
  [[nodiscard]] std::size_t prefix_length() const;

  // A made-up credential of this shape; the same for the same seed.
  [[nodiscard]] std::string Sample(std::uint64_t seed) const;

 private:
  struct Part {
    std::vector<std::string> texts;  // One of these; empty when the part is an alphabet's.
    std::string alphabet;            // The characters, or empty.
    bool is_base64 = false;          // At the end it may be padded with '='.
    std::size_t least = 0;
    std::size_t most = 0;
  };

  static Result<Part> ParseBraces(std::string_view inside);
  static Result<Part> ParseChoice(std::string_view inside);

  std::vector<Part> parts_;
};

}  // namespace sluice

#endif  // SLUICE_RULES_SHAPE_H_
