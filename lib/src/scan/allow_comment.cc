#include "scan/allow_comment.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/ascii.h"
#include "scan/locate.h"

namespace sluice::scan {

namespace {

constexpr std::string_view kOwnMark = "sluice:allow";
constexpr std::string_view kGitleaksMark = "gitleaks:allow";

bool IsIdChar(char c) { return IsLower(c) || IsDigit(c) || c == '-'; }
bool IsWordChar(char c) { return IsIdChar(c) || IsUpper(c) || c == '_' || c == ':'; }

// What a comment ends with in the common languages, and blanks.
std::string_view TrimReason(std::string_view reason) {
  for (const std::string_view end : {"-->", "*/", "--}}", "%>", "#}", "\""}) {
    if (const std::size_t at = reason.find(end); at != std::string_view::npos) reason = reason.substr(0, at);
  }
  while (!reason.empty() && static_cast<unsigned char>(reason.front()) <= ' ') reason.remove_prefix(1);
  while (!reason.empty() && static_cast<unsigned char>(reason.back()) <= ' ') reason.remove_suffix(1);
  return reason;
}

// Reads what follows the mark. nullopt when it speaks of other rules.
std::optional<AllowComment> ReadOwn(std::string_view rest, std::string_view rule_id, const IsRule& is_rule) {
  const std::string_view words = TrimReason(rest);
  // Nothing, or only the end of a comment or string, behind the mark. Anything else is not for us to interpret: "never
  // write sluice:allow, ever" allows nothing.
  if (words.find_first_not_of("'`)]}") == std::string_view::npos) return AllowComment{"", ""};
  const AllowedIds allowed = ReadAllowedIds(words, is_rule);
  if (std::find(allowed.ids.begin(), allowed.ids.end(), rule_id) == allowed.ids.end()) return std::nullopt;
  return AllowComment{rule_id, TrimReason(allowed.rest)};
}

std::size_t CountLineEnds(std::string_view text, std::size_t begin, std::size_t end) {
  return static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                             text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

bool HasWord(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return IsAlnum(c) || c == '_'; });
}

std::string_view TrimBegin(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text;
}

// From two lines above a value of several lines to the end of the one below; else its own line.
LineSpan CommentReach(std::string_view text, std::size_t begin, std::size_t end) {
  LineSpan reach = LineAround(text, begin, end);
  if (CountLineEnds(text, begin, end) == 0) return reach;
  for (int above = 0; above < 2 && reach.begin > 0 && text[reach.begin - 1] == '\n'; ++above) {
    reach.begin = LineAround(text, reach.begin - 1, reach.begin - 1).begin;
  }
  if (reach.end < text.size()) reach.end = LineAround(text, reach.end + 1, reach.end + 1).end;
  return reach;
}

// The part of its line that is in front of `at`.
std::string_view LineBefore(std::string_view text, std::size_t at) {
  const std::size_t begin = LineAround(text, at, at).begin;
  return text.substr(begin, at - begin);
}

// Nothing but what begins a comment.
bool IsAlone(std::string_view before_mark) {
  return before_mark.find_first_not_of(" \t#/*<!-;%({") == std::string_view::npos;
}

// A line that ends in the middle of something: a quote, a bracket, a block of YAML, an element of XML, a here document.
bool OpensValue(std::string_view line) {
  static const RE2* const kOpening = new RE2(
      R"re([=(\[{:\\]$|[:-]\s+(?:[!&]\S*\s+)?[|>][-+0-9]{0,2}$|^\s*<[A-Za-z](?:[^<>]*[^/<>])?>$|<<[-~]?["']?[A-Za-z_])re");
  while (!line.empty() && static_cast<unsigned char>(line.back()) <= ' ') line.remove_suffix(1);
  if (line.empty()) return false;
  const char last = line.back();
  const bool is_quote = last == '"' || last == '\'' || last == '`';
  if (is_quote && std::count(line.begin(), line.end(), last) % 2 == 1) return true;
  return RE2::PartialMatch({line.data(), line.size()}, *kOpening);
}

// What a line holds in front of a comment.
std::string_view WithoutCommentSigns(std::string_view before_mark) {
  return before_mark.substr(0, before_mark.find_last_not_of(" \t#/*<!-;%") + 1);
}

bool ClosesValue(std::string_view before_mark) {
  const std::string_view signs = TrimBegin(before_mark);
  return !signs.empty() && std::string_view("\"'`)]}").find(signs.front()) != std::string_view::npos && !HasWord(signs);
}

// A mark above a value of several lines.
bool AcceptsFromAbove(std::string_view text, std::size_t begin, std::size_t at) {
  const std::size_t lines = CountLineEnds(text, at, begin);
  if (lines > 2) return false;
  const std::string_view before = LineBefore(text, at);
  if (lines == 0 || (lines == 1 && IsAlone(before))) return true;
  if (HasWord(LineBefore(text, begin))) return false;  // The value begins behind a name of its own.
  if (lines == 1) return OpensValue(WithoutCommentSigns(before));
  const std::size_t above_end = text.rfind('\n', begin - 1);
  return IsAlone(before) && OpensValue(LineBefore(text, above_end));
}

// Behind a comma and the blanks around it; `text` itself when it does not begin with one.
std::string_view BehindComma(std::string_view text) {
  const std::string_view trimmed = TrimBegin(text);
  return trimmed.starts_with(',') ? TrimBegin(trimmed.substr(1)) : text;
}

}  // namespace

std::string_view LeadingId(std::string_view text) {
  return text.substr(0, static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), IsIdChar) - text.begin()));
}

