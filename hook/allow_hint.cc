#include "allow_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "base/ascii.h"
#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "scan/allow_comment.h"
#include "scan/locate.h"
#include "scan/transcode.h"

namespace sluice {

namespace {

constexpr std::string_view kMark = "sluice:allow";
// A longer line was written by a program.
constexpr std::size_t kMaxLineBytes = std::size_t{16} << 10U;

bool IsIdChar(char c) { return IsLower(c) || IsDigit(c) || c == '-'; }
bool IsWordChar(char c) { return IsIdChar(Lower(c)) || c == '_'; }
bool IsSeparator(char c) { return c == ' ' || c == '\t' || c == ':' || c == '-' || c == '_'; }

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == Lower(b); });
}

struct Mark {
  std::size_t at = 0;  // In the line.
  std::size_t bytes = 0;
  bool is_exact = false;
  std::string_view words;  // What stands behind it, where the ids of rules would.
};

// What looks like "sluice:allow" at the beginning of `text`: in other letters, with blanks, with other signs between.
std::optional<Mark> ReadMark(std::string_view text) {
  constexpr std::string_view kName = "sluice";
  constexpr std::string_view kVerb = "allow";
  constexpr std::size_t kMostSeparators = 3;
  if (!StartsWithIgnoringCase(text, kName)) return std::nullopt;
  const std::size_t all_bytes = text.size();
  Mark mark;
  mark.is_exact = text.starts_with(kMark);
  text.remove_prefix(kName.size());
  std::size_t separators = 0;
  while (separators < text.size() && IsSeparator(text[separators])) ++separators;
  if (separators == 0 || separators > kMostSeparators) return std::nullopt;
  text.remove_prefix(separators);
  if (!StartsWithIgnoringCase(text, kVerb)) return std::nullopt;
  text.remove_prefix(kVerb.size());
  if (!text.empty() && IsWordChar(text.front())) return std::nullopt;
  mark.bytes = all_bytes - text.size();
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  mark.words = text;
  return mark;
}

std::optional<Mark> FindMark(std::string_view line) {
  if (line.size() > kMaxLineBytes) return std::nullopt;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (at > 0 && (IsWordChar(line[at - 1]) || line[at - 1] == ':')) continue;
    std::optional<Mark> mark = ReadMark(line.substr(at));
    if (!mark) continue;
    mark->at = at;
    return mark;
  }
  return std::nullopt;
}

bool IsRule(const Setup& setup, std::string_view id) {
  const auto& databases = setup.databases();
  return std::any_of(databases.begin(), databases.end(),
                     [&](const Database* database) { return database->Find(id) < database->size(); });
}

std::string Right(std::string_view rule_id) { return fmt::format("`{} {} REASON`", kMark, rule_id); }

// Of a word where the id of a rule stands.
std::string NoSuchRule(std::string_view word, std::string_view rule_id) {
  const std::array<std::string_view, 1> known = {rule_id};
  return NearestName(word, known).empty()
             ? fmt::format("there is no rule{}: write {}", RepeatedName(word), Right(rule_id))
             : fmt::format("there is no rule{}; did you mean '{}'?", RepeatedName(word), rule_id);
}

// What is wrong with a comment that stands where one can accept the value.
std::string Wrong(const Mark& mark, const Setup& setup, std::string_view rule_id) {
  if (!mark.is_exact) return "the comment that accepts it is written " + Right(rule_id);
  const auto is_rule = [&](std::string_view id) { return IsRule(setup, id); };
  const scan::AllowedIds allowed = scan::ReadAllowedIds(mark.words, is_rule);
  const std::string_view behind = mark.words.substr(scan::LeadingId(mark.words).size());
  if (allowed.ids.empty() || (!behind.empty() && IsWordChar(behind.front()))) {
    return fmt::format("behind {} stands the id of a rule: {}", kMark, Right(rule_id));
  }
  if (!is_rule(allowed.ids.front())) return NoSuchRule(allowed.ids.front(), rule_id);
  // What follows a comma may be meant for one more.
  const std::array<std::string_view, 1> known = {rule_id};
  if (const std::string_view next = scan::LeadingId(allowed.rest); !NearestName(next, known).empty()) {
    return NoSuchRule(next, rule_id);
  }
  return fmt::format("the comment accepts {} only: add `, {}` behind {}",
                     allowed.ids.size() == 1 ? allowed.ids.front() : "other rules", rule_id,
                     allowed.ids.size() == 1 ? "it" : allowed.ids.back());
}

