#include "scan/near.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/ascii.h"

namespace sluice::scan {

namespace {

// Words of a key that say "credential".
constexpr std::array<std::string_view, 24> kCredentialWords = {
    "key",    "token",  "secret",  "pass",    "pwd",     "auth",    "cred",   "api",
    "bearer", "login",  "private", "license", "licence", "webhook", "dsn",    "pat",
    "apikey", "access", "signing", "psk",     "pin",     "hmac",    "cookie", "session"};

// Words of a key that say "something else that looks random".
constexpr std::array<std::string_view, 22> kOtherWords = {
    "sha",       "sha1",     "sha256",   "sha512",    "md5",  "hash",      "digest",      "checksum",
    "commit",    "rev",      "revision", "etag",      "guid", "integrity", "fingerprint", "version",
    "checksums", "resolved", "treehash", "changeset", "salt", "nonce"};

// Words that, right in front of "token" or "key", say that it opens nothing: it protects one form or request.
// "requestverification" is that of "__RequestVerificationToken".
constexpr std::array<std::string_view, 7> kFormWords = {
    "csrf", "xsrf", "forgery", "csrfmiddleware", "requestverification", "authenticity", "antiforgery"};

// Or it is a place in a list, or of something that goes on. Not in capitals: who keeps one in a variable of the
// environment, such as SYNC_TOKEN, keeps a credential.
constexpr std::array<std::string_view, 31> kPlaceWords = {
    "page",         "next",     "nextpage",   "prev",   "previous",     "pagination",  "paging",      "paginator",
    "cursor",       "scroll",   "bookmark",   "marker", "skip",         "start",       "starting",    "continue",
    "continuation", "sequence", "delta",      "sync",   "change",       "etag",        "concurrency", "fencing",
    "checkpoint",   "resume",   "resumption", "cancel", "cancellation", "idempotency", "idempotent"};

// Those that, in front of "secret", too, say that a key kept elsewhere is needed, or that nothing leads back.
constexpr std::array<std::string_view, 4> kSealedWords = {"encrypted", "sealed", "hashed", "masked"};

// Longer keys and lines are not read to their end.
constexpr std::size_t kKeyBytes = 96;
constexpr std::size_t kLinesAbove = 12;
constexpr std::size_t kShortName = 5;
constexpr std::size_t kNone = std::string_view::npos;

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsQuote(char c) { return c == '"' || c == '\'' || c == '`' || c == '\\'; }

bool IsSeparator(char c) { return c == '_' || c == '-' || c == '.' || c == ' '; }

// True where a capital begins a word within letters: "api|Key", "DeepL|Client".
bool BeginsWithCapital(std::string_view text, std::size_t at) {
  return IsUpper(text[at]) && (!IsUpper(text[at - 1]) || (at + 1 < text.size() && IsLower(text[at + 1])));
}

// True where no letter goes on.
bool IsWordBegin(std::string_view text, std::size_t at) {
  return at == 0 || !IsLetter(text[at - 1]) || BeginsWithCapital(text, at);
}

// A name counts only as words of an identifier: not "apiary" for "api", but "apiKey", "API_KEY", "myApi", "HTTPApi".
bool StandsAlone(std::string_view text, std::size_t begin, std::size_t end) {
  if (!IsWordBegin(text, begin)) return false;
  // One capital in front is part of the name: "XBox", "GMail".
  const bool is_behind_capital = begin > 0 && IsUpper(text[begin - 1]);
  if (is_behind_capital && (begin == 1 || !IsUpper(text[begin - 2]))) return false;
  if (end >= text.size() || !IsLetter(text[end])) return true;
  // "algoliasearch" is algolia's, "frontend" is not front's.
  return BeginsWithCapital(text, end) || end - begin > kShortName;
}

bool HasLetter(std::string_view text) { return std::any_of(text.begin(), text.end(), IsLetter); }

// The last place in [begin, end) of `text` where the name stands, or kNone.
std::size_t FindName(std::string_view text, std::size_t begin, std::size_t end, std::string_view name,
                     std::size_t* name_end) {
  const char first = name[0];
  for (std::size_t at = end; at-- > begin;) {
    if (Lower(text[at]) != first) continue;
    const std::size_t behind = MatchName(text.substr(0, end), at, name);
    if (behind == kNone || !StandsAlone(text, at, behind)) continue;
    *name_end = behind;
    return at;
  }
  return kNone;
}

// True when one of `words` begins a word of `key` ("apiKey", "API_KEY2", "tokens").
template <typename Words>
bool HasWord(std::string_view key, const Words& words, bool whole) {
  for (std::size_t at = 0; at < key.size(); ++at) {
    for (const std::string_view word : words) {
      const std::size_t end = MatchName(key, at, word);
      if (end == kNone) continue;
      const bool begins = at == 0 || !IsLetter(key[at - 1]) || (IsLower(key[at - 1]) && IsUpper(key[at]));
      const bool ends = end >= key.size() || !IsLetter(key[end]) || (IsUpper(key[end]) && IsLower(key[end - 1]));
      // "apikey" and "authtoken" are written as one word: a long one may also end another.
      if (whole ? begins && ends : begins || (ends && word.size() >= 3)) return true;
    }
  }
  return false;
}

// What the value on its line is assigned to.
struct Key {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_argument = false;  // "(value" or ", value": the key is the call in front of it.
};

Key KeyOf(std::string_view text, std::size_t line_begin, std::size_t value_begin) {
  std::size_t at = value_begin;
  while (at > line_begin && (IsQuote(text[at - 1]) || IsBlank(text[at - 1]))) --at;
  Key key;
  key.end = at;
  const std::size_t least = at > line_begin + kKeyBytes ? at - kKeyBytes : line_begin;
  if (at > least && (text[at - 1] == '(' || text[at - 1] == ',' || text[at - 1] == '[')) {
    key.is_argument = true;
    key.begin = least;
    // Not into the statement before.
    for (std::size_t i = at; i-- > least;) {
      if (text[i] == ';' || text[i] == '{' || text[i] == '}') {
        key.begin = i + 1;
        break;
      }
    }
    return key;
  }
  bool seen_letter = false;
  bool seen_connector = false;
  while (at > least) {
    const char c = text[at - 1];
    if (IsLetter(c) || IsDigit(c)) seen_letter = true;
    if (c == ';' || c == '{' || c == '}' || c == ',' || c == '&' || c == '?') {
      if (seen_letter) break;
    }
    if (c == '=' || c == ':') {
      // The second connector belongs to another assignment, except in "name: type = value" and "a::b".
      if (seen_connector && seen_letter && c == '=') break;
      seen_connector = true;
    }
    --at;
  }
  key.begin = at;
  return key;
}

std::size_t Indent(std::string_view line) {
  std::size_t indent = 0;
  while (indent < line.size() && IsBlank(line[indent])) ++indent;
  return indent;
}

bool IsBlankLine(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return IsBlank(c) || c == '\r'; });
}

