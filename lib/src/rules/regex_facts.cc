#include "rules/regex_facts.h"

#include <fmt/format.h>
#include <hs.h>
#include <re2/filtered_re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <limits>
#include <memory>
#include <numeric>

#include "base/ascii.h"

namespace sluice {

namespace {

constexpr int kMinTriggerBytes = 3;
// To find those that are needless takes the third power of their number.
constexpr std::size_t kMostAtoms = 400;

struct ExpressionInfoFree {
  void operator()(hs_expr_info_t* info) const { std::free(info); }  // NOLINT: allocated by Hyperscan with malloc
};

// The widths of an expression as Hyperscan sees it, or the reason why it does not compile.
std::unique_ptr<hs_expr_info_t, ExpressionInfoFree> ExpressionInfo(const std::string& expression,
                                                                   std::string* problem) {
  hs_expr_info_t* info = nullptr;
  hs_compile_error_t* error = nullptr;
  if (hs_expression_info(expression.c_str(), HS_FLAG_DOTALL, &info, &error) != HS_SUCCESS) {
    *problem = error != nullptr ? error->message : "out of memory";
    hs_free_compile_error(error);
  }
  return std::unique_ptr<hs_expr_info_t, ExpressionInfoFree>(info);
}

// Answers "would the expression still be possible if just these atoms occurred?"
class AtomOracle {
 public:
  explicit AtomOracle(int min_atom_bytes) : filter_(min_atom_bytes) {}

  bool Compile(const std::string& regex) {
    int id = 0;
    if (filter_.Add(regex, RegexOptions(), &id) != RE2::NoError) return false;
    filter_.Compile(&atoms_);
    return true;
  }

  [[nodiscard]] const std::vector<std::string>& atoms() const { return atoms_; }

  // A list of atoms is necessary when the expression is impossible with all others present and none of the list.
  [[nodiscard]] bool IsNecessary(const std::vector<int>& list) const {
    std::vector<int> others;
    for (int atom = 0; atom < static_cast<int>(atoms_.size()); ++atom) {
      if (std::find(list.begin(), list.end(), atom) == list.end()) others.push_back(atom);
    }
    std::vector<int> possible;
    filter_.AllPotentials(others, &possible);
    return possible.empty();
  }

