#include "sluice/scanner.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/ascii.h"
#include "base/glob.h"
#include "base/sha256.h"
#include "engine/database_impl.h"
#include "scan/allow_comment.h"
#include "scan/candidates.h"
#include "scan/confirm.h"
#include "scan/decode.h"
#include "scan/dense.h"
#include "scan/evidence.h"
#include "scan/locate.h"
#include "scan/near.h"
#include "scan/randomness.h"
#include "scan/transcode.h"

namespace sluice {

namespace {

// A file in pieces is scanned in windows of a core and what surrounds it. What lies before the core must hold the part
// of a view that begins before a match (32 KiB, the longest match) and the reach of a line; what lies behind, the
// longest match and then the rest of its view.
constexpr std::size_t kCoreBytes = 1U << 20U;
constexpr std::size_t kBeforeBytes = 64U << 10U;
constexpr std::size_t kBehindBytes = scan::kBehindWindow;
// Enough to tell the encoding.
constexpr std::size_t kSniffBytes = 4096;
// Of one rule in one text: nothing behind them can be among the findings that are kept, the first of all rules. Some
// lie in the same place, and those that are not kept hide their values in the context of others all the same.
constexpr std::size_t kMostMatches = 4 * Scanner::kMaxFindingsPerFile;
// Twice the limit: some will turn out to lie in the same place.
constexpr std::size_t kMostRanked = 2 * Scanner::kMaxFindingsPerFile;
// How far from a byte of no text records are looked for, so that a file in pieces has the findings of the file in one:
// from a zero, and from another control character, which may stand in text, too.
constexpr std::size_t kNearZero = 8192;
constexpr std::size_t kNearControl = 256;
// Guessing a value from its fingerprint must stay hard: of one with less information only 16 bits of its digest count.
constexpr double kGuessableBits = 80;

// A rule of one of the databases, as far as this scanner uses it.
struct RuleState {
  bool enabled = true;
  bool looks_at_paths = false;
};

struct Source {
  const Database::Impl* database;
  std::optional<scan::CandidateFinder> finder;  // Absent: RE2 looks at everything.
  std::vector<RuleState> rules;
  GlobSet rule_paths;        // Those that rules are for which are for some paths only.
  bool paths_apply = false;  // The file at hand has one of them.
};

std::string Fingerprint(const engine::CompiledRule& rule, std::string_view path, std::string_view secret) {
  const Sha256Digest value = Sha256OfParts({secret});
  const bool guessable = scan::ShannonEntropy(secret) * static_cast<double>(secret.size()) < kGuessableBits;
  const std::string_view kept = AsText(value).substr(0, guessable ? 2 : value.size());
  return Hex(Sha256OfParts({"sluice fingerprint 1", rule.info.id, path, kept}), 12);
}

// Of values like these, most in tests and documentation are made up.
bool IsOftenMade(const RuleInfo& rule, Confidence confidence) {
  return rule.fixtures || (rule.is_fallback && confidence == Confidence::kMedium);
}

// A finding, and what decides between several in the same place.
struct Ranked {
  Finding finding;
  int specificity;       // 2: the value's own shape; 1: the provider's name near it; 0: a fallback rule.
  std::size_t distance;  // To that name.
  bool of_first;         // Of a rule of the first database: the default ones.
};

// The more specific one first.
bool IsMoreSpecific(const Ranked& a, const Ranked& b) {
  if (a.specificity != b.specificity) return a.specificity > b.specificity;
  if (a.finding.confidence != b.finding.confidence) return a.finding.confidence > b.finding.confidence;
  if (a.distance != b.distance) return a.distance < b.distance;
  const std::size_t a_bytes = a.finding.end_offset - a.finding.offset;
  const std::size_t b_bytes = b.finding.end_offset - b.finding.offset;
  if (a_bytes != b_bytes) return a_bytes > b_bytes;
  if (a.finding.severity != b.finding.severity) return a.finding.severity > b.finding.severity;
  return a.finding.rule_id < b.finding.rule_id;
}

bool IsBefore(const Finding& a, const Finding& b) {
  return std::tie(a.offset, a.end_offset, a.rule_id) < std::tie(b.offset, b.end_offset, b.rule_id);
}

// One value in one place is one finding: of those that overlap only the most specific stays. What is certain about the
// value stays too: when a fallback rule is surer that it is a secret than the specific one whose it is, so is the
// finding.
std::vector<Finding> MostSpecific(std::vector<Ranked> ranked) {
  std::sort(ranked.begin(), ranked.end(), IsMoreSpecific);
  std::map<std::size_t, std::size_t> taken;  // Number in `kept` by offset; never overlapping.
  std::vector<Finding> kept;
  for (Ranked& candidate : ranked) {
    Finding& finding = candidate.finding;
    Finding* winner = nullptr;
    const auto next = taken.lower_bound(finding.offset);
    if (next != taken.end() && kept[next->second].offset < finding.end_offset) winner = &kept[next->second];
    if (next != taken.begin() && kept[std::prev(next)->second].end_offset > finding.offset) {
      winner = &kept[std::prev(next)->second];
    }
    if (winner != nullptr) {
      if (winner->offset == finding.offset && winner->end_offset == finding.end_offset) {
        winner->confidence = std::max(winner->confidence, finding.confidence);
      }
      continue;
    }
    taken.emplace(finding.offset, kept.size());
    kept.push_back(std::move(finding));
  }
  std::sort(kept.begin(), kept.end(), IsBefore);
  return kept;
}

// Adds its own lifetime to the rule's time; nothing without `times`.
class Stopwatch {
 public:
  Stopwatch(Scanner::RuleTimes* times, std::string_view rule_id) : times_(times), rule_id_(rule_id) {
    if (times_ != nullptr) start_ = std::chrono::steady_clock::now();
  }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() {
    if (times_ != nullptr) (*times_)[rule_id_] += std::chrono::steady_clock::now() - start_;
  }

