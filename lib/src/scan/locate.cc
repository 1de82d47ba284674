#include "scan/locate.h"

#include <algorithm>
#include <cstring>

#include "scan/evidence.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kMaxMatchBytes = 32768;  // The rule parser's limit.
constexpr std::size_t kContextBefore = 80;
constexpr std::size_t kContextAfter = 40;
constexpr std::size_t kRevealBytes = 4;      // At each end of a preview.
constexpr std::size_t kMinRevealBytes = 20;  // Of a secret of which anything is shown.
constexpr std::size_t kTokenRunBytes = 16;   // A run this long that looks random is masked although no rule matched.
constexpr double kTokenRunEntropy = 3.0;
constexpr std::string_view kMask = "********";

bool IsTokenChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' ||
         c == '+' || c == '/' || c == '=' || c == '.' || c == '~';
}

std::size_t CountLines(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// UTF-16 code units of UTF-8 text; a byte that is not UTF-8 counts as one.
std::size_t Utf16Units(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80U) units += byte >= 0xf0U ? 2 : 1;
  }
  return units;
}

// Line and column of an offset of the window.
struct Place {
  std::size_t line;
  std::size_t column;        // Bytes.
  std::size_t utf16_column;  // 0: the line begins before the window.
};

Place PlaceOf(const Window& window, std::size_t at, LineCounter* lines) {
  const std::string_view before = window.text.substr(0, at);
  const std::size_t newline = before.rfind('\n');
  Place place{};
  place.line = window.line + lines->Before(at);
  if (newline != std::string_view::npos) {
    place.column = at - newline;
    place.utf16_column = Utf16Units(before.substr(newline + 1)) + 1;
  } else {
    place.column = static_cast<std::size_t>(window.offset + at - window.line_begin) + 1;
    if (window.line_begin == window.offset) place.utf16_column = Utf16Units(before) + 1;
  }
  return place;
}

// Appends `text` as one line that a terminal shows as it is: control and invisible characters and bytes that are not
// UTF-8 become '?'; tabs stay.
void AppendPrintable(std::string_view text, std::string* out) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80U) {
      *out += (byte >= 0x20U && byte != 0x7fU) || byte == '\t' ? text[i] : '?';
      ++i;
      continue;
    }
    const std::size_t length = byte >= 0xf0U ? 4 : byte >= 0xe0U ? 3 : 2;
    bool valid = byte >= 0xc2U && byte <= 0xf4U && i + length <= text.size();
    std::uint32_t code = byte & (0x7fU >> length);
    for (std::size_t j = 1; valid && j < length; ++j) {
      const auto next = static_cast<unsigned char>(text[i + j]);
      valid = (next & 0xc0U) == 0x80U;
      code = code << 6U | (next & 0x3fU);
    }
    if (!valid) {
      *out += '?';
      ++i;
      continue;
    }
    const bool invisible = code < 0xa0 || (code >= 0x200b && code <= 0x200f) || (code >= 0x202a && code <= 0x202e) ||
                           (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
    if (invisible) {
      *out += '?';
    } else {
      out->append(text.substr(i, length));
    }
    i += length;
  }
}

// Appends text in which no rule matched. A run of token characters that looks random is masked all the same: it may be
// the other half of a pair that only one rule knows.
void AppendUnmatched(std::string_view text, std::string* out) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && IsTokenChar(text[end])) ++end;
    const std::string_view run = text.substr(i, end - i);
    const bool has_digit = std::any_of(run.begin(), run.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (run.size() >= kTokenRunBytes && has_digit && ShannonEntropy(run) >= kTokenRunEntropy) {
      out->append(kMask);
    } else {
      AppendPrintable(run, out);
    }
    i = end;
    std::size_t other = i;
    while (other < text.size() && !IsTokenChar(text[other])) ++other;
    AppendPrintable(text.substr(i, other - i), out);
    i = other;
  }
}

}  // namespace

std::string Masked(std::string_view text, std::size_t begin, std::size_t end, const std::vector<Match>& matches) {
  std::string masked;
  std::size_t at = begin;
  // No match is longer than that, so none that begins earlier reaches this far.
  const std::size_t reach = begin > kMaxMatchBytes ? begin - kMaxMatchBytes : 0;
  auto match = std::lower_bound(matches.begin(), matches.end(), reach,
                                [](const Match& each, std::size_t wanted) { return each.begin < wanted; });
  for (; match != matches.end() && match->begin < end; ++match) {
    if (match->end <= at) continue;
    if (match->begin > at) AppendUnmatched(text.substr(at, match->begin - at), &masked);
    masked.append(kMask);
    at = std::min(end, match->end);
  }
  if (at < end) AppendUnmatched(text.substr(at, end - at), &masked);
  return masked;
}

LineSpan LineAround(std::string_view text, std::size_t begin, std::size_t end) {
  const std::size_t reach_begin = begin > kLineReach ? begin - kLineReach : 0;
  const std::size_t before = text.substr(reach_begin, begin - reach_begin).rfind('\n');
  const std::size_t after = text.substr(end, kLineReach).find('\n');
  LineSpan line{};
  line.begin = before == std::string_view::npos ? reach_begin : reach_begin + before + 1;
  line.end = after == std::string_view::npos ? std::min(text.size(), end + kLineReach) : end + after;
  return line;
}

std::string Preview(std::string_view secret, bool reveal) {
  if (!reveal || secret.size() < kMinRevealBytes) return std::string(kMask);
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f'; };
  const std::string_view head = secret.substr(0, kRevealBytes);
  const std::string_view tail = secret.substr(secret.size() - kRevealBytes);
  if (!std::all_of(head.begin(), head.end(), is_plain) || !std::all_of(tail.begin(), tail.end(), is_plain)) {
    return std::string(kMask);
  }
  return std::string(head).append(kMask).append(tail);
}

std::size_t LineCounter::Before(std::size_t at) {
  if (at >= at_) {
    lines_ += CountLines(text_.substr(at_, at - at_));
  } else {
    lines_ -= CountLines(text_.substr(at, at_ - at));
  }
  at_ = at;
  return lines_;
}

void Locate(const Window& window, const Match& match, const std::vector<Match>& matches, LineCounter* lines,
            Finding* finding) {
  const Place begin = PlaceOf(window, match.begin, lines);
  const Place end = PlaceOf(window, match.end, lines);
  finding->line = begin.line;
  finding->column = begin.column;
  finding->utf16_column = begin.utf16_column;
  finding->end_line = end.line;
  finding->end_column = end.column;
  finding->utf16_end_column = end.utf16_column;
  finding->offset = static_cast<std::size_t>(window.offset + match.begin);
  finding->end_offset = static_cast<std::size_t>(window.offset + match.end);

  const std::string_view secret =
      match.decoded.empty() ? window.text.substr(match.begin, match.end - match.begin) : match.decoded;
  finding->preview = Preview(secret, match.rule->info.confidence == Confidence::kHigh);

  const LineSpan line = LineAround(window.text, match.begin, match.end);
  const std::size_t context_begin =
      std::max(line.begin, match.begin > kContextBefore ? match.begin - kContextBefore : 0);
  std::string& context = finding->context;
  context = Masked(window.text, context_begin, match.begin, matches);
  finding->context_column = context.size();
  context += finding->preview;
  finding->context_length = finding->preview.size();
  // Of a value of several lines only the first is shown, and all of that is masked.
  if (window.text.substr(match.begin, match.end - match.begin).find('\n') == std::string_view::npos) {
    context += Masked(window.text, match.end, std::min(line.end, match.end + kContextAfter), matches);
  }
}

}  // namespace sluice::scan