// The lines of a text by number.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), begins_{0} {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
      begins_.push_back(at + 1);
    }
  }

  // A number beyond them is that of an empty line.
  [[nodiscard]] std::string_view Text(std::size_t line) const {
    if (line == 0 || line > begins_.size()) return {};
    const std::size_t begin = Begin(line);
    return text_.substr(begin, std::min(text_.find('\n', begin), text_.size()) - begin);
  }
  [[nodiscard]] std::size_t Begin(std::size_t line) const { return begins_[line - 1]; }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

// Tells of the comments around one finding.
class Hints {
 public:
  Hints(std::string_view text, const Setup& setup, const std::vector<Finding>& findings)
      : text_(text), lines_(text), setup_(setup) {
    for (const Finding& finding : findings) lines_with_findings_.insert({finding.line, finding.end_line});
  }

  // Those on its lines first.
  [[nodiscard]] std::string For(const Finding& finding) const {
    for (std::size_t line = finding.line; line <= finding.end_line; ++line) {
      if (std::string hint = ForLine(finding, line); !hint.empty()) return hint;
    }
    std::vector<std::size_t> others = {finding.line - 1};
    if (finding.end_line > finding.line) {
      others.push_back(finding.end_line + 1);
      if (finding.line > 1) others.push_back(finding.line - 2);
    }
    for (const std::size_t line : others) {
      // That of another value is for that.
      if (lines_with_findings_.contains(line)) continue;
      if (std::string hint = ForLine(finding, line); !hint.empty()) return hint;
    }
    return "";
  }

 private:
  [[nodiscard]] std::string ForLine(const Finding& finding, std::size_t line) const {
    const std::optional<Mark> mark = FindMark(lines_.Text(line));
    if (!mark) return "";
    const std::size_t at = lines_.Begin(line) + mark->at;
    // Too far away to be looked at.
    if (at + scan::kLineReach < finding.offset || at > finding.end_offset + scan::kLineReach) return "";
    const bool is_near = line + 1 >= finding.line;
    if (scan::AcceptsFrom(text_, finding.offset, finding.end_offset, at, at + mark->bytes)) {
      return fmt::format("line {}: {}", line, Wrong(*mark, setup_, finding.rule_id));
    }
    return is_near ? fmt::format("line {}: {}", line, Misplaced(finding, line)) : "";
  }

  // What is wrong with where a comment stands.
  static std::string Misplaced(const Finding& finding, std::size_t line) {
    const std::string right = Right(finding.rule_id);
    if (finding.end_line > finding.line) {
      return "a value of several lines is accepted on its first or last line, or alone above it: write there " + right;
    }
    if (line == finding.line) return "this is part of the value: write behind it " + right;
    return "a comment accepts what is on its own line: write it there, as " + right;
  }

  std::string_view text_;
  Lines lines_;
  const Setup& setup_;
  std::set<std::size_t> lines_with_findings_;
};

}  // namespace

void HintAtComments(std::string_view bytes, const Setup& setup, std::vector<Finding>* findings) {
  const auto is_new = [](const Finding& finding) { return finding.status == FindingStatus::kNew && finding.line > 0; };
  if (std::none_of(findings->begin(), findings->end(), is_new)) return;
  // In another encoding, lines end at other bytes.
  const scan::Sniffed sniffed = scan::SniffEncoding(bytes);
  if (sniffed.encoding != scan::Encoding::kBytes || bytes.find('\0') != std::string_view::npos) return;

  const Hints hints(bytes.substr(sniffed.bom_bytes), setup, *findings);
  for (Finding& finding : *findings) {
    if (is_new(finding)) finding.hint = scan::MaskedMessage(hints.For(finding));
  }
}

}  // namespace sluice