 private:
  Scanner::RuleTimes* times_;
  std::string_view rule_id_;
  std::chrono::steady_clock::time_point start_;
};

// Every match of a rule holds its trigger and is at most max_length long, so it lies within that distance of the
// trigger's end. Where the trigger is the beginning of a provider's name, the match lies no farther from the name than
// names are looked for.
scan::View ViewOf(const engine::RuleRecord& rule, const scan::Candidate& candidate, std::size_t text_bytes) {
  const bool near = rule.name_triggers != 0;
  const std::size_t before = rule.max_length + (near ? scan::kNearBehind + scan::kLongestName : 0);
  const std::size_t behind = rule.max_length + (near ? scan::kNearBefore + scan::kLongestName : 0);
  return {candidate.first_end > before ? candidate.first_end - before : 0,
          std::min(text_bytes, candidate.last_end + behind)};
}

// Where the name begins, as C++ or Rust compilers make them, that `at` may lie in: "_ZN4name5otherE",
// "_RNvC5crate4name".
std::size_t BeginOfMangledName(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongestName = 8192;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kLongestName && (IsAlnum(text[begin - 1]) || text[begin - 1] == '_')) --begin;
  const std::string_view before = text.substr(begin, at - begin);
  const std::size_t mark = before.starts_with("_R") ? 0 : before.find("_Z");
  return mark == std::string_view::npos ? mark : begin + mark;
}

// Whether `at` lies in such a name that begins at `begin`, in a part whose length is written in front of it. Of letters
// and digits there are enough for any token. A part that begins right there must have room for one.
bool IsInCountedPart(std::string_view text, std::size_t begin, std::size_t at) {
  constexpr std::size_t kLongestPart = 1000;
  constexpr std::size_t kRoom = 16;
  std::size_t length = 0;  // As far as it is read.
  for (std::size_t i = begin; i < at; ++i) {
    if (IsDigit(text[i])) {
      length = std::min(10 * length + static_cast<std::size_t>(text[i] - '0'), kLongestPart + 1);
    } else if (length <= kLongestPart && i + length > at) {
      return true;
    } else {
      length = 0;
    }
  }
  return length <= kLongestPart && length >= kRoom;
}

// Are there two such parts in it, of letters, each in front of another one or of an end ("5beginE3endE")? A name goes
// on in what only begins like a token; of random letters and digits one in many thousands does.
bool HoldsCountedParts(std::string_view value) {
  std::size_t parts = 0;
  for (std::size_t i = 0; i < value.size();) {
    std::size_t length = 0;
    for (; i < value.size() && IsDigit(value[i]) && length < value.size(); ++i) {
      length = 10 * length + static_cast<std::size_t>(value[i] - '0');
    }
    const std::string_view part = value.substr(i, length);
    const bool goes_on = i + length < value.size() && (value[i + length] == 'E' || IsDigit(value[i + length]));
    if (length > 2 && goes_on && std::none_of(part.begin(), part.end(), IsDigit)) {
      ++parts;
      i += length;
    } else {
      ++i;
    }
  }
  return parts >= 2;
}

// Does the text hold a byte that none does, but for what terminals and pages are told with?
bool HoldsControl(std::string_view text) {
  unsigned found = 0;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool is_low = byte < 7;
    const bool is_middle = static_cast<std::uint8_t>(byte - 14) < 13;
    const bool is_high = static_cast<std::uint8_t>(byte - 28) < 4;
    found |= static_cast<unsigned>(is_low) | static_cast<unsigned>(is_middle) | static_cast<unsigned>(is_high);
  }
  return found != 0;
}

// Is [begin, end) a string of a pickle of protocol 0? It is text: "Vstring\np12\n".
bool IsPickled(std::string_view text, std::size_t begin, std::size_t end) {
  constexpr std::size_t kMostInFront = 4;  // Other instructions, of a letter or a bracket each.
  if (begin == 0 || text[begin - 1] != 'V') return false;
  std::size_t line = begin - 1;
  while (line > 0 && begin - line < kMostInFront && (IsLower(text[line - 1]) || text[line - 1] == '(')) --line;
  if (line > 0 && text[line - 1] != '\n') return false;
  const std::string_view behind = text.substr(end, 3);
  return behind.size() == 3 && behind.starts_with("\np") && IsDigit(behind[2]);
}

}  // namespace

struct Scanner::Impl {
  Options options;
  std::vector<Source> sources;

  std::map<std::string_view, std::vector<std::string_view>> pairs_of;  // By id of a rule, those of its other parts.
  std::set<std::string_view> later_rules;  // Ids of those that are not of the first database.

  // The file at hand.
  std::string path;
  std::string lower_path;  // A rule for .env is for .ENV, too.
  ScanResult result;
  scan::DecodeBudget decode_budget;
  // Of the text at hand, at `depth`, and of those that it was decoded from.
  std::vector<scan::Survey> surveys = std::vector<scan::Survey>(decode_budget.limits.max_depth + 1);
  std::size_t depth = 0;
  std::vector<scan::Candidate> candidates;
  std::optional<std::size_t> first_zero;  // Of the text at hand, once it is asked for.
  bool has_records = false;  // The text at hand, at depth 0, was put together of what stands in binary content.
  std::vector<scan::Match> matches;
  std::size_t new_findings = 0;
  std::vector<scan::Step>* steps = nullptr;  // Of Explain().
  RuleTimes* times = nullptr;                // Of ScanTimed().

