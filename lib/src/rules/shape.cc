#include "rules/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "base/ascii.h"
#include "base/repeated_name.h"
#include "scan/dense.h"

namespace sluice {

namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kDigits = "0123456789";
// A text at least this long at its beginning tells a credential from other words.
constexpr std::size_t kOwnPrefixBytes = 4;
constexpr std::size_t kMaxRepeat = 3000;
constexpr double kDenseSampleOdds = 0.02;
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

bool IsLiteralInRegex(char c) { return IsAlnum(c) || c == '_'; }

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

// A longer one is of any length: each number up to it is a state of RE2's automaton, and with hundreds of them alive at
// a time it gives up, and takes 100 ms for the access token of a cloud.
constexpr std::size_t kMostCounted = 200;

// `one`, from `least` to `most` times.
std::string Repeat(std::string_view one, std::size_t least, std::size_t most) {
  if (most >= kMostCounted && least < most && least <= kMaxRegexRepeat) return fmt::format("{}{{{},}}", one, least);
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
  if (name == "jwt") return "eyJ{base64url:17-300}.eyJ{base64url:10-900}.{base64url:20-700}";
  return "";
}

}  // namespace

Result<Shape::Part> Shape::ParseBraces(std::string_view inside) {
  const std::size_t colon = inside.find(':');
  const std::string_view name = inside.substr(0, colon);
  Part part;
  part.alphabet = AlphabetOf(name);
  part.is_base64 = name == "base64";
  if (part.alphabet.empty()) return Problem(fmt::format("shape: there is no alphabet{}", RepeatedName(name)));
  const std::string_view count = colon == std::string_view::npos ? "" : inside.substr(colon + 1);
  const std::size_t dash = count.find('-');
  const auto least = ParseNumber(count.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : ParseNumber(count.substr(dash + 1));
  if (!least || !most || *most < *least || *most == 0 || *most > kMaxRepeat) {
    return Problem(fmt::format("shape: '{{{}:…}}' needs a number or a range, at most {}", name, kMaxRepeat));
  }
  part.least = *least;
  part.most = *most;
  return part;
}

Result<Shape::Part> Shape::ParseChoice(std::string_view inside, int depth) {
  Part part;
  for (std::size_t begin = 0; begin <= inside.size();) {
    const std::size_t end = std::min(inside.find('|', begin), inside.size());
    Result<std::vector<Part>> option = ParseParts(inside.substr(begin, end - begin), depth + 1);
    if (!option) return option.error();
    part.options.push_back(std::move(*option));
    begin = end + 1;
  }
  if (part.options.size() < 2) return Problem("shape: '<…>' names only one text");
  return part;
}

Result<std::vector<Shape::Part>> Shape::ParseParts(std::string_view text, int depth) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c != '{' && c != '<') {
      const std::size_t end = std::min(text.find_first_of("{<", at), text.size());
      Part literal;
      literal.text = text.substr(at, end - at);
      parts.push_back(std::move(literal));
      at = end;
      continue;
    }
    const std::size_t close = text.find(c == '{' ? '}' : '>', at);
    if (close == std::string_view::npos) return Problem(fmt::format("shape: '{}' is not closed", c));
    const std::string_view inside = text.substr(at + 1, close - at - 1);
    at = close + 1;
    if (c == '<') {
      if (depth > 0) return Problem("shape: '<' inside of '<…>'");
      Result<Part> part = ParseChoice(inside, depth);
      if (!part) return part.error();
      parts.push_back(std::move(*part));
    } else if (const std::string_view expansion = Expansion(inside); !expansion.empty()) {
      Result<std::vector<Part>> named = ParseParts(expansion, depth);
      for (Part& part : *named) parts.push_back(std::move(part));
    } else {
      Result<Part> part = ParseBraces(inside);
      if (!part) return part.error();
      parts.push_back(std::move(*part));
    }
  }
  return parts;
}

Result<Shape> Shape::Parse(std::string_view text) {
  Shape shape;
  Result<std::vector<Part>> parts = ParseParts(text, 0);
  if (!parts) return parts.error();
  shape.parts_ = std::move(*parts);
  if (shape.min_length() == 0) return Problem("shape: it is empty, or may be");
  return shape;
}

std::string Shape::Body(const std::vector<Part>& parts) {
  std::string body;
  for (const Part& part : parts) {
    if (!part.options.empty()) {
      std::string choice;
      for (std::size_t i = 0; i < part.options.size(); ++i) choice += (i == 0 ? "" : "|") + Body(part.options[i]);
      body += "(?:" + choice + ")";
    } else if (part.alphabet.empty()) {
      body += Escape(part.text);
    } else {
      const std::string one = Class(part.alphabet);
      if (part.is_base64 && &part == &parts.back() && part.least > 2) {
        // n characters of base64 may be n - 1 and '=', or n - 2 and '=='.
        body += fmt::format("{}(?:{}{{2}}|{}=|==)", Repeat(one, part.least - 2, part.most - 2), one, one);
      } else {
        body += Repeat(one, part.least, part.most);
      }
    }
  }
  return body;
}

