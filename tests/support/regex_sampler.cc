#include "support/regex_sampler.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <utility>

namespace sluice::tests {

namespace {

using Bytes = std::bitset<256>;

// What is added to the least count, but for the greatest: what can go wrong between goes wrong soon, and long samples
// take long. `*`, `+` and `{n,}` have no greater one.
constexpr int kMore = 40;

// As in RE2, so that a mistyped count cannot fill the memory.
constexpr int kMaxCount = 1000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsPrintable(char c) { return c >= ' ' && c <= '~'; }
// No control characters; bytes above 127 are parts of UTF-8.
bool StandsInTexts(char c) {
  return IsPrintable(c) || c == '\t' || c == '\n' || c == '\r' || static_cast<std::uint8_t>(c) > 127;
}

Bytes Range(int first, int last) {
  Bytes bytes;
  for (int byte = first; byte <= last; ++byte) bytes.set(static_cast<std::size_t>(byte));
  return bytes;
}

Bytes Single(char c) { return Range(static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(c)); }

Bytes Digits() { return Range('0', '9'); }
Bytes Lower() { return Range('a', 'z'); }
Bytes Upper() { return Range('A', 'Z'); }
Bytes Spaces() { return Single('\t') | Single('\n') | Single('\f') | Single('\r') | Single(' '); }
Bytes WordBytes() { return Digits() | Lower() | Upper() | Single('_'); }

// The other case of each ASCII letter as well.
Bytes Folded(const Bytes& bytes) {
  Bytes folded = bytes;
  for (std::size_t letter = 'a'; letter <= 'z'; ++letter) {
    const std::size_t capital = letter - 'a' + 'A';
    if (bytes[letter] || bytes[capital]) folded.set(letter).set(capital);
  }
  return folded;
}

// [:alpha:] and the like, by name.
std::optional<Bytes> PosixClass(std::string_view name) {
  if (name == "alnum") return Digits() | Lower() | Upper();
  if (name == "alpha") return Lower() | Upper();
  if (name == "ascii") return Range(0, 127);
  if (name == "blank") return Single(' ') | Single('\t');
  if (name == "cntrl") return Range(0, 31) | Range(127, 127);
  if (name == "digit") return Digits();
  if (name == "graph") return Range('!', '~');
  if (name == "lower") return Lower();
  if (name == "print") return Range(' ', '~');
  if (name == "punct") return Range('!', '~') & ~(Digits() | Lower() | Upper());
  if (name == "space") return Spaces() | Single('\v');
  if (name == "upper") return Upper();
  if (name == "word") return WordBytes();
  if (name == "xdigit") return Digits() | Range('a', 'f') | Range('A', 'F');
  return std::nullopt;
}

// \d and the like, by letter.
std::optional<Bytes> PerlClass(char letter) {
  switch (letter) {
    case 'd':
      return Digits();
    case 'D':
      return ~Digits();
    case 's':
      return Spaces();
    case 'S':
      return ~Spaces();
    case 'w':
      return WordBytes();
    case 'W':
      return ~WordBytes();
    default:
      return std::nullopt;
  }
}

template <typename Predicate>
std::string Only(const std::string& characters, Predicate predicate) {
  std::string kept;
  std::copy_if(characters.begin(), characters.end(), std::back_inserter(kept), predicate);
  return kept.empty() ? characters : kept;
}

// The distributions of <random> differ between libraries; that small numbers are a little more frequent is all right.
int Below(int bound, std::mt19937* random) { return static_cast<int>((*random)() % static_cast<unsigned>(bound)); }

bool OneIn(int odds, std::mt19937* random) { return Below(odds, random) == 0; }

char OneOf(const std::string& characters, std::mt19937* random) {
  return characters[static_cast<std::size_t>(Below(static_cast<int>(characters.size()), random))];
}

int Count(int least, int most, std::mt19937* random) {
  if (OneIn(2, random)) return least;
  if (OneIn(6, random)) return most;
  return least + Below(std::min(most - least, kMore) + 1, random);
}

}  // namespace

// Recursive descent; nullopt from any method means that the whole is given up.
class RegexSampler::Parser {
 public:
  explicit Parser(std::string_view regex) : rest_(regex) {}

  std::optional<Node> ParseAll() {
    std::optional<Node> root = ParseChoice();
    if (!rest_.empty()) return std::nullopt;
    return root;
  }

 private:
  struct Flags {
    bool ignore_case = false;
    bool dot_all = false;
  };

  bool Consume(std::string_view prefix) {
    if (!rest_.starts_with(prefix)) return false;
    rest_.remove_prefix(prefix.size());
    return true;
  }

  // REQUIRES: !rest_.empty().
  char Next() {
    const char next = rest_.front();
    rest_.remove_prefix(1);
    return next;
  }

  [[nodiscard]] Node ByteNode(Bytes bytes) const {
    if (flags_.ignore_case) bytes = Folded(bytes);
    return PlainByteNode(bytes);
  }