  // A file in pieces.
  std::string head;  // Until the encoding is known.
  bool sniffed = false;
  std::optional<scan::Transcoder> transcoder;
  bool has_nul = false;
  // The bytes as they are, decoded (when an encoding was recognised), and the wide text anywhere in them.
  struct Pieces {
    std::string buffer;
    std::size_t core_begin = 0;
    std::uint64_t offset = 0;
    std::size_t line = 1;
    std::uint64_t line_begin = 0;
    std::vector<Ranked> findings;
  };
  Pieces raw;
  Pieces decoded;
  Pieces wide;
  scan::WideText wide_text;

  void BeginFile(std::string_view new_path);
  [[nodiscard]] bool AppliesToPath(const RuleInfo& rule) const;
  [[nodiscard]] std::string WhyNotForPath(const RuleInfo& rule) const;
  void FindMatches(std::string_view text);
  void FindPlainMatches(std::string_view text);
  void FindDecodedMatches(std::string_view text, std::size_t plain_bytes);
  // REQUIRES: `candidates` are those of `text`.
  void ConfirmCandidates(Source& source, std::string_view text);
  void ConfirmEverything(Source& source, std::string_view text);
  void ConfirmRule(Source& source, std::uint32_t rule, std::string_view text, const std::vector<scan::View>& views);
  [[nodiscard]] bool MayHoldRecords(std::string_view text, const scan::View& view);
  void ConfirmRecords(const Source& source, std::uint32_t rule, std::string_view text,
                      const std::vector<scan::View>& views);
  void ScanWindow(const scan::Window& window, std::vector<Ranked>* findings);
  void SayTooManyFindings();
  void SayWhenTooDeep(const scan::Layer& layer);
  Finding MakeFinding(const scan::Window& window, const scan::Match& match, scan::LineCounter* lines);
  [[nodiscard]] bool IsRule(std::string_view id) const;
  void Suppress(const scan::Window& window, const scan::Match& match, Finding* finding) const;
  void ScanWhole(std::string_view text);
  void AppendTo(Pieces* pieces, std::string_view text);
  void ScanPieces(Pieces* pieces, bool is_last);
  void AppendSniffed(std::string_view piece);
  void Sniff();
  [[nodiscard]] bool Blocks(const Finding& finding) const;
  void DropExcuses(std::vector<Ranked>* ranked) const;
  void JoinParts(std::vector<Finding>* findings) const;
  void Keep(std::vector<Ranked> ranked);
  void MarkBinary();
};

void Scanner::Impl::BeginFile(std::string_view new_path) {
  path = new_path;
  lower_path = LowerCase(path);
  for (Source& source : sources) {
    source.paths_apply = source.rule_paths.Matches(lower_path);
  }
  result = {};
  decode_budget = {};
  new_findings = 0;
  head.clear();
  sniffed = false;
  transcoder.reset();
  has_nul = false;
  raw = {};
  decoded = {};
  wide = {};
  wide_text = {};
}

bool Scanner::Impl::AppliesToPath(const RuleInfo& rule) const {
  const auto matches_path = [&](std::string_view glob) { return GlobMatches(glob, lower_path); };
  // Most files are none that the rule is for.
  if (!rule.include_paths.empty() && std::none_of(rule.include_paths.begin(), rule.include_paths.end(), matches_path)) {
    return false;
  }
  return std::none_of(rule.exclude_paths.begin(), rule.exclude_paths.end(), matches_path);
}

// Whether [begin, end), or what surrounds it, may hold records. Of the whole text only zeros are asked: there is no
// pass over it for the rest.
bool Scanner::Impl::MayHoldRecords(std::string_view text, const scan::View& view) {
  if (has_records && depth == 0) return true;
  if (!first_zero) first_zero = text.find('\0');
  if (*first_zero != std::string_view::npos) return true;
  const std::size_t begin = view.begin - std::min(view.begin, kNearControl);
  const std::string_view around = text.substr(begin, view.end + kNearControl - begin);
  return HoldsControl(around) || around.find("\np") != std::string_view::npos;
}

// REQUIRES: !AppliesToPath(rule).
std::string Scanner::Impl::WhyNotForPath(const RuleInfo& rule) const {
  constexpr std::size_t kMostShown = 4;
  for (const std::string_view glob : rule.exclude_paths) {
    if (GlobMatches(glob, lower_path)) return "the rule leaves out files that match " + std::string(glob);
  }
  std::string globs;
  for (std::size_t i = 0; i < std::min(rule.include_paths.size(), kMostShown); ++i) {
    globs += (i == 0 ? "" : ", ") + std::string(rule.include_paths[i]);
  }
  if (rule.include_paths.size() > kMostShown) globs += ", …";
  return "the rule is only for files that match " + globs;
}