AllowedIds ReadAllowedIds(std::string_view words, const IsRule& is_rule) {
  constexpr std::size_t kMostIds = 100;  // On a line of nothing else.
  AllowedIds allowed;
  std::string_view id = LeadingId(words);
  for (allowed.rest = words; !id.empty() && allowed.ids.size() < kMostIds;) {
    allowed.ids.push_back(id);
    allowed.rest.remove_prefix(static_cast<std::size_t>(id.data() + id.size() - allowed.rest.data()));
    const std::string_view next = BehindComma(allowed.rest);
    id = next.data() == allowed.rest.data() ? "" : LeadingId(next);
    if (!id.empty() && !(is_rule(allowed.ids.front()) && is_rule(id))) id = "";
  }
  if (!allowed.ids.empty()) allowed.rest = BehindComma(allowed.rest);
  return allowed;
}

bool AcceptsFrom(std::string_view text, std::size_t begin, std::size_t end, std::size_t at, std::size_t behind) {
  if (CountLineEnds(text, begin, end) == 0) {
    if (at < end && behind > begin) return false;
    return at < begin ? CountLineEnds(text, at, begin) == 0 : CountLineEnds(text, end, at) == 0;
  }
  if (at < begin) return AcceptsFromAbove(text, begin, at);
  if (at < end) return CountLineEnds(text, begin, at) == 0 || CountLineEnds(text, at, end) == 0;
  const std::size_t lines = CountLineEnds(text, end, at);
  return lines == 0 || (lines == 1 && ClosesValue(LineBefore(text, at)));
}

std::optional<AllowComment> FindAllowComment(std::string_view text, std::size_t begin, std::size_t end,
                                             std::string_view rule_id, const IsRule& is_rule) {
  const LineSpan reach = CommentReach(text, begin, end);
  const std::string_view near = text.substr(0, reach.end);
  for (const std::string_view mark : {kOwnMark, kGitleaksMark}) {
    for (std::size_t at = near.find(mark, reach.begin); at != std::string_view::npos; at = near.find(mark, at + 1)) {
      const std::size_t behind = at + mark.size();
      // "notsluice:allow" and "sluice:allowed" are other words.
      if (at > reach.begin && IsWordChar(near[at - 1])) continue;
      if (behind < near.size() && IsWordChar(near[behind])) continue;
      if (!AcceptsFrom(text, begin, end, at, behind)) continue;
      if (mark == kGitleaksMark) return AllowComment{"", "gitleaks:allow"};
      const std::string_view rest = near.substr(behind, near.find('\n', behind) - behind);
      if (auto comment = ReadOwn(rest, rule_id, is_rule)) return comment;
    }
  }
  return std::nullopt;
}

}  // namespace sluice::scan