 private:
  re2::FilteredRE2 filter_;
  std::vector<std::string> atoms_;
};

std::size_t ShortestBytes(const AtomOracle& oracle, const std::vector<int>& list) {
  std::size_t shortest = std::numeric_limits<std::size_t>::max();
  for (const int atom : list) shortest = std::min(shortest, oracle.atoms()[atom].size());
  return shortest;
}

// The expression with "." for "\\." and the like: what stands for itself looks like itself.
std::string WithoutEscapes(std::string_view regex) {
  std::string plain;
  for (std::size_t i = 0; i < regex.size(); ++i) {
    const bool escapes =
        regex[i] == '\\' && i + 1 < regex.size() && std::ispunct(static_cast<unsigned char>(regex[i + 1]));
    plain += regex[escapes ? ++i : i];
  }
  return plain;
}

// RE2 gives atoms in lower case. The spelling that the expression has for one, when it has just one.
std::optional<std::string> SpellingIn(const std::string& expression, const std::string& atom) {
  const std::string regex = WithoutEscapes(expression);
  const std::string lower = LowerCase(regex);
  const std::size_t at = lower.find(atom);
  if (at == std::string::npos) return std::nullopt;
  std::string spelling = regex.substr(at, atom.size());
  for (std::size_t next = lower.find(atom, at + 1); next != std::string::npos; next = lower.find(atom, next + 1)) {
    if (regex.compare(next, atom.size(), spelling) != 0) return std::nullopt;
  }
  return spelling;
}

// The length of the set that begins at `at`, or of the escape, or 1.
std::size_t UnitLength(std::string_view regex, std::size_t at) {
  const std::size_t left = regex.size() - at;
  if (regex[at] == '\\') {
    const bool has_braces =
        left > 2 && std::string_view("xpP").find(regex[at + 1]) != std::string_view::npos && regex[at + 2] == '{';
    return has_braces ? std::min(regex.find('}', at), regex.size() - 1) + 1 - at : std::min<std::size_t>(2, left);
  }
  if (regex[at] != '[') return 1;
  std::size_t end = at + 1;
  if (end < regex.size() && regex[end] == '^') ++end;
  if (end < regex.size() && regex[end] == ']') ++end;
  while (end < regex.size() && regex[end] != ']') {
    // [[:alpha:]]
    if (regex.substr(end, 2) == "[:") end = std::min(regex.find(":]", end), regex.size());
    end += regex[std::min(end, regex.size() - 1)] == '\\' || regex.substr(end, 2) == ":]" ? 2 : 1;
  }
  return std::min(end + 1, regex.size()) - at;
}

}  // namespace

RE2::Options RegexOptions() {
  RE2::Options options(RE2::Latin1);
  options.set_log_errors(false);
  return options;
}

// RE2's "missing ]: [REST…" says where by what stands there, which may be a part of a secret: more than signs and a few
// characters is told by its place.
std::string WithoutValues(const RE2& regex) {
  constexpr std::ptrdiff_t kMostAlnum = 4;  // "{2000}"
  const std::string& argument = regex.error_arg();
  if (std::count_if(argument.begin(), argument.end(), IsAlnum) <= kMostAlnum) return regex.error();
  std::string problem = regex.error().substr(0, regex.error().find(": "));
  const std::size_t at = regex.pattern().find(argument);
  return at == std::string::npos || at == 0 ? problem : fmt::format("{} at its byte {}", problem, at + 1);
}

std::string RegexProblem(const RE2& regex) {
  constexpr std::size_t kSigns = 4;  // "(?<="
  const std::string& argument = regex.error_arg();
  if (regex.error_code() == RE2::ErrorBadPerlOp && argument.starts_with("(?")) {
    return "look-around '" + argument.substr(0, kSigns) + "' is not possible: expressions run in linear time";
  }
  if (regex.error_code() == RE2::ErrorBadEscape && argument.size() == 2 && argument[1] >= '1' && argument[1] <= '9') {
    return "back-reference '" + argument + "' is not possible: expressions run in linear time";
  }
  if (regex.error_code() == RE2::ErrorRepeatSize) {
    return "bad regex: " + WithoutValues(regex) + ": at most 1000 times; write x{2000} as x{1000}x{1000}";
  }
  if (regex.error_code() == RE2::ErrorPatternTooLarge) {
    return "bad regex: it is too large to compile: make the numbers in {n,m} smaller";
  }
  return "bad regex: " + WithoutValues(regex);
}

std::string Relaxed(const std::string& regex) {
  // So many are kept: without them much else would match.
  constexpr int kFewCopies = 8;
  constexpr int kLargeProgram = 500;
  static const RE2* const kCount = new RE2(R"(\{([0-9]{1,4})(,?)([0-9]{0,4})\})");
  if (regex.find("\\Q") != std::string::npos) return "";
  std::string relaxed;
  for (std::size_t at = 0; at < regex.size();) {
    re2::StringPiece rest(regex.data() + at, regex.size() - at);
    const std::size_t before = rest.size();
    int least = 0;
    std::string comma;
    std::string most;
    if (RE2::Consume(&rest, *kCount, &least, &comma, &most)) {
      const std::string_view count = std::string_view(regex).substr(at, before - rest.size());
      const bool is_exact = comma.empty() || most == std::to_string(least);
      relaxed += is_exact && least <= kFewCopies ? std::string(count)
                                                 : "{" + std::to_string(std::min(least, kFewCopies)) + ",}";
      at += count.size();
      continue;
    }
    const std::size_t length = UnitLength(regex, at);
    relaxed += regex.substr(at, length);
    at += length;
  }
  const RE2 full(regex, RegexOptions());
  const RE2 small(relaxed, RegexOptions());
  const bool is_worth_it =
      full.ok() && small.ok() && full.ProgramSize() > kLargeProgram && small.ProgramSize() < full.ProgramSize() / 2;
  return is_worth_it ? relaxed : "";
}

bool IgnoresCase(std::string_view regex) {
  static const RE2* const kFlags = new RE2(R"(\(\?[a-zA-Z]*i)");
  return RE2::PartialMatch(re2::StringPiece(regex.data(), regex.size()), *kFlags);
}

Triggers FindTriggers(const std::string& regex) {
  AtomOracle oracle(kMinTriggerBytes);
  if (!oracle.Compile(regex) || oracle.atoms().empty() || oracle.atoms().size() > kMostAtoms) return {};

  // One literal that is always there beats a list; the longest is the rarest.
  std::vector<int> best;
  for (int atom = 0; atom < static_cast<int>(oracle.atoms().size()); ++atom) {
    if (!oracle.IsNecessary({atom})) continue;
    if (best.empty() || oracle.atoms()[atom].size() > oracle.atoms()[best[0]].size()) best = {atom};
  }
  if (best.empty()) {
    // Otherwise all of them, less those that the rest makes needless (shortest first, since these cost most).
    best.resize(oracle.atoms().size());
    std::iota(best.begin(), best.end(), 0);
    if (!oracle.IsNecessary(best)) return {};
    std::vector<int> by_length = best;
    std::stable_sort(by_length.begin(), by_length.end(),
                     [&](int a, int b) { return oracle.atoms()[a].size() < oracle.atoms()[b].size(); });
    for (const int atom : by_length) {
      std::vector<int> without = best;
      std::erase(without, atom);
      if (!without.empty() && oracle.IsNecessary(without) && ShortestBytes(oracle, without) >= kMinTriggerBytes) {
        best = without;
      }
    }
  }

  Triggers triggers;
  triggers.ignore_case = IgnoresCase(regex);
  for (const int atom : best) {
    const std::optional<std::string> spelling = SpellingIn(regex, oracle.atoms()[atom]);
    if (!spelling) triggers.ignore_case = true;
    triggers.literals.push_back(spelling.value_or(oracle.atoms()[atom]));
  }
  return triggers;
}

bool TriggersAreNecessary(const std::string& regex, const std::vector<std::string>& literals) {
  AtomOracle oracle(1);
  if (!oracle.Compile(regex)) return false;
  std::vector<int> containing;
  for (int atom = 0; atom < static_cast<int>(oracle.atoms().size()); ++atom) {
    const auto stands_in_atom = [&](const std::string& literal) {
      return oracle.atoms()[atom].find(LowerCase(literal)) != std::string::npos;
    };
    if (std::any_of(literals.begin(), literals.end(), stands_in_atom)) containing.push_back(atom);
  }
  return oracle.IsNecessary(containing);
}

std::optional<std::uint32_t> MaxLength(const std::string& regex) {
  std::string problem;
  const auto info = ExpressionInfo(regex, &problem);
  if (info == nullptr || info->max_width == std::numeric_limits<unsigned>::max()) return std::nullopt;
  return info->max_width;
}

std::string GroupExpression(const std::string& regex, int group) {
  static const RE2* const kLeadingFlags = new RE2(R"(^(\(\?[a-zA-Z]+\)))");
  if (group == 0 || regex.find("\\Q") != std::string::npos) return regex;
  std::string flags;
  RE2::PartialMatch(regex, *kLeadingFlags, &flags);
  int groups = 0;
  std::size_t begin = 0;  // Of the group, once it is reached.
  std::size_t depth = 0;  // Inside of it.
  for (std::size_t at = 0; at < regex.size(); at += UnitLength(regex, at)) {
    if (regex[at] == '(') {
      const bool captures = regex.compare(at + 1, 1, "?") != 0 || regex.compare(at + 1, 3, "?P<") == 0;
      if (begin != 0) {
        ++depth;
      } else if (captures && ++groups == group) {
        begin = regex.compare(at + 1, 1, "?") == 0 ? regex.find('>', at) + 1 : at + 1;
      }
    } else if (regex[at] == ')' && begin != 0) {
      if (depth == 0) return flags + regex.substr(begin, at - begin);
      --depth;
    }
  }
  return regex;
}

std::string LiteralPrefix(const std::string& regex) {
  constexpr int kMostBytes = 16;
  std::string least;
  std::string greatest;
  const RE2 compiled(regex, RegexOptions());
  if (!compiled.ok() || !compiled.PossibleMatchRange(&least, &greatest, kMostBytes)) return "";
  const auto differ = std::mismatch(least.begin(), least.end(), greatest.begin(), greatest.end());
  return {least.begin(), differ.first};
}

std::uint32_t MinLength(const std::string& regex) {
  std::string problem;
  const auto info = ExpressionInfo(regex, &problem);
  return info == nullptr ? 0 : info->min_width;
}

std::optional<std::size_t> ProgramSize(const std::string& expression) {
  const RE2 regex(expression, RegexOptions());
  if (!regex.ok() || regex.ReverseProgramSize() < 0) return std::nullopt;
  return static_cast<std::size_t>(std::max(regex.ProgramSize(), regex.ReverseProgramSize()));
}

std::string PrefilterProblem(const std::string& expression) {
  const RE2 regex(expression, RegexOptions());
  if (!regex.ok()) return RegexProblem(regex);
  std::string problem;
  const auto info = ExpressionInfo(expression, &problem);
  if (info == nullptr) return "Hyperscan: " + problem;
  if (info->min_width == 0) return "matches the empty text";
  if (info->max_width == std::numeric_limits<unsigned>::max()) return "has no bound: use {n,m} instead of * and +";
  return "";
}

}  // namespace sluice
