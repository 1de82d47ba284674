#include "rules/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace sluice {

namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
// A text at least this long at its beginning tells a credential from other words.
constexpr std::size_t kOwnPrefixBytes = 4;
constexpr std::size_t kMaxRepeat = 3000;
constexpr std::size_t kMaxRegexRepeat = 1000;  // RE2's own limit.

std::string Join(std::initializer_list<std::string_view> pieces) {
  std::string all;
  for (const std::string_view piece : pieces) all += piece;
  return all;
}

// The characters of the alphabet called `name`, or "".
std::string AlphabetOf(std::string_view name) {
  if (name == "hex") return Join({kDigits, "abcdef"});
  if (name == "HEX") return Join({kDigits, "ABCDEF"});
  if (name == "anyhex") return Join({kDigits, "abcdefABCDEF"});
  if (name == "digit") return std::string(kDigits);
  if (name == "lower") return std::string(kLower);
  if (name == "upper") return std::string(kUpper);
  if (name == "letter") return Join({kLower, kUpper});
  if (name == "base36") return Join({kDigits, kLower});
  if (name == "BASE36") return Join({kDigits, kUpper});
  if (name == "base62") return Join({kDigits, kLower, kUpper});
  if (name == "base58") return "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  if (name == "base32") return Join({kUpper, "234567"});
  if (name == "base32lower") return Join({kLower, "234567"});
  if (name == "base64") return Join({kDigits, kLower, kUpper, "+/"});
  if (name == "base64url") return Join({kDigits, kLower, kUpper, "_-"});
  if (name == "word") return Join({kDigits, kLower, kUpper, "_"});
  if (name == "dashed") return Join({kDigits, kLower, kUpper, "-"});
  if (name == "dotted") return Join({kDigits, kLower, kUpper, "._-"});
  // Everything printable that does not end a value in source code.
  if (name == "any") return Join({kDigits, kLower, kUpper, "!#$%&()*+,-./:;<=>?@[]^_{|}~"});
  return "";
}

bool IsLiteralInRegex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (!IsLiteralInRegex(c)) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// A character class, with ranges where the characters follow one another.
std::string Class(std::string characters, std::string_view before = "[") {
  std::sort(characters.begin(), characters.end());
  characters.erase(std::unique(characters.begin(), characters.end()), characters.end());
  std::string text(before);
  for (std::size_t i = 0; i < characters.size();) {
    std::size_t last = i;
    while (last + 1 < characters.size() && characters[last + 1] == characters[last] + 1) ++last;
    text += Escape(characters.substr(i, 1));
    if (last > i + 1) text += '-';
    if (last > i) text += Escape(characters.substr(last, 1));
    i = last + 1;
  }
  return text + "]";
}

// `one`, from `least` to `most` times.
std::string Repeat(std::string_view one, std::size_t least, std::size_t most) {
  std::string repeated;
  while (most > 0) {
    const std::size_t up_to = std::min(most, kMaxRegexRepeat);
    const std::size_t from = std::min(least, up_to);
    repeated += one;
    if (up_to > 1 || from != up_to) {
      repeated += from == up_to ? fmt::format("{{{}}}", from) : fmt::format("{{{},{}}}", from, up_to);
    }
    most -= up_to;
    least -= from;
  }
  return repeated;
}

std::optional<std::size_t> ParseNumber(std::string_view digits) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
std::uint64_t Next(std::uint64_t* state) {
  std::uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
  return z ^ (z >> 31U);
}

Error Problem(std::string message) { return {ErrorCode::kConfig, "", std::move(message)}; }

// What stands for a shape with a name of its own.
std::string_view Expansion(std::string_view name) {
  if (name == "uuid") return "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}";
  if (name == "jwt") return "eyJ{base64url:10-300}.eyJ{base64url:10-900}.{base64url:20-700}";
  return "";
}

}  // namespace

Result<Shape::Part> Shape::ParseBraces(std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  Part part;
  part.alphabet = AlphabetOf(name);
  part.is_base64 = name == "base64";
  if (part.alphabet.empty()) return Problem(fmt::format("shape: there is no alphabet '{}'", name));
  const std::string_view count = colon == std::string_view::npos ? "" : inside.substr(colon + 1);
  const std::size_t dash = count.find('-');
  const auto least = ParseNumber(count.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : ParseNumber(count.substr(dash + 1));
  if (!least || !most || *most < *least || *most == 0 || *most > kMaxRepeat) {
    return Problem(fmt::format("shape: '{{{}}}' needs a number or a range, at most {}", inside, kMaxRepeat));
  }
  part.least = *least;
  part.most = *most;
  return part;
}

Result<Shape::Part> Shape::ParseChoice(std::string_view inside) {
  Part part;
  for (std::size_t begin = 0; begin <= inside.size();) {
    const std::size_t end = std::min(inside.find('|', begin), inside.size());
    part.texts.emplace_back(inside.substr(begin, end - begin));
    begin = end + 1;
  }
  if (part.texts.size() < 2) return Problem(fmt::format("shape: '<{}>' names only one text", inside));
  return part;
}

Result<Shape> Shape::Parse(std::string_view text) {
  Shape shape;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '{' || c == '<') {
      const std::size_t close = text.find(c == '{' ? '}' : '>', at);
      if (close == std::string_view::npos) return Problem(fmt::format("shape: '{}' is not closed", c));
      const std::string_view inside = text.substr(at + 1, close - at - 1);
      at = close + 1;
      if (const std::string_view expansion = Expansion(inside); c == '{' && !expansion.empty()) {
        Result<Shape> named = Parse(expansion);
        for (Part& part : named->parts_) shape.parts_.push_back(std::move(part));
        continue;
      }
      Result<Part> part = c == '{' ? ParseBraces(inside) : ParseChoice(inside);
      if (!part) return part.error();
      shape.parts_.push_back(std::move(*part));
      continue;
    }
    const std::size_t end = std::min(text.find_first_of("{<", at), text.size());
    Part literal;
    literal.texts.emplace_back(text.substr(at, end - at));
    shape.parts_.push_back(std::move(literal));
    at = end;
  }
  if (shape.min_length() == 0) return Problem("shape: it is empty, or may be");
  return shape;
}