  static Node PlainByteNode(const Bytes& bytes) {
    Node node;
    node.kind = Node::Kind::kByte;
    std::string all;
    for (std::size_t byte = 0; byte < bytes.size(); ++byte) {
      if (bytes[byte]) all += static_cast<char>(byte);
    }
    node.text = Only(all, StandsInTexts);
    node.printable = Only(node.text, IsPrintable);
    node.alphanumeric = Only(node.printable, [](char c) { return IsDigit(c) || IsLetter(c); });
    return node;
  }

  // Up to the end or a ')', which stays. Flags that are set within hold until there.
  std::optional<Node> ParseChoice() {
    const Flags outer = flags_;
    Node choice;
    choice.kind = Node::Kind::kChoice;
    do {
      std::optional<Node> sequence = ParseSequence();
      if (!sequence) return std::nullopt;
      choice.children.push_back(std::move(*sequence));
    } while (Consume("|"));
    flags_ = outer;
    return choice;
  }

  std::optional<Node> ParseSequence() {
    Node sequence;
    while (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      std::optional<Node> atom = ParseAtom();
      if (!atom) return std::nullopt;
      std::optional<Node> repeated = ParseRepeat(std::move(*atom));
      if (!repeated) return std::nullopt;
      sequence.children.push_back(std::move(*repeated));
    }
    return sequence;
  }

  // REQUIRES: !rest_.empty().
  std::optional<Node> ParseAtom() {
    const char first = Next();
    switch (first) {
      case '(':
        return ParseGroup();
      case '[':
        return ParseClass();
      case '\\':
        return ParseEscape();
      case '.':
        return PlainByteNode(flags_.dot_all ? Range(0, 255) : ~Single('\n'));
      case '^':
      case '$':
        return Node();
      case '*':
      case '+':
      case '?':
        return std::nullopt;
      default:
        return ByteNode(Single(first));
    }
  }

  // Behind the '('.
  std::optional<Node> ParseGroup() {
    const Flags outer = flags_;
    if (Consume("?")) {
      if (!ParseFlags()) return std::nullopt;
      if (Consume(")")) return Node();  // (?i) is for what follows in the group around it.
      if (!Consume(":")) return std::nullopt;
    }
    std::optional<Node> inner = ParseChoice();
    flags_ = outer;
    if (!Consume(")")) return std::nullopt;
    return inner;
  }

  // False for what is no flag: look-around, names. `m` changes but anchors.
  bool ParseFlags() {
    bool value = true;
    while (!rest_.empty() && rest_.front() != ')' && rest_.front() != ':') {
      switch (Next()) {
        case 'i':
          flags_.ignore_case = value;
          break;
        case 's':
          flags_.dot_all = value;
          break;
        case 'm':
          break;
        case '-':
          if (!value) return false;
          value = false;
          break;
        default:
          return false;
      }
    }
    return true;
  }

  // Behind the backslash, outside of a class.
  std::optional<Node> ParseEscape() {
    if (rest_.empty()) return std::nullopt;
    if (std::string_view("AbBz").find(rest_.front()) != std::string_view::npos) {
      Next();
      return Node();
    }
    if (const std::optional<Bytes> perl = PerlClass(rest_.front())) {
      Next();
      return PlainByteNode(*perl);
    }
    const std::optional<char> character = ParseEscapedCharacter();
    if (!character) return std::nullopt;
    return ByteNode(Single(*character));
  }

  // Behind the backslash: one that stands for a single character.
  std::optional<char> ParseEscapedCharacter() {
    if (rest_.empty()) return std::nullopt;
    const char letter = Next();
    switch (letter) {
      case 'a':
        return '\a';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case 'v':
        return '\v';
      case 'x':
        return ParseHex();
      default:
        if (!IsPrintable(letter) || IsDigit(letter) || IsLetter(letter)) return std::nullopt;
        return letter;
    }
  }

  // Behind \x: two digits, or any number of them in braces.
  std::optional<char> ParseHex() {
    std::string_view digits;
    if (Consume("{")) {
      const std::size_t end = rest_.find('}');
      if (end == std::string_view::npos) return std::nullopt;
      digits = rest_.substr(0, end);
      rest_.remove_prefix(end + 1);
    } else {
      digits = rest_.substr(0, 2);
      if (digits.size() < 2) return std::nullopt;
      rest_.remove_prefix(2);
    }
    if (digits.empty()) return std::nullopt;
    int value = 0;
    for (const char digit : digits) {
      const std::size_t place = std::string_view("0123456789abcdef0123456789ABCDEF").find(digit);
      if (place == std::string_view::npos) return std::nullopt;
      value = value * 16 + static_cast<int>(place % 16);
      if (value > 255) return std::nullopt;
    }
    return static_cast<char>(value);
  }

