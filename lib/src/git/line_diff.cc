// Which lines are new.
//
// An edit changes a few lines of a file, and a diff hashes all of them: 8 ms for a 1 MB file with one changed line. So
// the common head and tail go first, at the speed of memcmp (0.04 ms), and the diff sees only what lies between.
//
// A missing newline at the end of either text counts as there: appending a line to such a file does not make its last
// line new.
#include <git2.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "git/object_store.h"
#include "sluice/git/staged.h"

namespace sluice::git {
namespace {

constexpr std::size_t kBlock = 1024;

// The time of a diff grows faster than the number of its lines: up to 0.5 s for this many of a kind that no diff aligns
// (two different lines in random order), 7 s for eight times as many. Beyond, lines are counted instead of aligned.
constexpr std::size_t kMaxDiffLines = 200'000;
// Counting takes about 60 bytes a line. Beyond, every line between head and tail is new, which is safe: it can only
// report what was there before, never miss what is new.
constexpr std::size_t kMaxCountedLines = 4'000'000;

std::size_t CommonHead(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t at = 0;
  while (size - at >= kBlock && std::memcmp(a.data() + at, b.data() + at, kBlock) == 0) at += kBlock;
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

std::size_t CommonTail(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::size_t length = 0;
  const auto same = [&](std::size_t from_end, std::size_t count) {
    return std::memcmp(a.data() + a.size() - from_end, b.data() + b.size() - from_end, count) == 0;
  };
  while (size - length >= kBlock && same(length + kBlock, kBlock)) length += kBlock;
  while (length < size && a[a.size() - 1 - length] == b[b.size() - 1 - length]) ++length;
  return length;
}

bool IsLineStart(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

// The offsets behind the lines that both texts start with.
std::pair<std::size_t, std::size_t> SkipCommonHead(std::string_view old_text, std::string_view new_text) {
  const std::size_t same = CommonHead(old_text, new_text);
  const auto ends = [same](std::string_view text) { return same == text.size(); };
  if (ends(old_text) && ends(new_text)) return {same, same};
  // One of them ends here, in the middle of a line that the other one ends here too.
  if (ends(old_text) && new_text[same] == '\n' && !IsLineStart(old_text, same)) return {same, same + 1};
  if (ends(new_text) && old_text[same] == '\n' && !IsLineStart(new_text, same)) return {same + 1, same};
  if (IsLineStart(new_text, same)) return {same, same};
  const std::size_t start = new_text.rfind('\n', same - 1);
  const std::size_t line = start == std::string_view::npos ? 0 : start + 1;
  return {line, line};
}

std::string_view WithoutLastNewline(std::string_view text) {
  return text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
}

// What lies between the common head and tail, in whole lines that end in '\n'.
struct Middle {
  std::string_view older;
  std::string_view newer;
  // Where a last line without a newline got one.
  std::string older_copy;
  std::string newer_copy;
};

void EndWithNewline(std::string_view& text, std::string& copy) {
  if (text.ends_with('\n')) return;
  copy.reserve(text.size() + 1);
  copy.append(text).push_back('\n');
  text = copy;
}

// REQUIRES: neither is empty. Fills `middle` in place, since its views may point into it.
void TrimCommonTail(std::string_view old_rest, std::string_view new_rest, Middle& middle) {
  const std::string_view old_body = WithoutLastNewline(old_rest);
  const std::string_view new_body = WithoutLastNewline(new_rest);
  const std::size_t same = CommonTail(old_body, new_body);
  std::size_t old_end = old_body.size() - same;
  std::size_t new_end = new_body.size() - same;
  if (!IsLineStart(old_body, old_end) || !IsLineStart(new_body, new_end)) {
    const std::size_t newline = new_body.find('\n', new_end);
    if (newline == std::string_view::npos) {
      middle.older = old_rest;
      middle.newer = new_rest;
      EndWithNewline(middle.older, middle.older_copy);
      EndWithNewline(middle.newer, middle.newer_copy);
      return;
    }
    old_end += newline + 1 - new_end;
    new_end = newline + 1;
  }
  middle.older = old_rest.substr(0, old_end);
  middle.newer = new_rest.substr(0, new_end);
}

std::size_t CountLines(std::string_view text) {
  const auto newlines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return newlines + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

struct Hunks {
  std::vector<LineRange> added;
  std::size_t lines = 0;  // Of the new side.
  bool seen = false;
  bool refused = false;
};

int OnHunk(const git_diff_delta* /*delta*/, const git_diff_hunk* hunk, void* payload) {
  auto& hunks = *static_cast<Hunks*>(payload);
  hunks.seen = true;
  if (hunk->new_lines == 0) return 0;
  const LineRange range{static_cast<std::size_t>(hunk->new_start),
                        static_cast<std::size_t>(hunk->new_start) + static_cast<std::size_t>(hunk->new_lines)};
  if (hunk->new_start < 1 || hunk->new_lines < 0 || range.end > hunks.lines + 1) hunks.refused = true;
  if (!hunks.added.empty() && hunks.added.back().end >= range.begin) {
    hunks.added.back().end = std::max(hunks.added.back().end, range.end);
  } else {
    hunks.added.push_back(range);
  }
  return 0;
}

int OnBinary(const git_diff_delta* /*delta*/, const git_diff_binary* /*binary*/, void* payload) {
  static_cast<Hunks*>(payload)->refused = true;
  return 0;
}

// Calls `visit` with each line, newline included.
template <typename Visit>
void ForEachLine(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    visit(text.substr(0, end));
    text.remove_prefix(end);
  }
}

// The lines of `newer`, from 1, of which `older` has fewer: moved ones are not new, everything else is as in a diff.
std::vector<LineRange> CountNewLines(std::string_view older, std::string_view newer) {
  std::unordered_map<std::string_view, std::size_t> old_lines;
  ForEachLine(older, [&old_lines](std::string_view line) { ++old_lines[line]; });
  std::vector<LineRange> added;
  std::size_t number = 0;
  ForEachLine(newer, [&](std::string_view line) {
    ++number;
    const auto known = old_lines.find(line);
    if (known != old_lines.end() && known->second > 0) {
      --known->second;
    } else if (!added.empty() && added.back().end == number) {
      ++added.back().end;
    } else {
      added.push_back({number, number + 1});
    }
  });
  return added;
}

// The new lines of `newer`, from 1; nullopt when the diff cannot tell.
std::optional<std::vector<LineRange>> DiffLines(std::string_view older, std::string_view newer) {
  const std::size_t old_lines = CountLines(older);
  if (old_lines > kMaxCountedLines) return std::nullopt;
  if (old_lines + CountLines(newer) > kMaxDiffLines) return CountNewLines(older, newer);
  StartLibgit2();
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.context_lines = 0;
  options.interhunk_lines = 0;
  // sluice decides what is text; to the diff everything is.
  options.flags = GIT_DIFF_FORCE_TEXT;
  Hunks hunks;
  hunks.lines = CountLines(newer);
  const int failed = git_diff_buffers(older.data(), older.size(), nullptr, newer.data(), newer.size(), nullptr,
                                      &options, nullptr, &OnBinary, &OnHunk, nullptr, &hunks);
  // The two differ, so there is a hunk, or the diff has not looked.
  if (failed != 0 || hunks.refused || !hunks.seen) return std::nullopt;
  return std::move(hunks.added);
}

}  // namespace

Result<std::vector<LineRange>> AddedLines(std::string_view old_text, std::string_view new_text) {
  const auto [old_begin, new_begin] = SkipCommonHead(old_text, new_text);
  const std::string_view old_rest = old_text.substr(old_begin);
  const std::string_view new_rest = new_text.substr(new_begin);
  if (new_rest.empty()) return std::vector<LineRange>{};
  const std::size_t before = CountLines(new_text.substr(0, new_begin));
  if (old_rest.empty()) return std::vector<LineRange>{{before + 1, before + 1 + CountLines(new_rest)}};
  Middle middle;
  TrimCommonTail(old_rest, new_rest, middle);
  if (middle.newer.empty()) return std::vector<LineRange>{};
  const std::size_t lines = CountLines(middle.newer);
  std::optional<std::vector<LineRange>> added;
  // The first and the last lines differ, so with one against one or two there is nothing to search for.
  const bool simple = lines == 1 && CountLines(middle.older) <= 2;
  if (!middle.older.empty() && !simple) added = DiffLines(middle.older, middle.newer);
  if (!added) added = std::vector<LineRange>{{1, 1 + lines}};
  for (LineRange& range : *added) {
    range.begin += before;
    range.end += before;
  }
  return std::move(*added);
}

}  // namespace sluice::git