// "[name]", "# name", "// name", "<name>", "name:", "name = {", "name(": a line that is about those that follow.
bool OpensBlock(std::string_view line) {
  std::size_t end = line.size();
  while (end > 0 && (IsBlank(line[end - 1]) || line[end - 1] == '\r')) --end;
  const std::size_t begin = Indent(line);
  if (begin >= end) return false;
  const char first = line[begin];
  const char last = line[end - 1];
  return first == '[' || first == '#' || first == '/' || first == '*' || first == '<' || first == ';' ||
         line.substr(begin).starts_with("--") || last == '{' || last == ':' || last == '(' || last == '[' ||
         last == '=' || last == '\\' || last == '>';
}

// The place of `name` in the lines above the value: in one that opens the block in which the value stands (a key around
// it, a section's head, a comment), or, unless the name is a common word, in the same paragraph. kNone when it is not.
std::size_t FindAbove(std::string_view text, std::size_t least, std::size_t line_begin, std::size_t value_begin,
                      std::string_view name, bool common, std::size_t* name_end) {
  std::size_t indent = Indent(text.substr(line_begin, value_begin - line_begin));
  bool in_paragraph = true;
  std::size_t below = line_begin;
  for (std::size_t lines = 0; lines < kLinesAbove && below > least; ++lines) {
    std::size_t above = below - 1;
    while (above > least && text[above - 1] != '\n') --above;
    const std::string_view line = text.substr(above, below - 1 - above);
    const std::size_t line_at = above;
    below = above;
    if (IsBlankLine(line)) {
      in_paragraph = false;
      continue;
    }
    const std::size_t line_indent = Indent(line);
    const char first = line[line_indent];
    const bool is_section = first == '[';
    const bool is_comment = first == '#' || first == '/' || first == ';';
    const bool is_around = line_indent < indent && !is_comment;
    if (is_around) indent = line_indent;
    const bool counts =
        is_section || (is_around && OpensBlock(line)) || (is_comment && in_paragraph) || (!common && in_paragraph);
    if (counts) {
      const std::size_t at = FindName(text, line_at, line_at + line.size(), name, name_end);
      if (at != kNone) return at;
    }
    if (is_section && line_indent == 0) break;  // What stands above is another section.
  }
  return kNone;
}

