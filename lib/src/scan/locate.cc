#include "scan/locate.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "base/ascii.h"
#include "scan/evidence.h"
#include "scan/randomness.h"

namespace sluice::scan {

namespace {

constexpr std::size_t kMaxMatchBytes = 32768;  // The rule parser's limit.
constexpr std::size_t kContextBefore = 80;
constexpr std::size_t kContextAfter = 40;
constexpr std::size_t kRevealBytes = 4;      // At each end of a preview.
constexpr std::size_t kMinRevealBytes = 20;  // Of a secret of which anything is shown.
constexpr std::size_t kMinRepeatBytes = 4;   // Of a value that is looked for once more on its line.
constexpr std::size_t kTokenRunBytes = 16;   // A run this long that looks random is masked although no rule matched.
constexpr double kTokenRunEntropy = 3.0;
constexpr std::size_t kMaskReach = 256;  // Around what is shown: what begins there may go on in it.
constexpr std::string_view kMask = "********";
constexpr std::string_view kCut = "…";  // Where the line goes on.

bool IsTokenChar(char c) {
  return IsAlnum(c) || c == '_' || c == '-' || c == '+' || c == '/' || c == '=' || c == '.' || c == '~';
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

// Whether text[at] goes on with a character that begins before it.
bool IsInCharacter(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U;
}

// Line and column of an offset of the window.
struct Place {
  std::size_t line;
  std::size_t column;        // Bytes.
  std::size_t utf16_column;  // 0: the line begins before the window.
};

Place PlaceOf(const Window& window, std::size_t at, LineCounter* lines) {
  const std::size_t lines_before = lines->Before(at);
  Place place{};
  place.line = window.line + lines_before;
  if (lines_before > 0) {
    place.column = at - lines->line_begin() + 1;
    place.utf16_column = lines->utf16_units() + 1;
  } else {
    place.column = static_cast<std::size_t>(window.offset + at - window.line_begin) + 1;
    if (window.line_begin == window.offset) place.utf16_column = lines->utf16_units() + 1;
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

struct Stretch {
  std::size_t begin;
  std::size_t end;
};

// Of bytes: in text that is not UTF-8, a value goes on behind what is none.
RE2::Options Quiet() {
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  return options;
}

// Values whose place alone says that they are secrets, whatever they look like: "password=…", "--token …",
// "-u name:…", "//name:…@". No rule need have found them (a placeholder's word in it, too short, switched off), but
// they must not be shown beside what one has found.
constexpr std::array kSecretPlaces = {
    R"re((?i)(?:pass(?:wor[dt]|wd|phrase|code)?|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key|auth(?:orization)?)[0-9a-z_.-]{0,20}\\{0,3}["'`\]]{0,3}\s{0,3}(?:=>|:=|==?|:)\s{0,3}(?:(?:bearer|basic|token|digest)\s{1,3})?(?:\\{0,3}["'`])?(?:(?:bearer|basic|token|digest)\s{1,3})?([^\s"'`&;,<>]+))re",
    R"re((?i)(?:pass(?:wor[dt]|wd|phrase|code)?|pwd|secret|token)[0-9a-z_.-]{0,20}\\{0,3}["'`\]]{0,3}\s{0,3}(?:=>|:=|==?|:)\s{0,3}(?:"((?:[^"\\]|\\.)+)|'((?:[^'\\]|\\.)+)))re",
    R"re((?i)--?[a-z-]{0,20}(?:pass|pwd|secret|token)[a-z-]{0,20}[ =]{1,3}["']?([^\s"'-][^\s"']*))re",
    R"re((?:^|\s)(?:-u|--user)[ =]{0,2}["']?[^\s:"']+:([^\s"']+))re",
    R"re(://[^\s/@"'<>`:]*:([^\s"'<>`]+)@)re",
};

// What is looked up elsewhere may be seen.
bool IsLookedUp(re2::StringPiece value) {
  static const RE2* const kReference =
      new RE2(R"re(\$\{[A-Za-z0-9_.:-]*\}?|\$[A-Z_]+|\{\{[A-Za-z0-9_. ]*(?:\}\})?|%[sv])re", Quiet());
  return RE2::FullMatch(value, *kReference);
}

// The ids of rules in allow comments: "-secret-key" in "sluice:allow stripe-secret-key a sample" is no option, and the
// word behind it the reason that an audit reads.
std::vector<Stretch> AllowedIds(std::string_view text) {
  static const RE2* const kId = new RE2(R"re(sluice:allow[ \t]{1,8}([0-9a-z-]+))re", Quiet());
  const re2::StringPiece whole(text.data(), text.size());
  std::vector<Stretch> ids;
  std::array<re2::StringPiece, 2> groups;
  for (std::size_t at = 0; kId->Match(whole, at, text.size(), RE2::UNANCHORED, groups.data(), 2);) {
    const auto begin = static_cast<std::size_t>(groups[1].data() - text.data());
    at = begin + groups[1].size();
    ids.push_back({begin, at});
  }
  return ids;
}

void AddSecretPlaces(std::string_view text, std::size_t offset, std::vector<Stretch>* hidden) {
  static const auto* const kExpressions = [] {
    auto* expressions = new std::vector<std::unique_ptr<RE2>>;
    for (const char* place : kSecretPlaces) expressions->push_back(std::make_unique<RE2>(place, Quiet()));
    return expressions;
  }();
  const re2::StringPiece whole(text.data(), text.size());
  const std::vector<Stretch> ids = AllowedIds(text);
  for (const auto& expression : *kExpressions) {
    std::array<re2::StringPiece, 3> groups;
    const int count = expression->NumberOfCapturingGroups() + 1;
    for (std::size_t at = 0; expression->Match(whole, at, text.size(), RE2::UNANCHORED, groups.data(), count);) {
      const re2::StringPiece value = groups[1].data() != nullptr || count < 3 ? groups[1] : groups[2];
      const auto begin = static_cast<std::size_t>(value.data() - text.data());
      const auto place = static_cast<std::size_t>(groups[0].data() - text.data());
      const bool is_id =
          std::any_of(ids.begin(), ids.end(), [&](const Stretch& id) { return id.begin <= place && place < id.end; });
      if (!is_id && !IsLookedUp(value)) hidden->push_back({offset + begin, offset + begin + value.size()});
      at = begin + value.size();
    }
  }
}

// The same in the name of a file and in a line of ours: nearer to the words, since neither `tokenizer=…` nor
// `own-token: …` says a secret there. In a name, '=' and ':' may be encoded.
constexpr std::string_view kKeyOfSecret =
    R"re((?i)(?:pass(?:wor[dt]|wd|phrase|code)?|pwd|secret|token|credentials?|api[_-]?key|(?:access|private)[_-]?key|auth)s?(?:[_-]?(?:key|value|hash))?(?:[_.-][0-9a-z_.-]{0,20})?[0-9]{0,4})re";
constexpr std::array<std::string_view, 2> kPlacesInNames = {
    R"re(\s{0,3}(?:=|:|%3d)\s{0,3}["'`]?([^\s"'`<>/]+))re",
    R"re((?:^|[^0-9A-Za-z.-])[0-9A-Za-z.-]*:([^\s"'`<>/:@]+)@)re",
};
constexpr std::array<std::string_view, 2> kPlacesInLines = {
    R"re((?:=|%3d)["'`]?([^\s"'`<>]+))re",
    R"re(://[^\s/@"'<>`:]*:([^\s"'<>`]+)@)re",
};

// `value` without what is not its own at its end: the next one of a query ("&b=2"), an extension, a line and a column,
// punctuation.
std::size_t BytesOfValue(re2::StringPiece value) {
  static const RE2* const kValue =
      new RE2(R"re((.+?)(?:(?:\.[a-z]{1,4})?(?::[0-9]{1,6}){0,2}[:;,.)]*|&[0-9A-Za-z_.-]+(?:=|%3[Dd]).*))re", Quiet());
  re2::StringPiece own;
  return RE2::FullMatch(value, *kValue, &own) ? own.size() : value.size();
}

std::vector<Stretch> SecretsIn(std::string_view text, const std::vector<std::unique_ptr<RE2>>& places) {
  const re2::StringPiece whole(text.data(), text.size());
  std::vector<Stretch> secrets;
  for (const auto& place : places) {
    std::array<re2::StringPiece, 2> groups;
    for (std::size_t at = 0; place->Match(whole, at, text.size(), RE2::UNANCHORED, groups.data(), 2);) {
      const re2::StringPiece value = groups[1].substr(0, BytesOfValue(groups[1]));
      const auto begin = static_cast<std::size_t>(value.data() - text.data());
      at = begin + value.size();
      if (!IsLookedUp(value)) secrets.push_back({begin, at});
    }
  }
  return secrets;
}

std::vector<std::unique_ptr<RE2>> CompilePlaces(const std::array<std::string_view, 2>& places) {
  std::vector<std::unique_ptr<RE2>> compiled;
  compiled.push_back(std::make_unique<RE2>(std::string(kKeyOfSecret).append(places[0]), Quiet()));
  compiled.push_back(std::make_unique<RE2>(std::string(places[1]), Quiet()));
  return compiled;
}

bool IsRandomRun(std::string_view run) {
  const bool has_digit = std::any_of(run.begin(), run.end(), IsDigit);
  return run.size() >= kTokenRunBytes && has_digit && ShannonEntropy(run) >= kTokenRunEntropy;
}

// Adds the runs of token characters in text[begin, end) that look random: one may be the other half of a pair that only
// one rule knows.
void AddRandomRuns(std::string_view text, std::size_t begin, std::size_t end, std::vector<Stretch>* hidden) {
  for (std::size_t at = begin; at < end;) {
    if (!IsTokenChar(text[at])) {
      ++at;
      continue;
    }
    std::size_t stop = at;
    while (stop < end && IsTokenChar(text[stop])) ++stop;
    if (IsRandomRun(text.substr(at, stop - at))) hidden->push_back({at, stop});
    at = stop;
  }
}

constexpr std::ptrdiff_t kMostOnALine = 256;

bool EndsWord(char c) {
  constexpr std::string_view kEnds = "\"'`<>()[]{}";
  return static_cast<unsigned char>(c) <= ' ' || kEnds.find(c) != std::string_view::npos;
}

// "acme.toml:4": where a message about rules points to.
bool IsPlaceInRules(std::string_view word) {
  constexpr std::string_view kExtension = ".toml:";
  const std::size_t at = word.rfind(kExtension);
  return at != std::string_view::npos &&
         std::none_of(word.begin(), word.end(), [](char c) { return IsUpper(c) || c == '='; }) &&
         std::all_of(word.begin() + static_cast<std::ptrdiff_t>(at + kExtension.size()), word.end(), IsDigit);
}

// Adds the words that are strong passwords, whatever stands before them.
void AddStrongWords(std::string_view text, std::size_t begin, std::size_t end, std::vector<Stretch>* hidden) {
  for (std::size_t at = begin; at < end;) {
    if (EndsWord(text[at])) {
      ++at;
      continue;
    }
    std::size_t stop = at;
    while (stop < end && !EndsWord(text[stop])) ++stop;
    const std::string_view word = text.substr(at, stop - at);
    if (IsStrongPassword(word) && LooksRandom(word) && !IsPlaceInRules(word)) hidden->push_back({at, stop});
    at = stop;
  }
}

// Sorts, and makes one of those that overlap or touch.
void Merge(std::vector<Stretch>* stretches) {
  std::sort(stretches->begin(), stretches->end(), [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  std::vector<Stretch> merged;
  for (const Stretch& stretch : *stretches) {
    if (!merged.empty() && stretch.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, stretch.end);
    } else {
      merged.push_back(stretch);
    }
  }
  *stretches = std::move(merged);
}

// What of text[begin, end) a person must not see.
std::vector<Stretch> Hidden(std::string_view text, std::size_t begin, std::size_t end,
                            const std::vector<Match>& matches) {
  std::vector<Stretch> hidden;
  // No match is longer than that, so none that begins earlier reaches this far.
  const LineSpan line = LineAround(text, begin, end);
  const std::size_t reach = line.begin > kMaxMatchBytes ? line.begin - kMaxMatchBytes : 0;
  const auto begins_before = [](const Match& each, std::size_t wanted) { return each.begin < wanted; };
  auto match = std::lower_bound(matches.begin(), matches.end(), reach, begins_before);
  // Hardly anything would be left to be shown; and each value is looked for in all that is.
  const auto first = std::lower_bound(match, matches.end(), line.begin, begins_before);
  if (std::lower_bound(first, matches.end(), line.end, begins_before) - first > kMostOnALine) return {{begin, end}};
  const std::string_view shown = text.substr(begin, end - begin);
  for (; match != matches.end() && match->begin < line.end; ++match) {
    if (match->end <= line.begin) continue;
    if (match->end > begin && match->begin < end) {
      hidden.push_back({std::max(begin, match->begin), std::min(end, match->end)});
    }
    // Its value once more: a rule sees `password = "…"` and not the `# was …` behind it.
    for (const std::string_view value :
         {text.substr(match->begin, match->end - match->begin), std::string_view(match->decoded)}) {
      if (value.size() < kMinRepeatBytes) continue;
      for (std::size_t at = shown.find(value); at != std::string_view::npos;
           at = shown.find(value, at + value.size())) {
        hidden.push_back({begin + at, begin + at + value.size()});
      }
    }
  }
  AddSecretPlaces(text.substr(begin, end - begin), begin, &hidden);
  Merge(&hidden);
  const std::vector<Stretch> known = hidden;
  std::size_t at = begin;
  for (const Stretch& stretch : known) {
    AddRandomRuns(text, at, stretch.begin, &hidden);
    AddStrongWords(text, at, stretch.begin, &hidden);
    at = stretch.end;
  }
  AddRandomRuns(text, at, end, &hidden);
  AddStrongWords(text, at, end, &hidden);
  Merge(&hidden);
  return hidden;
}

std::string Without(std::vector<Stretch> hidden, std::string_view text) {
  Merge(&hidden);
  std::string without;
  std::size_t at = 0;
  for (const Stretch& stretch : hidden) {
    without.append(text.substr(at, stretch.begin - at)).append(kMask);
    at = stretch.end;
  }
  return without.append(text.substr(at));
}

}  // namespace

std::string Masked(std::string_view text, std::size_t begin, std::size_t end, const std::vector<Match>& matches) {
  // What is cut off by the edge of what is shown is judged as a whole.
  std::size_t from = begin;
  while (from > 0 && begin - from < kMaskReach && text[from - 1] != '\n') --from;
  std::size_t to = end;
  while (to < text.size() && to - end < kMaskReach && text[to] != '\n') ++to;
  std::string masked;
  std::size_t at = begin;
  for (const Stretch& stretch : Hidden(text, from, to, matches)) {
    if (stretch.end <= at || stretch.begin >= end) continue;
    if (stretch.begin > at) AppendPrintable(text.substr(at, stretch.begin - at), &masked);
    masked.append(kMask);
    at = std::min(end, stretch.end);
  }
  if (at < end) AppendPrintable(text.substr(at, end - at), &masked);
  return masked;
}

std::vector<std::pair<std::size_t, std::size_t>> SecretsInName(std::string_view name) {
  static const auto* const kPlaces = new auto(CompilePlaces(kPlacesInNames));
  std::vector<std::pair<std::size_t, std::size_t>> secrets;
  for (const Stretch& secret : SecretsIn(name, *kPlaces)) secrets.emplace_back(secret.begin, secret.end);
  return secrets;
}

std::size_t WithoutExtension(std::string_view value) { return BytesOfValue({value.data(), value.size()}); }

std::string MaskedText(std::string_view line) {
  static const auto* const kPlaces = new auto(CompilePlaces(kPlacesInLines));
  return Without(SecretsIn(line, *kPlaces), line);
}

std::string MaskedWords(std::string_view line) {
  std::vector<Stretch> strong;
  AddStrongWords(line, 0, line.size(), &strong);
  return Without(std::move(strong), line);
}

std::string MaskedMessage(std::string_view text) {
  const std::string without = MaskedWords(MaskedText(text));
  std::string_view message = without;
  std::string masked;
  while (!message.empty()) {
    const auto* const end = std::find_if_not(message.begin(), message.end(), IsTokenChar);
    const std::string_view run = message.substr(0, static_cast<std::size_t>(end - message.begin()));
    bool is_random = false;
    for (std::size_t at = 0; at < run.size();) {
      const std::size_t stop = std::min(run.find_first_of("/.", at), run.size());
      is_random = is_random || IsRandomRun(run.substr(at, stop - at));
      at = stop + 1;
    }
    if (is_random) {
      masked.append(kMask);
    } else {
      AppendPrintable(run, &masked);
    }
    message.remove_prefix(run.size());
    const auto* const next = std::find_if(message.begin(), message.end(), IsTokenChar);
    const auto between = static_cast<std::size_t>(next - message.begin());
    AppendPrintable(message.substr(0, between), &masked);
    message.remove_prefix(between);
  }
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
  const std::size_t first = std::min(at, at_);
  const std::string_view between = text_.substr(first, std::max(at, at_) - first);
  const std::size_t lines = CountLines(between);
  lines_ = at >= at_ ? lines_ + lines : lines_ - lines;
  if (lines > 0) {
    line_begin_ = text_.substr(0, at).rfind('\n') + 1;
    utf16_units_ = Utf16Units(text_.substr(line_begin_, at - line_begin_));
  } else {
    utf16_units_ = at >= at_ ? utf16_units_ + Utf16Units(between) : utf16_units_ - Utf16Units(between);
  }
  at_ = at;
  return lines_;
}

namespace {

// The masked line around the value, or the part of it that is shown.
void AddContext(std::string_view text, const Match& match, const std::vector<Match>& matches, Finding* finding) {
  const LineSpan line = LineAround(text, match.begin, match.end);
  std::size_t begin = line.begin;
  std::string& context = finding->context;
  context.clear();
  if (match.begin - begin > kContextBefore) {
    begin = match.begin - kContextBefore;
    while (begin < match.begin && IsInCharacter(text, begin)) ++begin;
    context = kCut;
  }
  context += Masked(text, begin, match.begin, matches);
  finding->context_column = context.size();
  context += finding->preview;
  finding->context_length = finding->preview.size();
  // Of a value of several lines only the first is shown, and all of that is masked.
  if (text.substr(match.begin, match.end - match.begin).find('\n') != std::string_view::npos) return;
  const bool has_return = line.end > match.end && text[line.end - 1] == '\r';
  std::size_t end = has_return ? line.end - 1 : line.end;
  const bool is_cut = end - match.end > kContextAfter;
  if (is_cut) {
    end = match.end + kContextAfter;
    while (end > match.end && IsInCharacter(text, end)) --end;
  }
  context += Masked(text, match.end, end, matches);
  if (is_cut) context += kCut;
}

}  // namespace

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

  AddContext(window.text, match, matches, finding);
}

}  // namespace sluice::scan
