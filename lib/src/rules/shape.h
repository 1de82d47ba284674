// Shape: what a credential looks like, in the compact form that a person writes without knowing regular expressions.
//
//   acme_{base62:32}              literal text, then 32 characters of an alphabet
//   {hex:40}    {base36:20-24}    exactly 40; from 20 to 24
//   sq<u|p|a>_{hex:40}            one of several; each may be a shape: <{hex:32}|{uuid}>
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

  // Of the credential, in bytes. The expression of a long part has no upper bound, so a match may be longer.
  [[nodiscard]] std::size_t min_length() const;
  [[nodiscard]] std::size_t max_length() const;

  // Every character that a credential may hold: bit c for character c.
  [[nodiscard]] std::array<std::uint64_t, 4> Alphabet() const;

  // The number of literal bytes that every credential begins with.
  [[nodiscard]] std::size_t prefix_length() const;

  // Texts of which one stands in every credential, the longest such list there is; empty when there is none of 3 bytes
  // and more.
  [[nodiscard]] std::vector<std::string> Literals() const;

  // True when credentials hold a dense run near their beginning and one near their end (scan/dense.h), but for a share
  // of `max_odds` of them.
  [[nodiscard]] bool IsDense(double max_odds) const;

  // A made-up credential of this shape; the same for the same seed.
  [[nodiscard]] std::string Sample(std::uint64_t seed) const;

 private:
  struct Part {
    std::string text;                        // Literal text; or
    std::vector<std::vector<Part>> options;  // one of these; or
    std::string alphabet;                    // some of these characters.
    bool is_base64 = false;                  // At the end it may be padded with '='.
    std::size_t least = 0;
    std::size_t most = 0;
  };

  static Result<std::vector<Part>> ParseParts(std::string_view text, int depth);
  static Result<Part> ParseBraces(std::string_view inside);
  static Result<Part> ParseChoice(std::string_view inside, int depth);
  static std::string Body(const std::vector<Part>& parts);
  static std::vector<std::string> LiteralsOf(const std::vector<Part>& parts);
  static std::size_t MinLength(const std::vector<Part>& parts);
  static std::size_t MaxLength(const std::vector<Part>& parts);
  static std::vector<std::vector<Part>> Ways(const std::vector<Part>& parts);
  static bool WayIsDense(const std::vector<Part>& parts, double max_odds);
  static std::size_t PrefixLength(const std::vector<Part>& parts);
  static void AddSample(const std::vector<Part>& parts, std::uint64_t* state, std::string* sample);
  // The alphabets that a credential may begin, or end, with.
  static void AddEdge(const std::vector<Part>& parts, bool first, std::string* characters, bool* is_base64);
  static void AddAlphabet(const std::vector<Part>& parts, std::array<std::uint64_t, 4>* set);

  std::vector<Part> parts_;
};

}  // namespace sluice

#endif  // SLUICE_RULES_SHAPE_H_
