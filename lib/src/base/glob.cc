#include "base/glob.h"

#include <algorithm>
#include <cstddef>

namespace sluice {

namespace {

// Parses the set at pattern[*at] == '['. Returns whether `c` is in it and moves *at behind the ']', or to npos when
// there is none.
bool SetMatches(std::string_view pattern, std::size_t* at, char c) {
  std::size_t i = *at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool in_set = false;
  for (bool first = true; i < pattern.size(); first = false) {
    if (pattern[i] == ']' && !first) {
      *at = i + 1;
      return c != '/' && in_set != negated;
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    const char low = pattern[i++];
    char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      high = pattern[i + 1];
      i += 2;
    }
    in_set = in_set || (low <= c && c <= high);
  }
  *at = std::string_view::npos;
  return false;
}

// Such a pattern matches nothing, as in git. (To look for the ']' again at each '[' would take too long.)
bool HasOpenSet(std::string_view pattern) {
  std::size_t at = 0;
  while (at < pattern.size()) {
    if (pattern[at] == '[') {
      SetMatches(pattern, &at, '\0');
    } else {
      at += pattern[at] == '\\' ? 2 : 1;
    }
  }
  return at == std::string_view::npos;
}

// One step of the pattern that is no star: does it match `c`, and where does it end?
bool UnitMatches(std::string_view pattern, std::size_t* at, char c) {
  switch (pattern[*at]) {
    case '?':
      ++*at;
      return c != '/';
    case '[':
      return SetMatches(pattern, at, c);
    case '\\':
      if (*at + 1 < pattern.size()) ++*at;
      [[fallthrough]];
    default:
      return pattern[(*at)++] == c;
  }
}

bool IsSpecial(char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; }

// Whether the stars from `begin` to `end` stand for whole folders: several, and nothing else in their part of the
// pattern. Git matches what comes before the first special character by itself, so that does not count: "x/a**/c"
// matches "x/ac".
bool AreDeep(std::string_view pattern, std::size_t begin, std::size_t end) {
  if (end - begin < 2 || (end < pattern.size() && pattern[end] != '/')) return false;
  return begin == 0 || pattern[begin - 1] == '/' || std::none_of(pattern.begin(), pattern.begin() + begin, IsSpecial);
}

// Where to go on after a mismatch: behind a star, which then stands for more of the text. Nowhere at first.
struct Retry {
  std::size_t pattern = std::string_view::npos;
  std::size_t text = 0;

  [[nodiscard]] bool IsSet() const { return pattern != std::string_view::npos; }
};

// What follows a star matches where it first can: the next star has at least as much text left as for any later place.
// So only the last star of a part and the last "**/" are ever tried again, which takes pattern × text at most, and
// seldom more than the text. A match that ends at a '/' of the text names a folder above the file, which counts.
bool MatchesHere(std::string_view pattern, std::string_view text) {
  Retry star;  // In this part.
  Retry deep;  // At the begin of a part.
  std::size_t p = 0;
  std::size_t t = 0;
  while (p < pattern.size() || (t < text.size() && text[t] != '/')) {
    if (p < pattern.size() && pattern[p] == '*') {
      const std::size_t end = std::min(pattern.find_first_not_of('*', p), pattern.size());
      const bool is_deep = AreDeep(pattern, p, end);
      if (is_deep && end == pattern.size()) return true;
      p = is_deep ? end + 1 : end;
      (is_deep ? deep : star) = {p, t};
      continue;
    }
    std::size_t after = p;
    if (p < pattern.size() && t < text.size() && UnitMatches(pattern, &after, text[t])) {
      if (text[t] == '/') star = {};
      p = after;
      ++t;
      continue;
    }
    if (star.IsSet() && star.text < text.size() && text[star.text] != '/') {
      ++star.text;
      p = star.pattern;
      t = star.text;
      continue;
    }
    const std::size_t slash = deep.IsSet() ? text.find('/', deep.text) : std::string_view::npos;
    if (slash == std::string_view::npos) return false;
    deep.text = slash + 1;
    p = deep.pattern;
    t = deep.text;
    star = {};
  }
  return true;
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  if (pattern.ends_with('/')) {
    pattern.remove_suffix(1);
    is_folder_ = true;
  }
  if (pattern.empty() || HasOpenSet(pattern)) return;
  first_ = pattern;
  if (pattern.starts_with("**/") && pattern.ends_with("/**") && pattern.size() > 6) {
    const std::string_view name = pattern.substr(3, pattern.size() - 6);
    if (std::none_of(name.begin(), name.end(), [](char c) { return c == '/' || IsSpecial(c); })) {
      first_ = name;
      kind_ = Kind::kName;
      is_folder_ = true;
      return;
    }
  }
  if (pattern.find('/') != std::string_view::npos) {
    if (pattern.front() == '/') first_.remove_prefix(1);
    kind_ = Kind::kAnchored;
    return;
  }
  const auto* const special = std::find_if(pattern.begin(), pattern.end(), IsSpecial);
  if (special == pattern.end()) {
    kind_ = Kind::kName;
  } else if (*special == '*' && std::none_of(special + 1, pattern.end(), IsSpecial)) {
    kind_ = Kind::kOneStar;
    first_ = std::string_view(pattern.begin(), special);
    last_ = std::string_view(special + 1, pattern.end());
  } else {
    kind_ = Kind::kAnyDepth;
  }
}

bool Glob::Matches(std::string_view path) const {
  if (kind_ == Kind::kNone) return false;
  if (is_folder_) {
    // A folder above the file.
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) return false;
    path = path.substr(0, slash);
  }
  if (kind_ == Kind::kAnchored) return MatchesHere(first_, path);
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t slash = path.find('/', begin);
    const bool is_file = slash == std::string_view::npos;
    const std::string_view part = path.substr(begin, (is_file ? path.size() : slash) - begin);
    switch (kind_) {
      case Kind::kName:
        if (part == first_) return true;
        break;
      case Kind::kOneStar:
        if (part.size() >= first_.size() + last_.size() && part.starts_with(first_) && part.ends_with(last_)) {
          return true;
        }
        break;
      default:
        if (MatchesHere(first_, path.substr(begin))) return true;
    }
    if (is_file) return false;
    begin = slash + 1;
  }
  return false;
}

GlobSet::GlobSet(std::span<const std::string_view> patterns) {
  for (const std::string_view pattern : patterns) {
    const Glob glob(pattern);
    if (glob.kind_ == Glob::Kind::kName && !glob.is_folder_) {
      names_.push_back(glob.first_);
    } else if (glob.kind_ == Glob::Kind::kOneStar && !glob.is_folder_ && glob.first_.empty() &&
               glob.last_.starts_with('.')) {
      extensions_.push_back(glob.last_);
    } else {
      others_.push_back(glob);
    }
  }
  for (std::vector<std::string_view>* looked_up : {&names_, &extensions_}) {
    std::sort(looked_up->begin(), looked_up->end());
    looked_up->erase(std::unique(looked_up->begin(), looked_up->end()), looked_up->end());
  }
}

bool GlobSet::Matches(std::string_view path) const {
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view part = path.substr(begin, end - begin);
    if (std::binary_search(names_.begin(), names_.end(), part)) return true;
    for (std::size_t dot = part.find('.'); dot != std::string_view::npos; dot = part.find('.', dot + 1)) {
      if (std::binary_search(extensions_.begin(), extensions_.end(), part.substr(dot))) return true;
    }
    begin = end + 1;
  }
  return std::any_of(others_.begin(), others_.end(), [&](const Glob& glob) { return glob.Matches(path); });
}

}  // namespace sluice