// Databases, pickles and object files store texts back to back, with nothing that an expression's \b would see between
// a name, a token and a date. There a value begins at its rule's literal, and ends where its own expression does.
void Scanner::Impl::ConfirmRecords(const Source& source, std::uint32_t rule, std::string_view text,
                                   const std::vector<scan::View>& views) {
  const engine::RuleRecord& record = source.database->image.record(rule);
  if (record.literals.count == 0) return;
  std::vector<scan::View> possible;
  std::copy_if(views.begin(), views.end(), std::back_inserter(possible),
               [&](const scan::View& view) { return MayHoldRecords(text, view); });
  if (possible.empty()) return;
  if (source.rules[rule].looks_at_paths && !AppliesToPath(source.database->image.rule(rule))) return;
  const auto confirm_at = [&](std::size_t at, bool is_binary) {
    const std::string_view rest = text.substr(at, record.max_length);
    re2::StringPiece value;
    const RE2& expression = source.database->Value(rule);
    if (!expression.Match({rest.data(), rest.size()}, 0, rest.size(), RE2::ANCHOR_START, &value, 1)) return;
    if (!is_binary && !IsPickled(text, at, at + value.size())) return;
    const engine::CompiledRule& compiled = source.database->Compiled(rule);
    if (!compiled.ok()) return;
    std::vector<scan::Match> found;
    scan::Confirm(compiled, rest.substr(0, value.size()), {0, value.size()}, SIZE_MAX, &found, nullptr);
    if (found.empty()) return;
    const std::size_t name = BeginOfMangledName(text, at);
    const bool is_in_name = name != std::string_view::npos;
    if (is_in_name && IsInCountedPart(text, name, at)) return;
    for (scan::Match& match : found) {
      if (is_in_name && HoldsCountedParts(rest.substr(match.begin, match.end - match.begin))) continue;
      // Tables of letters stand there too. What tokens begin with is not random.
      constexpr std::size_t kEnd = 24;
      const std::size_t end_begin = match.end - std::min(kEnd, match.end - match.begin);
      if (!scan::LooksRandom(rest.substr(end_begin, match.end - end_begin))) continue;
      match.begin += at;
      match.end += at;
      if (steps != nullptr) {
        steps->push_back(
            {match.rule, match.begin, match.end, "kept, whatever touches it: it stands in binary content", true});
      }
      matches.push_back(std::move(match));
    }
  };
  const std::size_t most = matches.size() + kMostMatches;
  for (const std::string_view literal : source.database->image.List(record.literals)) {
    std::size_t zero = first_zero.value_or(std::string_view::npos);  // The first that is not too far in front.
    for (const scan::View& view : possible) {
      const std::string_view part = text.substr(0, view.end);
      for (std::size_t at = part.find(literal, view.begin); at != std::string_view::npos && matches.size() < most;
           at = part.find(literal, at + 1)) {
        const std::size_t first = at - std::min(at, kNearZero);
        if (zero < first) zero = text.find('\0', first);
        const std::size_t around = at - std::min(at, kNearControl);
        const bool is_binary = (has_records && depth == 0) || zero < at + kNearZero ||
                               HoldsControl(text.substr(around, at + kNearControl - around));
        if (is_binary || (at > 0 && text[at - 1] == 'V')) confirm_at(at, is_binary);
      }
    }
  }
  if (matches.size() >= most) SayTooManyFindings();
}

void Scanner::Impl::ConfirmRule(Source& source, std::uint32_t rule, std::string_view text,
                                const std::vector<scan::View>& views) {
  const RuleState& state = source.rules[rule];
  if (!state.enabled) return;
  const Stopwatch watch(times, source.database->image.Text(source.database->image.record(rule).id));
  ConfirmRecords(source, rule, text, views);
  // Without Hyperscan the expressions themselves say what matches, so that each way can be held against the other.
  if (const RE2* relaxed = source.finder ? source.database->Relaxed(rule) : nullptr; relaxed != nullptr) {
    const re2::StringPiece whole(text.data(), text.size());
    const auto is_possible = [&](const scan::View& view) {
      return relaxed->Match(whole, view.begin, view.end, RE2::UNANCHORED, nullptr, 0);
    };
    if (std::none_of(views.begin(), views.end(), is_possible)) return;
  }
  // Before the expression is compiled, which takes longer.
  const bool is_for_path = !state.looks_at_paths || AppliesToPath(source.database->image.rule(rule));
  if (!is_for_path && steps == nullptr) return;
  const engine::CompiledRule& compiled = source.database->Compiled(rule);
  if (!compiled.ok()) {
    result.incomplete = "rule " + std::string(compiled.info.id) + " cannot be used";
    return;
  }
  if (is_for_path) {
    const std::size_t most = steps != nullptr ? SIZE_MAX : matches.size() + kMostMatches;
    for (const scan::View& view : views) scan::Confirm(compiled, text, view, most, &matches, steps);
    if (matches.size() >= most) SayTooManyFindings();
    return;
  }
  // Said by Explain() only.
  std::vector<scan::Match> elsewhere;
  const std::size_t first = steps->size();
  for (const scan::View& view : views) scan::Confirm(compiled, text, view, SIZE_MAX, &elsewhere, steps);
  for (std::size_t i = first; i < steps->size(); ++i) {
    scan::Step& step = (*steps)[i];
    if (step.kept) step = {step.rule, step.begin, step.end, WhyNotForPath(step.rule->info), false};
  }
}