// True when what stands behind a name makes it a key around a value that begins at `end`: "box": {"token": …
bool IsKeyAround(std::string_view text, std::size_t name_end, std::size_t end) {
  while (name_end < end && (IsQuote(text[name_end]) || IsBlank(text[name_end]) || text[name_end] == ']')) ++name_end;
  return name_end < end && (text[name_end] == ':' || text[name_end] == '=' || text[name_end] == '.' ||
                            text[name_end] == '{' || text[name_end] == '(' || text[name_end] == '>');
}

// True for the key of a value whose real key stands elsewhere: { name: ACME_KEY, value: … }.
bool IsStandIn(std::string_view key) {
  std::size_t end = key.size();
  while (end > 0 && !IsLetter(key[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && IsLetter(key[begin - 1])) --begin;
  for (const std::string_view word : {"value", "default", "content", "val"}) {
    if (MatchName(key.substr(begin, end - begin), 0, word) == end - begin) return true;
  }
  return false;
}

// The key of the value at `begin`, also where that stands elsewhere.
Key OwnKey(std::string_view text, std::size_t least, std::size_t line_begin, std::size_t begin) {
  Key key = KeyOf(text, line_begin, begin);
  if (IsStandIn(text.substr(key.begin, key.end - key.begin))) {
    const bool is_alone = !HasLetter(text.substr(line_begin, key.begin - line_begin)) && line_begin > least;
    key.begin = is_alone ? std::max(least, text.rfind('\n', line_begin - 2) + 1) : line_begin;
    if (key.begin > begin) key.begin = line_begin;
  }
  return key;
}

// Where the line begins on which `at` stands, or `least`.
std::size_t LineBegin(std::string_view text, std::size_t least, std::size_t at) {
  while (at > least && text[at - 1] != '\n') --at;
  return at;
}

// True when the last name of a credential in `key` is one of a value that opens nothing.
bool IsPassing(std::string_view key) {
  constexpr std::array<std::string_view, 4> kNames = {"token", "key", "secret", "pass"};
  std::size_t at = key.size();
  const auto begins = [&](std::string_view name) { return MatchName(key, at, name) != kNone; };
  while (at > 0) {
    --at;
    if (std::any_of(kNames.begin(), kNames.end(), begins)) break;
  }
  const bool is_token = begins("token") || begins("key");
  const bool is_password = begins("pass");  // SQL's ENCRYPTED PASSWORD '…' is in the clear.
  if (at > 0 && IsSeparator(key[at - 1])) --at;
  const auto stands_ahead = [&](std::string_view word) {
    return word.size() <= at && MatchName(key, at - word.size(), word) == at && IsWordBegin(key, at - word.size());
  };
  if (!is_password && std::any_of(kSealedWords.begin(), kSealedWords.end(), stands_ahead)) return true;
  if (!is_token) return false;
  if (std::any_of(kFormWords.begin(), kFormWords.end(), stands_ahead)) return true;
  return std::any_of(key.begin(), key.end(), IsLower) &&
         std::any_of(kPlaceWords.begin(), kPlaceWords.end(), stands_ahead);
}

// True for a digest where only the name of a commit, or what a package manager computed of a package, can stand:
// …/zipball/<commit>, owner/action@<commit>, name/1.0#<digest>, {:git, "….git", "<commit>"
bool IsRevision(std::string_view text, std::size_t begin, std::size_t end) {
  const std::string_view value = text.substr(begin, end - begin);
  if (value.size() != 32 && value.size() != 40 && value.size() != 64) return false;
  if (!std::all_of(value.begin(), value.end(), IsHexDigit)) return false;
  const std::size_t least = begin > kKeyBytes ? begin - kKeyBytes : 0;
  const std::string_view ahead = text.substr(least, begin - least);
  for (const std::string_view segment : {"/zipball/", "/tarball/", "/commit/", "/commits/", "/archive/", "/tree/",
                                         "/blob/", "/raw/", "/compare/", ".git#", ".git\", \"", ".git@"}) {
    if (ahead.ends_with(segment)) return true;
  }
  if (!ahead.ends_with('@') && !ahead.ends_with('#')) return false;
  // Behind a path of names: owner/action@, but no user:password@.
  std::size_t from = ahead.size() - 1;
  const auto is_of_path = [](char c) {
    return IsLetter(c) || IsDigit(c) || c == '/' || c == '.' || c == '-' || c == '_';
  };
  while (from > 0 && is_of_path(ahead[from - 1])) --from;
  const std::string_view path = ahead.substr(from, ahead.size() - 1 - from);
  const bool is_address = from > 0 && ahead[from - 1] == ':';
  return !is_address && !path.starts_with('/') && path.find('/') != std::string_view::npos;
}

}  // namespace

std::size_t MatchName(std::string_view text, std::size_t at, std::string_view name) {
  for (const char c : name) {
    if (c == ' ') {
      if (at < text.size() && IsSeparator(text[at])) ++at;
      continue;
    }
    if (at >= text.size() || Lower(text[at]) != c) return kNone;
    ++at;
  }
  return at;
}

bool HasPassingKey(std::string_view text, std::size_t begin) {
  const std::size_t least = begin > kNearBefore ? begin - kNearBefore : 0;
  const Key key = OwnKey(text, least, LineBegin(text, least, begin), begin);
  return IsPassing(text.substr(key.begin, key.end - key.begin));
}

bool IsOperatorOfVariable(std::string_view text, std::size_t begin) {
  constexpr std::string_view kOperators = "-+?=";
  if (begin == 0 || begin >= text.size() || text[begin - 1] != ':') return false;
  if (kOperators.find(text[begin]) == std::string_view::npos) return false;
  std::size_t name = begin - 1;
  while (name > 0 && begin - name < kLongestName && (IsAlnum(text[name - 1]) || text[name - 1] == '_')) --name;
  return text.substr(0, name).ends_with("${");
}

View FindRun(std::string_view text, std::size_t begin, std::size_t end, const CharacterSet& set, std::size_t least) {
  const auto is_member = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return ((set[byte >> 6U] >> (byte & 63U)) & 1U) != 0;
  };
  // A run that begins at or behind `begin` holds the byte at begin + least - 1, or begins behind it.
  while (begin + least <= end) {
    std::size_t at = begin + least;
    while (at > begin && is_member(text[at - 1])) --at;
    if (at == begin) {
      std::size_t behind = begin + least;
      while (behind < end && is_member(text[behind])) ++behind;
      return {begin, behind};
    }
    begin = at;
  }
  return {end, end};
}

