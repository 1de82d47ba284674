#include "rules/toml.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstddef>

namespace sluice {

namespace {

// More than anybody writes; the library's time is more than linear in some texts.
constexpr std::size_t kMaxBytes = std::size_t{1} << 20U;
// Of "a.b.c", each of which is a table in a table: the library takes them apart by recursion. Our files need two.
constexpr std::size_t kMaxKeyParts = 32;

// The end of the string that begins at bytes[at], as far as it goes. One of several lines may end in five quotes, two
// of them its own.
std::size_t EndOfString(std::string_view bytes, std::size_t at) {
  const std::string_view three = bytes.substr(at, 3);
  const bool is_long = three == "\"\"\"" || three == "'''";
  const std::string_view quote = is_long ? three : three.substr(0, 1);
  for (at += quote.size(); at < bytes.size(); ++at) {
    if (bytes.substr(at).starts_with(quote)) {
      const std::string_view rest = bytes.substr(at + quote.size(), is_long ? 2 : 0);
      return at + quote.size() + std::min(rest.find_first_not_of(quote.front()), rest.size());
    }
    if (bytes[at] == '\n' && !is_long) return at;
    if (bytes[at] == '\\' && quote.front() == '"') ++at;
  }
  return bytes.size();
}

// The line of a key of more than kMaxKeyParts parts, or 0. A number has a dot, too, but only one.
std::size_t LineOfDeepKey(std::string_view bytes) {
  std::size_t line = 1;
  std::size_t dots = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const char c = bytes[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = std::min(EndOfString(bytes, at), bytes.size());
      line += static_cast<std::size_t>(std::count(bytes.begin() + at, bytes.begin() + end, '\n'));
      at = end;
      continue;
    }
    if (c == '#') {
      at = std::min(bytes.find('\n', at), bytes.size());
      continue;
    }
    if (c == '.' && ++dots >= kMaxKeyParts) return line;
    if (c == '\n') ++line;
    if (std::string_view("=,{}[]\n").find(c) != std::string_view::npos) dots = 0;
    ++at;
  }
  return 0;
}

// "cannot redefine existing string 'KEY'", "'NUMBER' is not representable in 64 bits", "expected 'true', saw 'tVALUE'":
// what the TOML library repeats may be a secret in the wrong place. Of what it quotes a character, its escape and the
// words of the language stay. (It does not quote well: a key has its own quotes.)
std::string WithoutQuoted(std::string_view problem) {
  static const RE2* const kOfToml = new RE2(R"('(?:.|\\[a-z"\\]|\\[uUx][0-9A-Fa-f]{1,8}|true|false|inf|nan)')");
  constexpr std::string_view kSaw = ", saw";
  for (std::size_t at = problem.find('\''); at != std::string_view::npos; at = problem.find('\'', at)) {
    re2::StringPiece rest(problem.data() + at, problem.size() - at);
    if (RE2::Consume(&rest, *kOfToml)) {
      at = problem.size() - rest.size();
      continue;
    }
    std::string_view before = problem.substr(0, at);
    while (before.ends_with(' ')) before.remove_suffix(1);
    if (before.ends_with(kSaw)) before.remove_suffix(kSaw.size());
    return std::string(before).append(problem.substr(problem.rfind('\'') + 1));
  }
  return std::string(problem);
}

// What is wrong with `bytes`, which did not parse; with the usual cause, a text without quotes, where it is that.
Error Problem(std::string_view file, std::string_view bytes, const toml::parse_error& error) {
  const auto number = static_cast<std::size_t>(error.source().begin.line);
  std::size_t begin = 0;
  for (std::size_t line = 1; line < number && begin < bytes.size(); ++line) {
    begin = std::min(bytes.find('\n', begin), bytes.size() - 1) + 1;
  }
  const std::string_view line = bytes.substr(begin, std::min(bytes.find('\n', begin), bytes.size()) - begin);
  // A key and a bare word. The words that TOML has: true, false, inf and nan.
  static const RE2* const kBareWord = new RE2(R"(^\s*[\w.-]+\s*=\s*([A-Za-z][\w. -]*?)\s*(?:#.*)?\r?$)");
  std::string word;
  const bool is_bare = RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *kBareWord, &word) &&
                       word != "true" && word != "false" && word != "inf" && word != "nan";
  return {
      ErrorCode::kConfig, fmt::format("{}:{}", file, number),
      fmt::format("TOML: {}{}", WithoutQuoted(error.description()), is_bare ? "; a text stands in quotes: \"…\"" : "")};
}

}  // namespace

Result<toml::table> ParseToml(std::string_view file, std::string_view bytes) {
  if (bytes.size() > kMaxBytes) {
    return Error{ErrorCode::kConfig, std::string(file), fmt::format("has more than {} bytes", kMaxBytes)};
  }
  if (const std::size_t line = LineOfDeepKey(bytes); line != 0) {
    return Error{ErrorCode::kConfig, fmt::format("{}:{}", file, line),
                 fmt::format("TOML: a key has more than {} parts", kMaxKeyParts)};
  }
  toml::parse_result parsed = toml::parse(bytes, file);
  if (!parsed) return Problem(file, bytes, parsed.error());
  return std::move(parsed).table();
}

std::string PlaceOf(std::string_view file, const toml::node& node) {
  return fmt::format("{}:{}", file, std::max<toml::source_index>(node.source().begin.line, 1));
}

}  // namespace sluice