// Views of one rule that overlap become one: each byte is confirmed once.
void Scanner::Impl::ConfirmCandidates(Source& source, std::string_view text) {
  if (candidates.empty()) return;
  struct RuleView {
    std::uint32_t rule;
    scan::View view;
  };
  std::vector<RuleView> rule_views;
  // RE2 need not read what is too far from anything dense: the confirmer would drop it. `explain` says that it did.
  const auto add = [&](std::uint32_t rule, const scan::View& view) {
    constexpr std::size_t kMostRuns = 8;  // Of a text of nothing else it reads all.
    const engine::RuleRecord& record = source.database->image.record(rule);
    const bool asks_for_dense = record.dense != 0 && steps == nullptr;
    const auto dense = asks_for_dense ? surveys[depth].DenseRunsIn(view) : std::span<const scan::View>();
    if (!asks_for_dense || dense.size() > kMostRuns) {
      rule_views.push_back({rule, view});
      return;
    }
    for (const scan::View& run : dense) {
      const std::size_t begin = run.begin - std::min<std::size_t>(run.begin, record.max_length);
      rule_views.push_back({rule, {std::max(view.begin, begin), std::min(view.end, run.end + record.max_length)}});
    }
  };
  for (const scan::Candidate& candidate : candidates) {
    for (const std::uint32_t rule : source.database->image.RulesOf(candidate.expression)) {
      const engine::RuleRecord& record = source.database->image.record(rule);
      const scan::View view = ViewOf(record, candidate, text.size());
      if (record.name_triggers == 0 || record.min_length == 0) {
        add(rule, view);
        continue;
      }
      // Only where the value can stand, and one byte to each side that bounds it.
      const Stopwatch watch(times, source.database->image.Text(record.id));
      for (std::size_t at = view.begin; at < view.end;) {
        const scan::View run = scan::FindRun(text, at, view.end, record.alphabet, record.min_length);
        if (run.begin == run.end) break;
        add(rule, {run.begin - (run.begin > 0 ? 1 : 0), std::min(text.size(), run.end + 1)});
        at = run.end;
      }
    }
  }
  std::sort(rule_views.begin(), rule_views.end(), [](const RuleView& a, const RuleView& b) {
    return std::tie(a.rule, a.view.begin) < std::tie(b.rule, b.view.begin);
  });
  std::vector<scan::View> views;
  for (std::size_t i = 0; i < rule_views.size();) {
    const std::uint32_t rule = rule_views[i].rule;
    views.clear();
    for (; i < rule_views.size() && rule_views[i].rule == rule; ++i) {
      const scan::View& view = rule_views[i].view;
      if (!views.empty() && view.begin <= views.back().end) {
        views.back().end = std::max(views.back().end, view.end);
      } else {
        views.push_back(view);
      }
    }
    ConfirmRule(source, rule, text, views);
  }
}

void Scanner::Impl::ConfirmEverything(Source& source, std::string_view text) {
  for (std::uint32_t rule = 0; rule < source.rules.size(); ++rule) {
    ConfirmRule(source, rule, text, {{0, text.size()}});
  }
}

void Scanner::Impl::FindPlainMatches(std::string_view text) {
  scan::Survey& survey = surveys[depth];
  const auto make_survey = [&] {
    survey.Make(text);
    first_zero = survey.classes.has_zero ? std::nullopt : std::optional(std::string_view::npos);
  };
  if (sources.empty()) make_survey();
  for (Source& source : sources) {
    bool found = source.finder && source.finder->FindAnywhere(text, source.paths_apply, &candidates);
    // Not before: reading a text from memory costs the survey as much as looking at it, and Hyperscan, which has more
    // to do meanwhile, nothing.
    if (&source == sources.data()) make_survey();
    found = found && source.finder->FindAround(text, survey.dense, &candidates);
    // What Hyperscan cannot look for, now or later, RE2 looks at.
    if (!found) source.finder.reset();
    if (source.finder) {
      ConfirmCandidates(source, text);
    } else {
      ConfirmEverything(source, text);
    }
  }
}

// What is encoded in the deepest layer that is looked at.
void Scanner::Impl::SayWhenTooDeep(const scan::Layer& layer) {
  const auto say = [&](const scan::Layer& deeper) {
    if (deeper.is_code) {
      result.incomplete = "encoded more than " + std::to_string(decode_budget.limits.max_depth) + " times over";
    }
  };
  scan::FindLayers({layer.text, surveys[depth], layer.plain_bytes}, &decode_budget, say);
}

// Appends the matches in what `text` holds in another form, and in what that holds.
// REQUIRES: surveys[depth] is that of `text`, whose first `plain_bytes` were looked at already.
void Scanner::Impl::FindDecodedMatches(std::string_view text, std::size_t plain_bytes) {
  // By rule and begin, where the plain reading ends: what it found is not found again in another form.
  std::map<std::pair<const engine::CompiledRule*, std::size_t>, std::size_t> known;
  bool is_indexed = false;
  const auto is_known = [&](const scan::Match& match) {
    const auto next = known.lower_bound({match.rule, match.begin});
    if (next != known.end() && next->first.first == match.rule && next->first.second < match.end) return true;
    if (next == known.begin()) return false;
    const auto& [place, end] = *std::prev(next);
    return place.first == match.rule && end > match.begin;
  };
  const auto find_in = [&](const scan::Layer& layer) {
    if (!layer.is_code && depth >= decode_budget.limits.max_plain_depth) return;
    if (matches.size() >= 2 * kMostMatches) return SayTooManyFindings();
    if (!is_indexed) {
      for (const scan::Match& match : matches) known.emplace(std::pair(match.rule, match.begin), match.end);
      is_indexed = true;
    }
    std::vector<scan::Match> outer = std::move(matches);
    matches.clear();
    ++depth;
    FindPlainMatches(layer.text);
    if (depth < decode_budget.limits.max_depth) {
      FindDecodedMatches(layer.text, layer.plain_bytes);
    } else {
      SayWhenTooDeep(layer);
    }
    --depth;
    for (scan::Match& match : matches) {
      // What stood before the code on its line was looked at already.
      if (match.end <= layer.plain_bytes) continue;
      if (match.decoded.empty()) match.decoded = layer.text.substr(match.begin, match.end - match.begin);
      const std::size_t last = layer.from[match.end - 1];
      match.begin = layer.from[match.begin];
      match.end = std::max<std::size_t>(layer.from[match.end], last + 1);
      if (is_known(match)) continue;
      if (!match.note.empty()) match.note += ", ";
      match.note += "decoded from ";
      match.note += layer.how;
      outer.push_back(std::move(match));
    }
    matches = std::move(outer);
  };
  if (!scan::FindLayers({text, surveys[depth], plain_bytes}, &decode_budget, find_in)) {
    result.incomplete = "more is encoded in it than is decoded";
  }
}