void Shape::AddEdge(const std::vector<Part>& parts, bool first, std::string* characters, bool* is_base64) {
  if (parts.empty()) return;
  const Part& edge = first ? parts.front() : parts.back();
  *characters += edge.alphabet;
  *is_base64 = *is_base64 || edge.is_base64;
  for (const std::vector<Part>& option : edge.options) AddEdge(option, first, characters, is_base64);
}

std::string Shape::Regex() const {
  // What may not stand next to it: letters and digits, and what the ends themselves are made of. Beside a prefix of its
  // own a '_' is no harm ("TOKEN_acme_…"), nor is the end of an escape, whose last character is a letter or digit.
  const bool has_own_prefix = prefix_length() >= kOwnPrefixBytes;
  std::string before = AlphabetOf(has_own_prefix ? "base62" : "word");
  std::string after = before;
  std::string edge;
  bool is_base64 = false;
  AddEdge(parts_, /*first=*/true, &edge, &is_base64);
  for (const char c : edge) {
    if (c == '-' || c == '.') before += c;
  }
  // A path's '/' before base64 is common ("/key"), '+' is not.
  if (is_base64) before += "+/";
  edge.clear();
  is_base64 = false;
  AddEdge(parts_, /*first=*/false, &edge, &is_base64);
  for (const char c : edge) {
    if (c == '-' || c == '+' || c == '/' || c == '_') after += c;
  }
  if (is_base64) after += '=';
  const std::string_view escapes =
      has_own_prefix ? R"(|\\[nrt]|\\u00[0-9a-f]{2}|\\x[0-9a-f]{2}|\[[0-9;]{1,8}m|%[0-9A-Fa-f]{2})" : "";
  return fmt::format("(?:^|{}{})({})(?:{}|$)", Class(before, "[^"), escapes, Body(parts_), Class(after, "[^"));
}

std::size_t Shape::MinLength(const std::vector<Part>& parts) {
  std::size_t length = 0;
  for (const Part& part : parts) {
    length += part.text.size() + part.least;
    if (part.options.empty()) continue;
    std::size_t shortest = MinLength(part.options[0]);
    for (const std::vector<Part>& option : part.options) shortest = std::min(shortest, MinLength(option));
    length += shortest;
  }
  return length;
}

std::size_t Shape::min_length() const { return MinLength(parts_); }

std::size_t Shape::MaxLength(const std::vector<Part>& parts) {
  std::size_t length = 0;
  for (const Part& part : parts) {
    length += part.text.size() + part.most;
    std::size_t longest = 0;
    for (const std::vector<Part>& option : part.options) longest = std::max(longest, MaxLength(option));
    length += longest;
  }
  return length;
}

std::size_t Shape::max_length() const { return MaxLength(parts_); }

void Shape::AddAlphabet(const std::vector<Part>& parts, std::array<std::uint64_t, 4>* set) {
  const auto add = [&](std::string_view characters) {
    for (const char c : characters) {
      const auto byte = static_cast<unsigned char>(c);
      (*set)[byte >> 6U] |= std::uint64_t{1} << (byte & 63U);
    }
  };
  for (const Part& part : parts) {
    add(part.alphabet);
    if (part.is_base64) add("=");
    add(part.text);
    for (const std::vector<Part>& option : part.options) AddAlphabet(option, set);
  }
}

std::array<std::uint64_t, 4> Shape::Alphabet() const {
  std::array<std::uint64_t, 4> set{};
  AddAlphabet(parts_, &set);
  return set;
}

std::size_t Shape::PrefixLength(const std::vector<Part>& parts) {
  std::size_t length = 0;
  for (const Part& part : parts) {
    if (!part.alphabet.empty()) break;
    length += part.text.size();
    if (part.options.empty()) continue;
    std::size_t shortest = PrefixLength(part.options[0]);
    bool is_text = true;
    for (const std::vector<Part>& option : part.options) {
      shortest = std::min(shortest, PrefixLength(option));
      is_text = is_text && PrefixLength(option) == MinLength(option);
    }
    length += shortest;
    if (!is_text) break;
  }
  return length;
}

std::size_t Shape::prefix_length() const { return PrefixLength(parts_); }

namespace {

// What is known of a text that is not dense yet (scan/dense.h).
struct Mixture {
  enum Kind : std::uint8_t { kSign, kDigit, kUpperCase, kLowerCase };
  static constexpr std::size_t kKinds = 4;
  static constexpr std::size_t kCount =
      kKinds * kKinds * scan::kDenseMixes * 2 * (scan::kDenseUpper + 1) * (scan::kDenseLower + 1);