NearResult FindNear(std::string_view text, std::size_t begin, std::size_t end, const NearRule& rule) {
  if (IsRevision(text, begin, end)) return {};
  const std::size_t least = begin > kNearBefore ? begin - kNearBefore : 0;
  const std::size_t most = std::min(text.size(), end + kNearBehind);
  const std::size_t line_begin = LineBegin(text, least, begin);
  std::size_t line_end = end;
  while (line_end < most && text[line_end] != '\n') ++line_end;

  const Key key = OwnKey(text, least, line_begin, begin);
  const std::string_view key_text = text.substr(key.begin, key.end - key.begin);
  if (HasWord(key_text, kOtherWords, /*whole=*/true) || IsPassing(key_text)) return {};
  const bool has_credential_word = HasWord(key_text, kCredentialWords, /*whole=*/false);
  if (!rule.words.empty() && !HasWord(key_text, rule.words, /*whole=*/false)) return {};

  NearResult best;
  const auto offer = [&](Nearness nearness, std::size_t distance) {
    if (nearness < best.nearness || (nearness == best.nearness && distance >= best.distance)) return;
    best = {nearness, distance};
  };
  for (const std::string_view name : rule.names) {
    std::size_t name_end = 0;
    // In the value's own key or call.
    if (const std::size_t at = FindName(text, key.begin, key.end, name, &name_end); at != kNone) {
      const bool said = has_credential_word || !rule.words.empty();
      if (said || !rule.common) offer(said ? Nearness::kClose : Nearness::kLoose, begin - name_end);
      continue;
    }
    if (!has_credential_word && rule.words.empty()) continue;
    if (const std::size_t at = FindAbove(text, least, line_begin, begin, name, rule.common, &name_end); at != kNone) {
      offer(Nearness::kClose, begin - name_end);
      continue;
    }
    // Elsewhere on the line, and in what follows.
    if (const std::size_t at = FindName(text, line_begin, key.begin, name, &name_end);
        at != kNone && (!rule.common || IsKeyAround(text, name_end, key.begin))) {
      offer(Nearness::kClose, begin - name_end);
    }
    if (rule.common) continue;
    if (const std::size_t at = FindName(text, end, most, name, &name_end); at != kNone) {
      offer(Nearness::kClose, at - end);
    }
  }
  return best;
}

}  // namespace sluice::scan
