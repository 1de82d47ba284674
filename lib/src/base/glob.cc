#include "base/glob.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace sluice {

namespace {

// Parses the set at pattern[*at] == '['. Returns whether `c` is in it and moves *at behind the ']'; a '[' that is never
// closed is an ordinary character.
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
  ++*at;
  return c == '[';
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

// Marks `at` as a live position of the pattern, and those that can be reached without consuming text: a star may stand
// for nothing, and so may a whole "**/".
void Enter(std::string_view pattern, std::size_t at, std::vector<bool>* live) {
  if ((*live)[at]) return;
  (*live)[at] = true;
  if (at == pattern.size() || pattern[at] != '*') return;
  if (pattern.substr(at, 3) == "**/") Enter(pattern, at + 3, live);
  Enter(pattern, at + 1, live);
}

bool IsSpecial(char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; }

// Runs all ways through the pattern side by side, so the time is at most pattern × text. A match that ends at a '/' of
// the text names a folder above the file, which counts.
bool MatchesHere(std::string_view pattern, std::string_view text) {
  // Most do not begin alike.
  if (!pattern.empty() && !IsSpecial(pattern[0]) && !text.starts_with(pattern[0])) return false;
  std::vector<bool> live(pattern.size() + 1, false);
  Enter(pattern, 0, &live);
  for (const char c : text) {
    if (live[pattern.size()] && c == '/') return true;
    std::vector<bool> next(pattern.size() + 1, false);
    bool is_alive = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
      if (!live[at]) continue;
      if (pattern[at] == '*') {
        const bool crosses = pattern.substr(at, 2) == "**" || (at > 0 && pattern[at - 1] == '*');
        if (c == '/' && !crosses) continue;
        // A "**/" that stands for something needs its '/'.
        next[at] = true;
        Enter(pattern, at + 1, &next);
        is_alive = true;
        continue;
      }
      std::size_t after = at;
      if (!UnitMatches(pattern, &after, c)) continue;
      Enter(pattern, after, &next);
      is_alive = true;
    }
    if (!is_alive) return false;
    live.swap(next);
  }
  return live[pattern.size()];
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  if (pattern.ends_with('/')) {
    pattern.remove_suffix(1);
    is_folder_ = true;
  }
  if (pattern.empty()) return;
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
