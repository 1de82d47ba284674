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
#include "scan/locate.h"
#include "scan/transcode.h"

namespace sluice {

namespace {

constexpr std::string_view kMark = "sluice:allow";
// A longer line was written by a program.
constexpr std::size_t kMaxLineBytes = std::size_t{16} << 10U;

bool IsIdChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }
bool IsWordChar(char c) { return IsIdChar(Lower(c)) || c == '_'; }
bool IsSeparator(char c) { return c == ' ' || c == '\t' || c == ':' || c == '-' || c == '_'; }

bool StartsWithIgnoringCase(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) { return a == Lower(b); });
}

struct Mark {
  bool is_exact = false;
  std::string_view word;  // What stands behind it, where the id of a rule would.
};

// What looks like "sluice:allow" at the beginning of `text`: in other letters, with blanks, with other signs between.
std::optional<Mark> ReadMark(std::string_view text) {
  constexpr std::string_view kName = "sluice";
  constexpr std::string_view kVerb = "allow";
  constexpr std::size_t kMostSeparators = 3;
  if (!StartsWithIgnoringCase(text, kName)) return std::nullopt;
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
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  mark.word = text.substr(0, std::min(text.find_first_of(" \t\r"), text.size()));
  return mark;
}

std::optional<Mark> FindMark(std::string_view line) {
  if (line.size() > kMaxLineBytes) return std::nullopt;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (at > 0 && IsWordChar(line[at - 1])) continue;
    if (std::optional<Mark> mark = ReadMark(line.substr(at))) return mark;
  }
  return std::nullopt;
}

bool IsRule(const Setup& setup, std::string_view id) {
  const auto& databases = setup.databases();
  return std::any_of(databases.begin(), databases.end(),
                     [&](const Database* database) { return database->Find(id) < database->size(); });
}

// What is wrong with a comment on a line of the value.
std::string Wrong(const Mark& mark, const Setup& setup, std::string_view rule_id) {
  const std::string right = fmt::format("`{} {} REASON`", kMark, rule_id);
  if (!mark.is_exact) return "the comment that accepts it is written " + right;
  const bool is_id =
      !mark.word.empty() && std::all_of(mark.word.begin(), mark.word.end(), [](char c) { return IsIdChar(c); });
  if (!is_id) return fmt::format("behind {} stands the id of a rule: {}", kMark, right);
  if (IsRule(setup, mark.word)) return fmt::format("the comment accepts {} only: write {}", mark.word, right);
  const std::array<std::string_view, 1> known = {rule_id};
  return NearestName(mark.word, known).empty()
             ? fmt::format("there is no rule '{}': write {}", mark.word, right)
             : fmt::format("there is no rule '{}'; did you mean '{}'?", mark.word, rule_id);
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace

void HintAtComments(std::string_view bytes, const Setup& setup, std::vector<Finding>* findings) {
  const auto is_new = [](const Finding& finding) { return finding.status == FindingStatus::kNew && finding.line > 0; };
  if (std::none_of(findings->begin(), findings->end(), is_new)) return;
  // In another encoding, lines end at other bytes.
  const scan::Sniffed sniffed = scan::SniffEncoding(bytes);
  if (sniffed.encoding != scan::Encoding::kBytes || bytes.find('\0') != std::string_view::npos) return;

  const std::vector<std::string_view> lines = Lines(bytes);
  std::set<std::size_t> lines_with_findings;
  for (const Finding& finding : *findings) lines_with_findings.insert({finding.line, finding.end_line});
  for (Finding& finding : *findings) {
    if (!is_new(finding)) continue;
    const auto tell = [&](std::size_t line, const std::string& what) {
      finding.hint = scan::MaskedMessage(fmt::format("line {}: {}", line, what));
    };
    for (std::size_t line = finding.line; line <= std::min(finding.end_line, lines.size()); ++line) {
      const std::optional<Mark> mark = FindMark(lines[line - 1]);
      if (mark && finding.hint.empty()) tell(line, Wrong(*mark, setup, finding.rule_id));
    }
    const std::size_t above = finding.line - 1;
    if (!finding.hint.empty() || above == 0 || above > lines.size() || lines_with_findings.contains(above)) continue;
    if (FindMark(lines[above - 1])) {
      tell(above, "a comment accepts what is on its own line: write it there, as `" + std::string(kMark) + " " +
                      finding.rule_id + " REASON`");
    }
  }
}

}  // namespace sluice
