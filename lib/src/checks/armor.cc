#include "checks/armor.h"

#include <algorithm>
#include <vector>

#include "checks/encodings.h"

namespace sluice::checks {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kMaxLabel = 64;

struct Block {
  std::string_view label;
  std::string_view content;
  bool has_end = false;
};

// The block whose BEGIN is the first at or after `from`; moves `from` behind that BEGIN.
std::optional<Block> NextBlock(std::string_view text, std::size_t* from) {
  for (std::size_t at = text.find(kBegin, *from); at != std::string_view::npos; at = text.find(kBegin, at + 1)) {
    const std::size_t label = at + kBegin.size();
    const std::size_t dashes = text.substr(0, std::min(text.size(), label + kMaxLabel)).find(kDashes, label);
    if (dashes == std::string_view::npos) continue;
    // The dashes of another BEGIN, in a later line: this one is no block.
    if (text.substr(label, dashes - label).find_first_of("\r\n\"'`") != std::string_view::npos) continue;
    const std::size_t content = dashes + kDashes.size();
    // END is looked for up to the next BEGIN only, so that many of these cost no more than one.
    const std::size_t next = text.find(kBegin, content);
    const std::size_t stop = std::min(next, text.substr(0, next).find(kEnd, content));
    *from = content;
    Block block{text.substr(label, dashes - label), text.substr(content), false};
    if (stop != std::string_view::npos) {
      block.content = text.substr(content, stop - content);
      block.has_end = text.substr(stop).starts_with(kEnd);
    } else {  // Cut off, perhaps in the middle of the END.
      block.content = block.content.substr(0, block.content.find(kDashes));
      while (block.content.ends_with('-')) block.content.remove_suffix(1);
    }
    return block;
  }
  return std::nullopt;
}

std::optional<Block> FindBlock(std::string_view text) {
  std::size_t from = 0;
  const std::optional<Block> first = NextBlock(text, &from);
  for (std::optional<Block> block = first; block; block = NextBlock(text, &from)) {
    if (block->label.find("PRIVATE KEY") != std::string_view::npos) return block;
  }
  return first;
}

bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`'; }

// What stands at `i` after a backslash or an ampersand: how many bytes it takes, and what it means.
struct Escape {
  std::size_t bytes = 0;
  char meaning = 0;
};

Escape ReadEscape(std::string_view text, std::size_t i) {
  const std::string_view rest = text.substr(i);
  if (rest.starts_with("\\u000a") || rest.starts_with("\\u000A") || rest.starts_with("\\u000d")) return {6, '\n'};
  if (rest.starts_with("&#10;") || rest.starts_with("&#13;")) return {5, '\n'};
  if (rest.starts_with("&#xA;") || rest.starts_with("&#xD;")) return {5, '\n'};
  if (rest.starts_with("\\u003d") || rest.starts_with("\\u003D")) return {6, '='};
  if (rest[0] != '\\') return {};
  if (rest.size() == 1) return {1, ' '};
  if (rest[1] == 'n' || rest[1] == 'r') return {2, '\n'};
  if (rest[1] == 't') return {2, ' '};
  // Of "\\n" (an escaped escape) and "\/" (as some write JSON) only the backslash goes here.
  return {1, 0};
}

std::string Unescape(std::string_view content) {
  const std::string percent_decoded =
      content.find('%') != std::string_view::npos ? DecodePercent(content) : std::string();
  const std::string_view text = percent_decoded.empty() ? content : percent_decoded;
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const Escape escape = ReadEscape(text, i);
    if (escape.bytes == 0) {
      plain.push_back(text[i++]);
      continue;
    }
    if (escape.meaning != 0) plain.push_back(escape.meaning);
    i += escape.bytes;
  }
  return plain;
}

// A key in quoted pieces (`"abc\n" +`) is inside of the quotes at one parity and outside at the other; inside is where
// the letters and digits are.
std::string InsideOfQuotes(const std::string& text) {
  if (std::none_of(text.begin(), text.end(), IsQuote)) return text;
  std::string by_parity[2];
  std::size_t alnums[2] = {0, 0};
  std::size_t parity = 0;
  for (const char c : text) {
    if (IsQuote(c)) {
      by_parity[parity].push_back('\n');
      parity ^= 1;
      continue;
    }
    by_parity[parity].push_back(c);
    if (IsAlnum(c)) ++alnums[parity];
  }
  return std::move(by_parity[alnums[1] > alnums[0] ? 1 : 0]);
}

std::string_view Trim(std::string_view line) {
  while (!line.empty() && IsSpace(line.front())) line.remove_prefix(1);
  while (!line.empty() && IsSpace(line.back())) line.remove_suffix(1);
  return line;
}

// Indentation and the marks of comments, quotations and block scalars.
std::string_view StripDecoration(std::string_view line) {
  line = Trim(line);
  if (line == "//" || line.starts_with("// ") || line.starts_with("//\t")) line.remove_prefix(2);
  while (!line.empty() && std::string_view("#*>|;, \t").find(line.front()) != std::string_view::npos) {
    line.remove_prefix(1);
  }
  while (!line.empty() && (line.back() == ',' || line.back() == ';')) line.remove_suffix(1);
  return Trim(line);
}

std::vector<std::string_view> NonEmptyLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = StripDecoration(text.substr(0, size));
    if (!line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return lines;
}

// Marks that are base64, too: they are marks when each line begins with them. In a diff that is its sign.
void StripCommonMark(std::vector<std::string_view>* lines) {
  for (const std::string_view mark : {"//", "+", "-"}) {
    const bool all = std::all_of(lines->begin(), lines->end(), [&](std::string_view l) { return l.starts_with(mark); });
    if (!all || lines->size() < 2) continue;
    for (std::string_view& line : *lines) line.remove_prefix(mark.size());
    return;
  }
}

// A log's times, the name of the file that grep found a line in, a tag in brackets: where most lines are some words and
// then base64, the words go.
void StripPrefixes(std::vector<std::string_view>* lines) {
  constexpr std::size_t kMinPayload = 16;
  const auto payload = [](std::string_view line) {
    std::size_t begin = line.size();
    while (begin > 0 && (IsBase64Char(line[begin - 1]) || line[begin - 1] == '=')) --begin;
    return line.substr(begin);
  };
  std::size_t prefixed = 0;
  for (const std::string_view line : *lines) {
    const std::string_view tail = payload(line);
    if (tail.size() < line.size() && tail.size() >= kMinPayload) ++prefixed;
  }
  if (lines->size() < 2 || prefixed * 2 < lines->size()) return;
  for (std::string_view& line : *lines) line = payload(line);
}

void AddWord(std::string_view word, Armor* armor) {
  if (word.size() == 5 && word.front() == '=' && std::all_of(word.begin() + 1, word.end(), IsBase64Char)) {
    armor->checksum = word.substr(1);
    return;
  }
  bool padded = false;
  for (const char c : word) {
    if (c == '=') {
      padded = true;
    } else if (IsBase64Char(c) && !padded) {
      armor->body.push_back(c);
    } else {
      armor->clean = false;
    }
  }
}

void AddLine(std::string_view line, Armor* armor) {
  if (line.find(':') != std::string_view::npos) {  // "Proc-Type: 4,ENCRYPTED", "Version: GnuPG v2"
    armor->encrypted |= line.find("ENCRYPTED") != std::string_view::npos || line.starts_with("DEK-Info");
    return;
  }
  while (!line.empty()) {
    const std::size_t size = std::min(line.find_first_of(" \t\r\f\v"), line.size());
    AddWord(line.substr(0, size), armor);
    line.remove_prefix(std::min(line.size(), size + 1));
  }
}

}  // namespace

std::optional<Armor> FindArmor(std::string_view text) {
  if (text.size() > kMaxInputBytes) return std::nullopt;
  const std::optional<Block> block = FindBlock(text);
  if (!block) return std::nullopt;
  Armor armor;
  armor.label = block->label;
  armor.has_end = block->has_end;
  armor.content_bytes = block->content.size();
  const std::string plain = InsideOfQuotes(Unescape(block->content));
  std::vector<std::string_view> lines = NonEmptyLines(plain);
  StripCommonMark(&lines);
  StripPrefixes(&lines);
  for (const std::string_view line : lines) AddLine(line, &armor);
  // One character over is no byte: something is missing, which is no wonder in a block that was cut off.
  if (armor.body.size() % 4 == 1) {
    armor.body.pop_back();
    armor.clean &= !armor.has_end;
  }
  return armor;
}

}  // namespace sluice::checks