  // Behind the '['.
  std::optional<Node> ParseClass() {
    const bool is_negated = Consume("^");
    Bytes bytes;
    for (bool is_first = true; is_first || !rest_.starts_with(']'); is_first = false) {
      if (rest_.empty()) return std::nullopt;
      const std::optional<Bytes> item = ParseClassItem();
      if (!item) return std::nullopt;
      bytes |= *item;
    }
    Next();
    // Case first: (?i)[^a] matches no A.
    if (flags_.ignore_case) bytes = Folded(bytes);
    if (is_negated) bytes = ~bytes;
    if (bytes.none()) return std::nullopt;
    return PlainByteNode(bytes);
  }

  // REQUIRES: !rest_.empty().
  std::optional<Bytes> ParseClassItem() {
    if (Consume("[:")) {
      const bool is_negated = Consume("^");
      const std::size_t end = rest_.find(":]");
      if (end == std::string_view::npos) return std::nullopt;
      std::optional<Bytes> named = PosixClass(rest_.substr(0, end));
      rest_.remove_prefix(end + 2);
      if (named && is_negated) named->flip();
      return named;
    }
    if (rest_.size() > 1 && rest_.front() == '\\') {
      if (std::optional<Bytes> perl = PerlClass(rest_[1])) {
        rest_.remove_prefix(2);
        return perl;
      }
    }
    const std::optional<char> first = ParseClassCharacter();
    if (!first) return std::nullopt;
    if (rest_.size() < 2 || rest_[0] != '-' || rest_[1] == ']') return Single(*first);
    Next();
    const std::optional<char> last = ParseClassCharacter();
    if (!last || static_cast<std::uint8_t>(*last) < static_cast<std::uint8_t>(*first)) return std::nullopt;
    return Range(static_cast<std::uint8_t>(*first), static_cast<std::uint8_t>(*last));
  }

  // REQUIRES: !rest_.empty().
  std::optional<char> ParseClassCharacter() {
    const char character = Next();
    return character == '\\' ? ParseEscapedCharacter() : character;
  }

  // The atom as it is, or what counts it. One count only: RE2 refuses a second.
  std::optional<Node> ParseRepeat(Node atom) {
    Node repeat;
    repeat.kind = Node::Kind::kRepeat;
    if (Consume("?")) {
      repeat.most = 1;
    } else if (Consume("*")) {
      repeat.most = kMore;
    } else if (Consume("+")) {
      repeat.least = 1;
      repeat.most = 1 + kMore;
    } else if (!ParseCounts(&repeat.least, &repeat.most)) {
      return atom;
    }
    Consume("?");  // Lazy: which match is found, not what matches.
    if (repeat.least > repeat.most || repeat.most > kMaxCount) return std::nullopt;
    if (!rest_.empty() && std::string_view("*+?").find(rest_.front()) != std::string_view::npos) return std::nullopt;
    repeat.children.push_back(std::move(atom));
    return repeat;
  }

  // {n}, {n,} or {n,m}. False, and nothing is consumed, for a brace that is just a brace.
  bool ParseCounts(int* least, int* most) {
    const std::string_view before = rest_;
    if (Consume("{") && ParseNumber(least)) {
      *most = *least;
      if (Consume(",") && !ParseNumber(most)) *most = std::min(*least + kMore, kMaxCount);
      if (Consume("}")) return true;
    }
    rest_ = before;
    return false;
  }

  bool ParseNumber(int* number) {
    if (rest_.empty() || !IsDigit(rest_.front())) return false;
    *number = 0;
    // One above the greatest count is enough to refuse it.
    while (!rest_.empty() && IsDigit(rest_.front())) *number = std::min(*number * 10 + (Next() - '0'), kMaxCount + 1);
    return true;
  }

  std::string_view rest_;
  Flags flags_;
};

std::optional<RegexSampler> RegexSampler::Parse(std::string_view regex) {
  std::optional<Node> root = Parser(regex).ParseAll();
  if (!root) return std::nullopt;
  return RegexSampler(std::move(*root));
}

std::string RegexSampler::Sample(std::mt19937* random) const {
  std::string sample;
  Append(root_, OneIn(2, random), random, &sample);
  return sample;
}

void RegexSampler::Append(const Node& node, bool prefers_alphanumeric, std::mt19937* random, std::string* sample) {
  constexpr int kOddCharacterOdds = 200;
  switch (node.kind) {
    case Node::Kind::kByte:
      *sample += OneOf(OneIn(kOddCharacterOdds, random) ? node.text
                       : prefers_alphanumeric           ? node.alphanumeric
                                                        : node.printable,
                       random);
      break;
    case Node::Kind::kSequence:
      for (const Node& child : node.children) Append(child, prefers_alphanumeric, random, sample);
      break;
    case Node::Kind::kChoice:
      Append(node.children[static_cast<std::size_t>(Below(static_cast<int>(node.children.size()), random))],
             prefers_alphanumeric, random, sample);
      break;
    case Node::Kind::kRepeat: {
      const bool run_prefers_alphanumeric = OneIn(2, random);
      for (int count = Count(node.least, node.most, random); count > 0; --count) {
        Append(node.children.front(), run_prefers_alphanumeric, random, sample);
      }
      break;
    }
  }
}

}  // namespace sluice::tests