  std::size_t before = kSign;  // The kinds of the last two characters.
  std::size_t last = kSign;
  std::size_t mixes = 0;
  bool has_lone = false;
  std::size_t upper = 0;  // As far as they are counted.
  std::size_t lower = 0;

  static Mixture Of(std::size_t number) {
    const auto take = [&](std::size_t count) { return std::exchange(number, number / count) % count; };
    return {take(kKinds),
            take(kKinds),
            take(scan::kDenseMixes),
            take(2) == 1,
            take(scan::kDenseUpper + 1),
            take(scan::kDenseLower + 1)};
  }

  [[nodiscard]] std::size_t Number() const {
    std::size_t number = lower;
    number = number * (scan::kDenseUpper + 1) + upper;
    number = number * 2 + (has_lone ? 1 : 0);
    number = number * scan::kDenseMixes + mixes;
    number = number * kKinds + last;
    return number * kKinds + before;
  }

  // With a character more; nothing when the text is dense then, whatever follows.
  [[nodiscard]] std::optional<Mixture> With(std::size_t kind) const {
    const bool is_change = kind != kSign && last != kSign && (kind == kDigit) != (last == kDigit);
    const bool is_lone = kind == kUpperCase && last == kLowerCase && before == kUpperCase;
    Mixture then = *this;
    then.before = last;
    then.last = kind;
    then.mixes += (is_change ? 1 : 0) + (is_lone ? 1 : 0);
    then.has_lone = has_lone || is_lone;
    if (kind == kUpperCase) then.upper = std::min(upper + 1, scan::kDenseUpper);
    if (kind == kLowerCase) then.lower = std::min(lower + 1, scan::kDenseLower);
    if (then.mixes >= scan::kDenseMixes) return std::nullopt;
    return then;
  }

  [[nodiscard]] bool IsDense() const { return has_lone && upper == scan::kDenseUpper && lower == scan::kDenseLower; }
};

// The odds that n characters of an alphabet are not well mixed (scan/dense.h).
double OddsOfNotMixed(std::string_view alphabet, std::size_t n) {
  if (n < scan::kDenseBytes || alphabet.empty()) return 1;
  // Few alphabets and lengths are asked for again and again.
  static thread_local std::map<std::pair<std::string, std::size_t>, double> known;
  const auto [entry, is_new] = known.try_emplace({std::string(alphabet), n}, 0.0);
  double& not_mixed = entry->second;
  if (!is_new) return not_mixed;
  std::array<double, Mixture::kKinds> odds_of{};
  for (const char c : alphabet) {
    const Mixture::Kind kind = kDigits.find(c) != std::string_view::npos  ? Mixture::kDigit
                               : kUpper.find(c) != std::string_view::npos ? Mixture::kUpperCase
                               : kLower.find(c) != std::string_view::npos ? Mixture::kLowerCase
                                                                          : Mixture::kSign;
    odds_of[kind] += 1.0 / static_cast<double>(alphabet.size());
  }
  std::vector<double> odds(Mixture::kCount);
  odds[Mixture().Number()] = 1;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> longer(Mixture::kCount);
    for (std::size_t number = 0; number < Mixture::kCount; ++number) {
      if (odds[number] == 0) continue;
      for (std::size_t kind = 0; kind < Mixture::kKinds; ++kind) {
        if (odds_of[kind] == 0) continue;
        const std::optional<Mixture> then = Mixture::Of(number).With(kind);
        if (then) longer[then->Number()] += odds[number] * odds_of[kind];
      }
    }
    odds = std::move(longer);
  }
  for (std::size_t number = 0; number < Mixture::kCount; ++number) {
    if (!Mixture::Of(number).IsDense()) not_mixed += odds[number];
  }
  return not_mixed;
}

// The odds that n characters of an alphabet look written from beginning to end, at most: measured on even draws
// (tests/scan/dense_test.cc).
double OddsOfLookingWritten(std::string_view alphabet, std::size_t n) {
  constexpr std::size_t kBothCases = 52;
  constexpr std::size_t kAndDigits = 62;
  if (alphabet.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos) return 0;
  if (alphabet.size() >= kAndDigits) return n < 16 ? 0.003 : n < 20 ? 0.001 : 0.0003;
  if (alphabet.size() >= kBothCases) return n < 16 ? 0.007 : n < 20 ? 0.0025 : 0.0006;
  return n < 16 ? 0.01 : n < 20 ? 0.0045 : n < 24 ? 0.001 : 0.0003;
}

}  // namespace

