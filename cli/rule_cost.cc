// A scan reads a text once for all rules: the survey and the decoders belong to no rule, and the engine looks for all
// triggers in one pass. A rule alone would pay for all of that; the passes of the default rules alone take 15 times
// what the one for all takes. So that pass is divided among them by what each adds, alone, to one that never fires.
#include "rule_cost.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <map>
#include <utility>

#include "base/ascii.h"
#include "base/glob.h"
#include "scan/candidates.h"
#include "sluice/database.h"
#include "sluice/scanner.h"

namespace sluice::cli {

namespace {

// Of so many the fastest counts: other work on the machine only ever adds.
constexpr int kRounds = 3;

using Nanoseconds = std::chrono::duration<double, std::nano>;

template <typename Work>
Nanoseconds Fastest(const Work& work) {
  Nanoseconds fastest(std::numeric_limits<double>::infinity());
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    work();
    fastest = std::min(fastest, Nanoseconds(std::chrono::steady_clock::now() - start));
  }
  return fastest;
}

// The engine's pass over the corpus.
struct Pass {
  Nanoseconds time{};
  std::size_t candidates = 0;
};

Result<Pass> RunEngine(const RuleSet& rules, const Corpus& corpus) {
  const Result<Database> database = Database::Compile(rules);
  if (!database) return database.error();
  Pass pass;
  if (!database->impl().uses_hyperscan) return pass;
  scan::CandidateFinder finder(database->impl());
  bool found_all = true;
  std::vector<std::string_view> globs;
  for (std::size_t i = 0; i < database->size(); ++i) {
    const RuleInfo rule = database->rule(i);
    globs.insert(globs.end(), rule.include_paths.begin(), rule.include_paths.end());
  }
  const GlobSet rule_paths(globs);
  std::vector<bool> has_path_of_rule;
  for (const Corpus::File& file : corpus.files) has_path_of_rule.push_back(rule_paths.Matches(LowerCase(file.path)));
  std::vector<scan::Candidate> candidates;
  pass.time = Fastest([&] {
    pass.candidates = 0;
    for (std::size_t i = 0; i < corpus.files.size(); ++i) {
      const Corpus::File& file = corpus.files[i];
      found_all = finder.FindAnywhere(file.text, has_path_of_rule[i], &candidates) && found_all;
      found_all = finder.FindAround(file.text, file.dense, &candidates) && found_all;
      pass.candidates += candidates.size();
    }
  });
  if (!found_all) return Error{ErrorCode::kIncomplete, "", "out of memory for the scan"};
  return pass;
}

// What the engine takes for rules that never fire.
class IdleEngine {
 public:
  // The time of one that is looked for where `rule` is.
  Result<Nanoseconds> Like(const Rule& rule, const Corpus& corpus) {
    const auto key = std::pair(rule.dense, rule.include_paths);
    if (const auto known = times_.find(key); known != times_.end()) return known->second;
    Rule idle = rule;
    idle.near.clear();
    idle.prefilter.clear();
    idle.triggers = {"\x01\x02\x03\x04"};
    const Result<Pass> pass = RunEngine(RuleSet({idle}), corpus);
    if (!pass) return pass.error();
    return times_[key] = pass->time;
  }

 private:
  std::map<std::pair<bool, std::vector<std::string>>, Nanoseconds> times_;
};

}  // namespace

Result<Costs> MeasureCosts(const RuleSet& rules, bool are_defaults, const Corpus& corpus) {
  std::vector<const Database*> databases = {&Database::Default()};
  const Result<Database> own = Database::Compile(are_defaults ? RuleSet() : rules);
  if (!own) return own.error();
  if (!are_defaults) databases.push_back(&*own);
  Scanner::Options options;
  options.keep_overlapping = true;
  Result<Scanner> scanner = Scanner::Create(databases, options);
  if (!scanner) return scanner.error();

  const double kilobytes = static_cast<double>(corpus.bytes) / 1e3;
  Costs costs;
  std::map<std::string, std::size_t> findings;
  // Also compiles the expressions that are needed.
  for (const Corpus::File& file : corpus.files) {
    for (const Finding& finding : scanner->Scan(file.text, file.path).findings) ++findings[finding.rule_id];
  }
  const auto scan = [&](Scanner::RuleTimes* times) {
    for (const Corpus::File& file : corpus.files) {
      [[maybe_unused]] const ScanResult result = scanner->ScanTimed(file.text, file.path, times);
    }
  };
  costs.scan = Fastest([&] { scan(nullptr); }).count() / kilobytes;
  std::vector<Scanner::RuleTimes> rounds;
  for (int round = 0; round < kRounds; ++round) scan(&rounds.emplace_back());

  const Result<Pass> all = RunEngine(rules, corpus);
  if (!all) return all.error();
  IdleEngine idle;
  Nanoseconds sum{};
  std::vector<Nanoseconds> added;  // By rule.
  for (const Rule& rule : rules.rules()) {
    const Result<Pass> pass = RunEngine(RuleSet({rule}), corpus);
    if (!pass) return pass.error();
    const Result<Nanoseconds> nothing = idle.Like(rule, corpus);
    if (!nothing) return nothing.error();
    sum += added.emplace_back(std::max(Nanoseconds(), pass->time - *nothing));
    Nanoseconds looking = rounds[0][rule.id];
    for (Scanner::RuleTimes& times : rounds) looking = std::min<Nanoseconds>(looking, times[rule.id]);
    RuleCost cost;
    cost.rule = &rule;
    cost.looking = looking.count() / kilobytes;
    cost.candidates_per_megabyte = static_cast<double>(pass->candidates) * 1e3 / kilobytes;
    cost.findings = findings[rule.id];
    costs.rules.push_back(cost);
  }
  for (std::size_t i = 0; i < added.size() && sum.count() > 0; ++i) {
    costs.rules[i].engine = all->time.count() / kilobytes * (added[i] / sum);
  }
  std::stable_sort(costs.rules.begin(), costs.rules.end(),
                   [](const RuleCost& a, const RuleCost& b) { return a.total() > b.total(); });
  return costs;
}

}  // namespace sluice::cli