void Scanner::Impl::FindMatches(std::string_view text) {
  matches.clear();
  decode_budget.file_bytes += text.size();
  FindPlainMatches(text);
  FindDecodedMatches(text, 0);
  std::sort(matches.begin(), matches.end(),
            [](const scan::Match& a, const scan::Match& b) { return a.begin < b.begin; });
}

bool Scanner::Impl::IsRule(std::string_view id) const {
  return std::any_of(sources.begin(), sources.end(), [&](const Source& source) {
    return source.database->image.Find(id) < source.database->image.rule_count();
  });
}

void Scanner::Impl::Suppress(const scan::Window& window, const scan::Match& match, Finding* finding) const {
  const auto is_rule = [this](std::string_view id) { return IsRule(id); };
  auto comment = scan::FindAllowComment(window.text, match.begin, match.end, match.rule->info.id, is_rule);
  if (!comment) return;
  finding->status = FindingStatus::kSuppressed;
  std::string reason(comment->reason);
  // A stretch of the line, which may hold this or another secret.
  if (const auto* at = comment->reason.data();
      at >= window.text.data() && at < window.text.data() + window.text.size()) {
    const auto begin = static_cast<std::size_t>(at - window.text.data());
    reason = scan::Masked(window.text, begin, begin + comment->reason.size(), matches);
  }
  finding->suppression = {"inline", std::move(reason)};
}

Finding Scanner::Impl::MakeFinding(const scan::Window& window, const scan::Match& match, scan::LineCounter* lines) {
  const RuleInfo& rule = match.rule->info;
  const std::string_view secret =
      match.decoded.empty() ? window.text.substr(match.begin, match.end - match.begin) : match.decoded;
  Finding finding;
  finding.rule_id = rule.id;
  finding.pack = rule.pack;
  finding.message = rule.description;
  finding.remediation = rule.remediation;
  finding.severity = rule.severity;
  finding.confidence = match.confidence;
  if (IsOftenMade(rule, finding.confidence) && scan::IsTestOrDocumentation(path)) {
    finding.confidence = Confidence::kLow;
  }
  finding.tags.assign(rule.tags.begin(), rule.tags.end());
  finding.references.assign(rule.references.begin(), rule.references.end());
  finding.note = match.note;
  finding.path = path;
  finding.fingerprint = Fingerprint(*match.rule, path, secret);
  if (options.keep_secrets) finding.secret = secret;
  scan::Locate(window, match, matches, lines, &finding);
  if (options.inline_allow) Suppress(window, match, &finding);
  return finding;
}

void Scanner::Impl::SayTooManyFindings() {
  result.incomplete = "more than " + std::to_string(kMaxFindingsPerFile) + " findings in one file";
}

void Scanner::Impl::ScanWindow(const scan::Window& window, std::vector<Ranked>* findings) {
  FindMatches(window.text);
  scan::LineCounter lines(window.text);
  for (const scan::Match& match : matches) {
    if (match.begin < window.core_begin || match.begin >= window.core_end) continue;
    if (findings->size() >= kMostRanked) return SayTooManyFindings();
    const RuleInfo& rule = match.rule->info;
    const int specificity = rule.is_fallback ? 0 : rule.near.empty() ? 2 : 1;
    findings->push_back(
        {MakeFinding(window, match, &lines), specificity, match.distance, !later_rules.contains(rule.id)});
  }
}

bool Scanner::Impl::Blocks(const Finding& finding) const {
  return finding.severity >= options.policy.block_severity && finding.confidence >= options.policy.block_confidence;
}

// A rule of one's own takes the place of a default one that stops a commit, or may once its other part is seen, only
// when it stops the commit as well and is about all of the value: else a few lines of TOML would let a secret pass in
// silence.
void Scanner::Impl::DropExcuses(std::vector<Ranked>* ranked) const {
  const auto stops = [&](const Finding& finding) { return finding.status == FindingStatus::kNew && Blocks(finding); };
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  for (const Ranked& each : *ranked) {
    const Finding& finding = each.finding;
    const bool may_stop = finding.status == FindingStatus::kNew && pairs_of.contains(finding.rule_id);
    if (each.of_first && (stops(finding) || may_stop)) kept.emplace_back(finding.offset, finding.end_offset);
  }
  std::erase_if(*ranked, [&](const Ranked& each) {
    if (each.of_first) return false;
    const Finding& finding = each.finding;
    const bool is_stopping = stops(finding);
    return std::any_of(kept.begin(), kept.end(), [&](const auto& range) {
      const bool overlaps = range.first < finding.end_offset && finding.offset < range.second;
      const bool covers = finding.offset <= range.first && range.second <= finding.end_offset;
      return overlaps && !(is_stopping && covers);
    });
  });
}

// A key's id and its secret close to each other are surer than each alone.
void Scanner::Impl::JoinParts(std::vector<Finding>* findings) const {
  constexpr std::size_t kMaxParts = 8;
  for (Finding& finding : *findings) {
    const auto pairs = pairs_of.find(finding.rule_id);
    if (pairs == pairs_of.end()) continue;
    for (const Finding& other : *findings) {
      const std::size_t apart = other.line > finding.line ? other.line - finding.line : finding.line - other.line;
      if (apart > kPairLines ||
          std::find(pairs->second.begin(), pairs->second.end(), other.rule_id) == pairs->second.end()) {
        continue;
      }
      finding.parts.emplace_back(other.line, other.end_line);
      if (finding.parts.size() == kMaxParts) break;
    }
    if (finding.parts.empty()) continue;
    finding.confidence = Confidence::kHigh;
    if (!finding.note.empty()) finding.note += ", ";
    finding.note += "its other part is on line " + std::to_string(finding.parts[0].first);
  }
}