std::string Shape::Regex() const {
  std::string body;
  for (const Part& part : parts_) {
    if (!part.alphabet.empty()) {
      const bool is_last = &part == &parts_.back();
      const std::string one = Class(part.alphabet);
      if (part.is_base64 && is_last && part.least > 2) {
        // n characters of base64 may be n - 1 and '=', or n - 2 and '=='.
        body += fmt::format("{}(?:{}{{2}}|{}=|==)", Repeat(one, part.least - 2, part.most - 2), one, one);
      } else {
        body += Repeat(one, part.least, part.most);
      }
      continue;
    }
    if (part.texts.size() == 1) {
      body += Escape(part.texts[0]);
      continue;
    }
    std::string choice;
    for (const std::string& option : part.texts) choice += (choice.empty() ? "" : "|") + Escape(option);
    body += "(?:" + choice + ")";
  }
  // What may not stand next to it: letters and digits, and what the ends themselves are made of. Beside a prefix of its
  // own a '_' is no harm ("TOKEN_acme_…"), nor is the end of an escape, whose last character is a letter or digit.
  const bool has_own_prefix = prefix_length() >= kOwnPrefixBytes;
  std::string before = AlphabetOf("base62");
  std::string after = before;
  if (!has_own_prefix) before += '_';
  if (!parts_.front().alphabet.empty()) {
    for (const char c : parts_.front().alphabet) {
      if (c == '-' || c == '.') before += c;
    }
    // A path's '/' before base64 is common ("/key"), '+' is not.
    if (parts_.front().is_base64) before += "+/";
  }
  if (!has_own_prefix) after += '_';
  for (const char c : parts_.back().alphabet) {
    if (c == '-' || c == '+' || c == '/' || c == '_') after += c;
  }
  if (parts_.back().is_base64) after += '=';
  const std::string_view escapes =
      has_own_prefix ? R"(|\\[nrt]|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}|\[[0-9;]{1,8}m|%[0-9A-Fa-f]{2})" : "";
  return fmt::format("(?:^|{}{})({})(?:{}|$)", Class(before, "[^"), escapes, body, Class(after, "[^"));
}

std::size_t Shape::min_length() const {
  std::size_t length = 0;
  for (const Part& part : parts_) {
    std::size_t least = part.least;
    if (!part.texts.empty()) {
      least = std::min_element(part.texts.begin(), part.texts.end(), [](const auto& a, const auto& b) {
                return a.size() < b.size();
              })->size();
    }
    length += least;
  }
  return length;
}

std::array<std::uint64_t, 4> Shape::Alphabet() const {
  std::array<std::uint64_t, 4> set{};
  const auto add = [&](std::string_view characters) {
    for (const char c : characters) {
      const auto byte = static_cast<unsigned char>(c);
      set[byte >> 6U] |= std::uint64_t{1} << (byte & 63U);
    }
  };
  for (const Part& part : parts_) {
    add(part.alphabet);
    if (part.is_base64) add("=");
    for (const std::string& text : part.texts) add(text);
  }
  return set;
}

std::size_t Shape::prefix_length() const {
  std::size_t length = 0;
  for (const Part& part : parts_) {
    if (!part.alphabet.empty()) break;
    length += std::min_element(part.texts.begin(), part.texts.end(), [](const auto& a, const auto& b) {
                return a.size() < b.size();
              })->size();
  }
  return length;
}

std::string Shape::Sample(std::uint64_t seed) const {
  std::uint64_t state = seed;
  std::string sample;
  for (const Part& part : parts_) {
    if (!part.texts.empty()) {
      sample += part.texts[Next(&state) % part.texts.size()];
      continue;
    }
    const std::size_t count = part.least + Next(&state) % (part.most - part.least + 1);
    char last = '\0';
    for (std::size_t i = 0; i < count; ++i) {
      char c = part.alphabet[Next(&state) % part.alphabet.size()];
      // Runs look like placeholders, and an end that is no letter or digit like punctuation.
      const bool is_edge = i == 0 || i + 1 == count;
      while (part.alphabet.size() > 2 &&
             (c == last || (is_edge && part.alphabet.size() > 60 && !IsLiteralInRegex(c)))) {
        c = part.alphabet[Next(&state) % part.alphabet.size()];
      }
      sample += c;
      last = c;
    }
  }
  return sample;
}

}  // namespace sluice