// Every way to write the parts without a choice, up to a number that no sensible shape reaches.
std::vector<std::vector<Shape::Part>> Shape::Ways(const std::vector<Part>& parts) {
  constexpr std::size_t kMaxWays = 64;
  std::vector<std::vector<Part>> ways(1);
  for (const Part& part : parts) {
    std::vector<std::vector<Part>> options = part.options;
    if (options.empty()) options = {{part}};
    std::vector<std::vector<Part>> longer;
    for (const std::vector<Part>& way : ways) {
      for (const std::vector<Part>& option : options) {
        longer.push_back(way);
        longer.back().insert(longer.back().end(), option.begin(), option.end());
      }
    }
    if (longer.size() > kMaxWays) return {};
    ways = std::move(longer);
  }
  return ways;
}

bool Shape::IsDense(double max_odds) const {
  const std::vector<std::vector<Part>> ways = Ways(parts_);
  return !ways.empty() &&
         std::all_of(ways.begin(), ways.end(), [&](const std::vector<Part>& way) { return WayIsDense(way, max_odds); });
}

bool Shape::WayIsDense(const std::vector<Part>& parts, double max_odds) {
  const std::string base64 = Join({AlphabetOf("base64"), "-_"});
  const auto longest_of = [](const Part& part) { return part.text.size() + part.most; };
  const auto is_base64 = [&](const Part& part) {
    return (part.text + part.alphabet).find_first_not_of(base64) == std::string::npos;
  };
  bool seen_dense = false;
  std::size_t outside = 0;  // Bytes since the last dense run, or since the beginning; at most.
  for (std::size_t i = 0; i < parts.size();) {
    // The parts that make up one run; of their characters those of the alphabet that most are of.
    std::string_view alphabet;
    std::size_t random = 0;
    std::size_t longest = 0;
    std::size_t end = i;
    for (; end < parts.size() && is_base64(parts[end]); ++end) {
      const Part& part = parts[end];
      if (part.alphabet == alphabet) {
        random += part.least;
      } else if (part.least > random) {
        alphabet = part.alphabet;
        random = part.least;
      }
      longest += longest_of(part);
    }
    if (OddsOfNotMixed(alphabet, random) + OddsOfLookingWritten(alphabet, random) <= max_odds) {
      if (!seen_dense && outside > scan::kDenseMargin) return false;
      seen_dense = true;
      outside = 0;
    } else {
      outside += longest;
    }
    if (end < parts.size()) outside += longest_of(parts[end++]);
    i = end;
  }
  return seen_dense && outside <= scan::kDenseMargin;
}

std::vector<std::string> Shape::LiteralsOf(const std::vector<Part>& parts) {
  constexpr std::size_t kMinLiteral = 3;
  const auto shortest = [](const std::vector<std::string>& texts) {
    std::size_t least = texts.empty() ? 0 : texts[0].size();
    for (const std::string& text : texts) least = std::min(least, text.size());
    return least;
  };
  std::vector<std::string> best;
  for (const Part& part : parts) {
    std::vector<std::string> candidate;
    if (part.text.size() >= kMinLiteral) candidate = {part.text};
    for (const std::vector<Part>& option : part.options) {
      const std::vector<std::string> texts = LiteralsOf(option);
      candidate.insert(candidate.end(), texts.begin(), texts.end());
      if (texts.empty()) {
        candidate.clear();
        break;
      }
    }
    if (shortest(candidate) > shortest(best)) best = candidate;
  }
  return best;
}

std::vector<std::string> Shape::Literals() const { return LiteralsOf(parts_); }

void Shape::AddSample(const std::vector<Part>& parts, std::uint64_t* state, std::string* sample) {
  for (const Part& part : parts) {
    *sample += part.text;
    if (!part.options.empty()) AddSample(part.options[Next(state) % part.options.size()], state, sample);
    if (part.alphabet.empty()) continue;
    const std::size_t count = part.least + Next(state) % (part.most - part.least + 1);
    char last = '\0';
    for (std::size_t i = 0; i < count; ++i) {
      char c = part.alphabet[Next(state) % part.alphabet.size()];
      // Runs look like placeholders, and an end that is no letter or digit like punctuation.
      const bool is_edge = i == 0 || i + 1 == count;
      while (part.alphabet.size() > 2 &&
             (c == last || (is_edge && part.alphabet.size() > 60 && !IsLiteralInRegex(c)))) {
        c = part.alphabet[Next(state) % part.alphabet.size()];
      }
      *sample += c;
      last = c;
    }
  }
}

std::string Shape::Sample(std::uint64_t seed) const {
  std::uint64_t state = seed;
  std::string sample;
  const bool dense = IsDense(kDenseSampleOdds);
  do {
    sample.clear();
    AddSample(parts_, &state, &sample);
  } while (dense && !scan::HoldsDenseRun(sample));
  return sample;
}

}  // namespace sluice