// Adds what was found in one text of the file to its result.
void Scanner::Impl::Keep(std::vector<Ranked> ranked) {
  std::vector<Finding> findings;
  if (options.keep_overlapping) {
    for (Ranked& each : ranked) findings.push_back(std::move(each.finding));
    std::sort(findings.begin(), findings.end(), IsBefore);
  } else {
    if (!later_rules.empty()) DropExcuses(&ranked);
    findings = MostSpecific(std::move(ranked));
  }
  if (findings.size() > 1) JoinParts(&findings);
  const std::size_t earlier = result.findings.size();
  for (Finding& finding : findings) {
    // The same value in the same line of another reading of the bytes.
    const auto is_known = [&](const Finding& known) {
      return known.fingerprint == finding.fingerprint && known.line == finding.line;
    };
    if (std::any_of(result.findings.begin(), result.findings.begin() + static_cast<std::ptrdiff_t>(earlier),
                    is_known)) {
      continue;
    }
    if (result.findings.size() >= kMaxFindingsPerFile) return SayTooManyFindings();
    finding.blocks = Blocks(finding);
    result.findings.push_back(std::move(finding));
  }
}

// Bytes that are zero are none of a text, but in an encoding that has them.
void Scanner::Impl::MarkBinary() {
  for (Finding& finding : result.findings) finding.in_text = false;
}

void Scanner::Impl::ScanWhole(std::string_view text) {
  std::vector<Ranked> findings;
  scan::Window window;
  window.text = text;
  window.core_end = text.size();
  ScanWindow(window, &findings);
  if (!findings.empty()) Keep(std::move(findings));
}

void Scanner::Impl::AppendTo(Pieces* pieces, std::string_view text) {
  // Of a gigabyte of passwords the first are enough.
  if (pieces->findings.size() >= kMostRanked && !text.empty()) return SayTooManyFindings();
  constexpr std::size_t kWindowBytes = kBeforeBytes + kCoreBytes + kBehindBytes;
  while (!text.empty()) {
    pieces->buffer.reserve(kWindowBytes);
    const std::size_t take = std::min(text.size(), kWindowBytes - pieces->buffer.size());
    pieces->buffer.append(text.substr(0, take));
    text.remove_prefix(take);
    if (pieces->buffer.size() == kWindowBytes) ScanPieces(pieces, /*is_last=*/false);
  }
}

void Scanner::Impl::ScanPieces(Pieces* pieces, bool is_last) {
  const std::string_view text = pieces->buffer;
  scan::Window window;
  window.text = text;
  window.core_begin = pieces->core_begin;
  window.core_end = is_last ? text.size() : text.size() - kBehindBytes;
  window.offset = pieces->offset;
  window.line = pieces->line;
  window.line_begin = pieces->line_begin;
  has_records = pieces == &wide && !transcoder;
  ScanWindow(window, &pieces->findings);
  has_records = false;
  if (is_last) return;

  const std::size_t drop = window.core_end - kBeforeBytes;
  const std::string_view dropped = text.substr(0, drop);
  pieces->line += static_cast<std::size_t>(std::count(dropped.begin(), dropped.end(), '\n'));
  if (const std::size_t newline = dropped.rfind('\n'); newline != std::string_view::npos) {
    pieces->line_begin = pieces->offset + newline + 1;
  }
  pieces->offset += drop;
  pieces->core_begin = kBeforeBytes;
  pieces->buffer.erase(0, drop);
}

void Scanner::Impl::Sniff() {
  sniffed = true;
  const scan::Sniffed encoding = scan::SniffEncoding(head);
  const std::string first = std::move(head);
  head.clear();
  if (encoding.encoding != scan::Encoding::kBytes) {
    transcoder.emplace(encoding.encoding);
  }
  AppendSniffed(std::string_view(first).substr(encoding.bom_bytes));
}

void Scanner::Impl::AppendSniffed(std::string_view piece) {
  AppendTo(&raw, piece);
  has_nul = has_nul || piece.find('\0') != std::string_view::npos;
  std::string text;
  wide_text.Append(piece, &text);
  AppendTo(&wide, text);
  if (!transcoder) return;
  text.clear();
  transcoder->Append(piece, &text);
  AppendTo(&decoded, text);
}

Scanner::Scanner(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Scanner::Scanner(Scanner&&) noexcept = default;
Scanner& Scanner::operator=(Scanner&&) noexcept = default;
Scanner::~Scanner() = default;

Result<Scanner> Scanner::Create(std::span<const Database* const> databases, const Options& options) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  std::set<std::string_view> seen(options.disabled.begin(), options.disabled.end());
  // From the last to the first: what comes later replaces what came before.
  for (auto database = databases.rbegin(); database != databases.rend(); ++database) {
    const Database::Impl& source_impl = (*database)->impl();
    Source source = {&source_impl, std::nullopt, std::vector<RuleState>(source_impl.image.rule_count()), {}, false};
    std::vector<std::string_view> rule_paths;
    for (std::size_t i = 0; i < source.rules.size(); ++i) {
      const engine::RuleRecord& record = source_impl.image.record(i);
      source.rules[i].looks_at_paths = record.include_paths.count + record.exclude_paths.count > 0;
      // With one database and nothing disabled, there is nothing to look up: this is a hook's start.
      if (databases.size() > 1 || !options.disabled.empty()) {
        source.rules[i].enabled = seen.insert(source_impl.image.Text(record.id)).second;
      }
      if (std::next(database) != databases.rend() && source.rules[i].enabled) {
        impl->later_rules.insert(source_impl.image.Text(record.id));
      }
      if (record.pairs.count > 0 && source.rules[i].enabled) {
        impl->pairs_of.emplace(source_impl.image.Text(record.id), source_impl.image.rule(i).pairs);
      }
      if (record.include_paths.count > 0) {
        const RuleInfo rule = source_impl.image.rule(i);
        rule_paths.insert(rule_paths.end(), rule.include_paths.begin(), rule.include_paths.end());
      }
    }
    source.rule_paths = GlobSet(rule_paths);
    if (options.engine == Engine::kAuto && source_impl.uses_hyperscan) {
      source.finder.emplace(source_impl);
    }
    impl->sources.push_back(std::move(source));
  }
  std::reverse(impl->sources.begin(), impl->sources.end());
  return Scanner(std::move(impl));
}

