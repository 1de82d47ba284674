#include "scan/allow_comment.h"

#include <algorithm>

namespace sluice::scan {

namespace {

constexpr std::string_view kOwnMark = "sluice:allow";
constexpr std::string_view kGitleaksMark = "gitleaks:allow";

bool IsIdChar(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }
bool IsWordChar(char c) { return IsIdChar(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == ':'; }

// What a comment ends with in the common languages, and blanks.
std::string_view TrimReason(std::string_view reason) {
  for (const std::string_view end : {"-->", "*/", "--}}", "%>", "#}", "\""}) {
    if (const std::size_t at = reason.find(end); at != std::string_view::npos) reason = reason.substr(0, at);
  }
  while (!reason.empty() && static_cast<unsigned char>(reason.front()) <= ' ') reason.remove_prefix(1);
  while (!reason.empty() && static_cast<unsigned char>(reason.back()) <= ' ') reason.remove_suffix(1);
  return reason;
}

// Reads what follows the mark. nullopt when it speaks of another rule.
std::optional<AllowComment> ReadOwn(std::string_view rest, std::string_view rule_id) {
  std::string_view words = TrimReason(rest);
  std::size_t id_bytes = 0;
  while (id_bytes < words.size() && IsIdChar(words[id_bytes])) ++id_bytes;
  const std::string_view id = words.substr(0, id_bytes);
  // Nothing, or only the end of a comment or string, behind the mark. Anything else is not for us to interpret: "never
  // write sluice:allow, ever" allows nothing.
  if (words.find_first_not_of("'`)]}") == std::string_view::npos) return AllowComment{"", ""};
  if (id != rule_id) return std::nullopt;
  return AllowComment{id, TrimReason(words.substr(id_bytes))};
}

}  // namespace

std::optional<AllowComment> FindAllowComment(std::string_view line, std::size_t secret_begin, std::size_t secret_end,
                                             std::string_view rule_id) {
  for (const std::string_view mark : {kOwnMark, kGitleaksMark}) {
    for (std::size_t at = line.find(mark); at != std::string_view::npos; at = line.find(mark, at + 1)) {
      const std::size_t behind = at + mark.size();
      if (at < secret_end && behind > secret_begin) continue;
      // "notsluice:allow" and "sluice:allowed" are other words.
      if (at > 0 && IsWordChar(line[at - 1])) continue;
      if (behind < line.size() && IsWordChar(line[behind])) continue;
      if (mark == kGitleaksMark) return AllowComment{"", "gitleaks:allow"};
      if (auto comment = ReadOwn(line.substr(behind), rule_id)) return comment;
    }
  }
  return std::nullopt;
}

}  // namespace sluice::scan