bool Scanner::uses_hyperscan() const {
  return std::all_of(impl_->sources.begin(), impl_->sources.end(),
                     [](const Source& source) { return source.finder || source.rules.empty(); });
}

ScanResult Scanner::Scan(std::string_view bytes, std::string_view path) {
  impl_->BeginFile(path);
  const scan::Sniffed sniffed = scan::SniffEncoding(bytes.substr(0, kSniffBytes));
  const std::string_view body = bytes.substr(sniffed.bom_bytes);
  impl_->ScanWhole(body);
  const bool has_zero = impl_->surveys[0].classes.has_zero;
  if (sniffed.encoding != scan::Encoding::kBytes) {
    std::string text;
    scan::Transcoder transcoder(sniffed.encoding);
    transcoder.Append(body, &text);
    transcoder.Finish(&text);
    impl_->ScanWhole(text);
  }
  if (has_zero) {
    std::string text;
    scan::WideText wide;
    wide.Append(body, &text);
    wide.Finish(&text);
    impl_->has_records = sniffed.encoding == scan::Encoding::kBytes;
    impl_->ScanWhole(text);
    impl_->has_records = false;
    if (sniffed.encoding == scan::Encoding::kBytes) impl_->MarkBinary();
  }
  impl_->result.bytes = bytes.size();
  impl_->result.note = std::move(impl_->decode_budget.note);
  return std::move(impl_->result);
}

ScanResult Scanner::ScanTimed(std::string_view bytes, std::string_view path, RuleTimes* times) {
  impl_->times = times;
  ScanResult result = Scan(bytes, path);
  impl_->times = nullptr;
  return result;
}

std::vector<Scanner::Explanation> Scanner::Explain(std::string_view bytes, std::string_view path) {
  std::vector<scan::Step> steps;
  impl_->BeginFile(path);
  for (Source& source : impl_->sources) source.paths_apply = true;  // What a rule's paths keep out is said.
  impl_->matches.clear();
  impl_->steps = &steps;
  impl_->FindPlainMatches(bytes);
  impl_->steps = nullptr;
  std::stable_sort(steps.begin(), steps.end(),
                   [](const scan::Step& a, const scan::Step& b) { return a.begin < b.begin; });
  std::vector<Explanation> explanations;
  scan::LineCounter lines(bytes);
  for (const scan::Step& step : steps) {
    Explanation explanation;
    explanation.rule_id = step.rule->info.id;
    explanation.line = lines.Before(step.begin) + 1;
    explanation.column = step.begin - (bytes.substr(0, step.begin).rfind('\n') + 1) + 1;
    explanation.end_line = lines.Before(step.end) + 1;
    explanation.outcome = step.outcome;
    explanation.kept = step.kept;
    explanation.expression = step.expression;
    const std::string_view word = scan::WordOfTests(path);
    if (step.kept && step.confidence > Confidence::kLow && !word.empty() &&
        IsOftenMade(step.rule->info, step.confidence)) {
      explanation.outcome += ", lowered to low: '" + std::string(word) +
                             "' in its path says test or documentation, where such values are mostly made up";
    }
    explanations.push_back(std::move(explanation));
  }
  return explanations;
}

void Scanner::Begin(std::string_view path) { impl_->BeginFile(path); }

void Scanner::Append(std::string_view piece) {
  impl_->result.bytes += piece.size();
  if (!impl_->sniffed) {
    const std::size_t take = std::min(piece.size(), kSniffBytes - impl_->head.size());
    impl_->head.append(piece.substr(0, take));
    piece.remove_prefix(take);
    if (impl_->head.size() < kSniffBytes) return;
    impl_->Sniff();
  }
  impl_->AppendSniffed(piece);
}

ScanResult Scanner::Finish() {
  if (!impl_->sniffed) impl_->Sniff();
  std::string text;
  impl_->wide_text.Finish(&text);
  impl_->AppendTo(&impl_->wide, text);
  if (impl_->transcoder) {
    text.clear();
    impl_->transcoder->Finish(&text);
    impl_->AppendTo(&impl_->decoded, text);
  }
  for (Impl::Pieces* pieces : {&impl_->raw, &impl_->decoded, &impl_->wide}) {
    impl_->ScanPieces(pieces, /*is_last=*/true);
    if (!pieces->findings.empty()) impl_->Keep(std::move(pieces->findings));
    *pieces = {};
  }
  if (impl_->has_nul && !impl_->transcoder) impl_->MarkBinary();
  impl_->result.note = std::move(impl_->decode_budget.note);
  return std::move(impl_->result);
}

}  // namespace sluice
