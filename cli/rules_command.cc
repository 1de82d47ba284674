#include "rules_command.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/ascii.h"
#include "base/counted.h"
#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "checks/checks.h"
#include "file_walker.h"
#include "masker.h"
#include "output.h"
#include "report/render.h"
#include "rule_cost.h"
#include "rule_limits.h"
#include "rules/default_packs.h"
#include "scan/dense.h"
#include "scan_command.h"
#include "sluice/config.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kMinExamples = 3;
constexpr std::size_t kMinCorpusBytes = 64U << 10U;
constexpr std::size_t kMaxCorpusBytes = 256U << 20U;
constexpr std::size_t kSlowest = 6;  // So many are named at the end of `cost`.

std::optional<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return std::nullopt;
  return bytes;
}

// The files that were named, or the default packs.
struct NamedFiles {
  std::vector<std::string> names;
  std::vector<std::string> bytes;
  Errors errors;  // Of those that cannot be read, which are left out.

  [[nodiscard]] std::vector<RuleFile> Files() const {
    if (names.empty() && errors.empty()) return DefaultPacks();
    std::vector<RuleFile> files;
    for (std::size_t i = 0; i < names.size(); ++i) files.push_back({names[i], bytes[i]});
    return files;
  }
};

NamedFiles ReadNamed(const std::vector<std::string>& paths) {
  NamedFiles named;
  for (const std::string& path : paths) {
    struct stat status {};
    const bool is_folder = stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    std::optional<std::string> content = is_folder ? std::nullopt : ReadFile(path);
    if (content) {
      named.names.push_back(path);
      named.bytes.push_back(std::move(*content));
    } else {
      named.errors.push_back({ErrorCode::kConfig, DisplayPath(path),
                              is_folder ? "is a folder: name a rule file in it" : "cannot be read"});
    }
  }
  return named;
}

// The rules of the files that were named, or of the default packs.
struct LoadedRules {
  RuleSet rules;
  std::size_t files = 0;
};

Result<LoadedRules, Errors> Load(const std::vector<std::string>& paths) {
  const NamedFiles named = ReadNamed(paths);
  if (!named.errors.empty()) return named.errors;
  const std::vector<RuleFile> files = named.Files();
  Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  if (!rules) return rules.error();
  return LoadedRules{std::move(*rules), files.size()};
}

// What a scan here would use: the default rules and those of the repository's configuration.
struct RulesInForce {
  Setup setup;
  RuleSet own;
  std::vector<std::string> replaced;  // Ids of default rules that others stand in for.

  [[nodiscard]] bool UsesDefault(const std::string& id) const {
    return setup.config().default_rules && std::find(replaced.begin(), replaced.end(), id) == replaced.end();
  }
};

Result<RulesInForce, Errors> FindRulesInForce() {
  Result<Setup, Errors> setup = SetupFor({}, ".");
  if (!setup) return setup.error();
  std::vector<RuleFile> files;
  for (const auto& [name, bytes] : setup->rule_files()) files.push_back({name, bytes});
  Result<RuleSet, Errors> own = RuleSet::Parse(files);
  if (!own) return own.error();
  std::vector<std::string> replaced = setup->ReplacedDefaults();
  return RulesInForce{std::move(*setup), std::move(*own), std::move(replaced)};
}

std::string Joined(const std::vector<std::string>& texts, std::string_view separator) {
  std::string joined;
  for (const std::string& text : texts) joined += fmt::format("{}{}", joined.empty() ? "" : separator, text);
  return joined;
}

nlohmann::ordered_json ToJson(const RuleExample& example) {
  return {{"text", example.text}, {"path", example.path}, {"secrets", example.secrets}};
}

nlohmann::ordered_json ToJson(const std::vector<RuleExample>& examples) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const RuleExample& example : examples) list.push_back(ToJson(example));
  return list;
}

nlohmann::ordered_json ToJson(const Rule& rule) {
  return {{"id", rule.id},
          {"pack", rule.pack},
          {"description", rule.description},
          {"severity", ToString(rule.severity)},
          {"confidence", ToString(rule.confidence)},
          {"regex", rule.regex},
          {"group", rule.group},
          {"near", rule.near},
          {"triggers", rule.triggers},
          {"dense", rule.dense},
          {"prefilter", rule.prefilter},
          {"check", rule.check},
          {"entropy", rule.min_entropy},
          {"strong", ToString(rule.strong)},
          {"reject", rule.reject},
          {"paths", rule.include_paths},
          {"exclude_paths", rule.exclude_paths},
          {"remediation", rule.remediation},
          {"references", rule.references},
          {"tags", rule.tags},
          {"examples", ToJson(rule.examples)},
          {"counter_examples", ToJson(rule.counter_examples)},
          {"origin", rule.origin}};
}

void MaskSecrets(Masker* masker, RuleExample* example) {
  constexpr std::string_view kMask = "********";
  const std::string text = std::move(example->text);
  example->text.clear();
  std::size_t at = 0;
  for (auto& [begin, end] : example->secrets) {
    example->text += masker->Line(std::string_view(text).substr(at, begin - at));
    at = end;
    begin = example->text.size();
    example->text += kMask;
    end = example->text.size();
  }
  example->text += masker->Line(std::string_view(text).substr(at));
  example->path = masker->Path(example->path);
}

// The rule as it is shown. The examples of the default rules are made up; those of somebody's own may be real.
Rule Shown(Rule rule, bool is_default) {
  if (is_default) return rule;
  Masker masker;
  for (RuleExample& example : rule.examples) MaskSecrets(&masker, &example);
  for (RuleExample& example : rule.counter_examples) MaskSecrets(&masker, &example);
  return rule;
}

// Whether each of `words` stands in the rule's id, pack, description or tags, in whatever case.
bool IsNamed(const Rule& rule, const std::vector<std::string>& words) {
  const std::string names =
      LowerCase(fmt::format("{} {} {} {}", rule.id, rule.pack, rule.description, Joined(rule.tags, " ")));
  std::istringstream stream(LowerCase(Joined(words, " ")));
  for (std::string word; stream >> word;) {
    if (names.find(word) == std::string::npos) return false;
  }
  return true;
}

int Print(const std::string& text) {
  if (const Result<void> written = WriteListing(text); !written) return Fail({written.error()});
  return 0;
}

// The offline checks that a rule may name.
int ListChecks(const RulesArguments& arguments) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  std::string text;
  for (const checks::Check& check : checks::All()) {
    list.push_back({{"name", check.name}, {"summary", check.summary}});
    text += fmt::format("{:<26} {}\n", check.name, check.summary);
  }
  return Print(arguments.format == "json" ? list.dump(2) + "\n" : text);
}

// "; similar: github-classic-pat, …": ids in which every word of `id` stands, else the nearest one.
std::string SimilarIds(const std::vector<Rule>& rules, const std::string& id) {
  constexpr std::size_t kMostIds = 5;
  std::vector<std::string> words;
  std::stringstream stream(id);
  for (std::string word; std::getline(stream, word, '-');) words.push_back(word);
  std::vector<std::string> similar;
  std::vector<std::string_view> all;
  for (const Rule& rule : rules) {
    all.push_back(rule.id);
    const bool has_all = std::all_of(words.begin(), words.end(),
                                     [&](const std::string& word) { return rule.id.find(word) != std::string::npos; });
    if (has_all && similar.size() < kMostIds) similar.push_back(rule.id);
  }
  if (similar.empty()) {
    if (const std::string_view nearest = NearestName(id, all); !nearest.empty()) similar.emplace_back(nearest);
  }
  return similar.empty() ? "" : "; similar: " + Joined(similar, ", ");
}

// What keeps a rule from being shipped, beyond what the parser refuses.
void CheckRule(const Rule& rule, bool is_default, Errors* errors) {
  const auto fail = [&](std::string cause) {
    errors->push_back({ErrorCode::kConfig, rule.origin, rule.id + ": " + std::move(cause)});
  };
  if (is_default && rule.examples.size() < kMinExamples) {
    fail(fmt::format("{}; at least {} are needed", Counted(rule.examples.size(), "example"), kMinExamples));
  }
  if (is_default && rule.counter_examples.size() < kMinExamples) {
    fail(fmt::format("{}; at least {} are needed", Counted(rule.counter_examples.size(), "counter-example"),
                     kMinExamples));
  }
  if (is_default && rule.references.empty()) fail("no reference to the provider's own page");
  CheckSizes(rule, errors);
}

// Lines about a rule of somebody's own that is right, but may not do what they want.
void Remark(const Rule& rule) {
  const auto say = [&](std::string_view remark) { Say(fmt::format("{}: {}: {}", rule.origin, rule.id, remark)); };
  if (rule.examples.empty()) say("note: without an example, `sluice rules test` cannot show that it finds anything");
  const Database& defaults = Database::Default();
  const std::size_t same = defaults.Find(rule.id);
  // The default packs' own files have the ids of the default packs.
  if (same < defaults.size() && defaults.rule(same).pack != rule.pack) {
    say("note: a default rule has this id: a scan refuses that, unless .sluice.toml names it under `replace`");
  }
}

// Runs the examples of one rule through a scanner of all rules.
class ExampleRunner {
 public:
  ExampleRunner(Scanner* scanner, Errors* errors) : scanner_(*scanner), errors_(*errors) {}

  void Run(const Rule& rule) {
    for (std::size_t i = 0; i < rule.examples.size(); ++i) RunExample(rule, i);
    for (std::size_t i = 0; i < rule.counter_examples.size(); ++i) RunCounterExample(rule, i);
  }

  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  using Ranges = std::set<std::pair<std::size_t, std::size_t>>;

  void RunExample(const Rule& rule, std::size_t index) {
    const RuleExample& example = rule.examples[index];
    ++count_;
    Ranges found;
    for (const Finding& finding : Find(rule, example)) found.emplace(finding.offset, finding.end_offset);
    const Ranges marked(example.secrets.begin(), example.secrets.end());
    if (found == marked) return;
    Fail(rule, example, fmt::format("example {}{}", index + 1, MadeUp(rule, example)),
         found.empty() ? "its secret is not found: " + WhyDropped(rule, example)
                       : fmt::format("its secret is at bytes {}, found at {}", ToText(marked), ToText(found)));
  }

  void RunCounterExample(const Rule& rule, std::size_t index) {
    const RuleExample& example = rule.counter_examples[index];
    ++count_;
    const std::vector<Finding> findings = Find(rule, example);
    if (findings.empty()) return;
    const Finding& finding = findings.front();
    Fail(rule, example, fmt::format("counter-example {}", index + 1),
         fmt::format("something is found in it: `{}`", finding.context.empty() ? finding.preview : finding.context));
  }

  static std::string PathOf(const RuleExample& example) { return example.path.empty() ? "example" : example.path; }

  std::vector<Finding> Find(const Rule& rule, const RuleExample& example) {
    ScanResult result = scanner_.Scan(example.text, PathOf(example));
    std::erase_if(result.findings, [&](const Finding& finding) { return finding.rule_id != rule.id; });
    return std::move(result.findings);
  }

  // What became of what the rule saw in `example`.
  std::string WhyDropped(const Rule& rule, const RuleExample& example) {
    std::vector<std::string> reasons;
    for (const Scanner::Explanation& step : scanner_.Explain(example.text, PathOf(example))) {
      if (step.rule_id != rule.id || step.kept) continue;
      if (std::find(reasons.begin(), reasons.end(), step.outcome) == reasons.end()) reasons.push_back(step.outcome);
    }
    if (!reasons.empty()) return Joined(reasons, "; ");
    std::string reason = "the expression does not match there";
    if (!rule.include_paths.empty() || !rule.exclude_paths.empty()) {
      reason += fmt::format(", or the rule does not look at the path '{}'", PathOf(example));
    }
    return reason;
  }

  // The text of an example that stands in no file, its secrets masked.
  static std::string MadeUp(const Rule& rule, const RuleExample& example) {
    if (rule.origin != fmt::format("{}:{}", FileOf(rule), example.line)) return "";
    std::string text;
    std::size_t at = 0;
    for (const auto& [begin, end] : example.secrets) {
      text.append(example.text, at, begin - at).append("********");
      at = end;
    }
    return fmt::format(" (made up: `{}`)", text.append(example.text, at));
  }

  static std::string ToText(const Ranges& ranges) {
    std::string text;
    for (const auto& [begin, end] : ranges) text += fmt::format("{}{}-{}", text.empty() ? "" : " ", begin, end);
    return text;
  }

  static std::string FileOf(const Rule& rule) { return rule.origin.substr(0, rule.origin.rfind(':')); }

  void Fail(const Rule& rule, const RuleExample& example, const std::string& which, const std::string& cause) {
    errors_.push_back({ErrorCode::kConfig, fmt::format("{}:{}", FileOf(rule), example.line),
                       fmt::format("{}: {}: {}", rule.id, which, cause)});
  }

  Scanner& scanner_;
  Errors& errors_;
  std::size_t count_ = 0;
};

Result<Corpus> ReadCorpus(const std::vector<std::string>& paths) {
  Corpus corpus;
  const Result<Walk> walk = WalkPaths(paths.empty() ? std::vector<std::string>{"."} : paths, "/", false);
  if (!walk) return walk.error();
  scan::Survey survey;
  for (const WalkedFile& file : walk->files) {
    std::optional<std::string> text = file.is_symlink ? std::nullopt : ReadFile(file.open_path);
    if (!text) continue;
    corpus.bytes += text->size();
    survey.Make(*text);
    corpus.files.push_back({file.path, std::move(*text), survey.dense});
    if (corpus.bytes > kMaxCorpusBytes) break;
  }
  // Below, the start of a scan is all that would be measured.
  if (corpus.bytes < kMinCorpusBytes) {
    return Error{ErrorCode::kUsage, "",
                 fmt::format("the corpus has {}: to measure anything, at least {} are needed",
                             Counted(corpus.bytes, "byte"), Counted(kMinCorpusBytes, "byte"))};
  }
  return corpus;
}

// What `list` shows; own rules come last.
struct ListedRules {
  std::vector<Rule> rules;
  std::size_t defaults = 0;  // So many are default ones.

  [[nodiscard]] bool IsDefault(const Rule& rule) const { return &rule < rules.data() + defaults; }
};

Result<ListedRules, Errors> LoadToList(const std::vector<std::string>& files) {
  if (!files.empty()) {
    const Result<LoadedRules, Errors> loaded = Load(files);
    return loaded ? Result<ListedRules, Errors>(ListedRules{loaded->rules.rules(), 0}) : loaded.error();
  }
  const Result<RulesInForce, Errors> in_force = FindRulesInForce();
  if (!in_force) return in_force.error();
  const Result<LoadedRules, Errors> defaults = Load({});
  if (!defaults) return defaults.error();
  ListedRules listed;
  const auto add = [&](const Rule& rule) {
    if (in_force->setup.config().Disabling(rule.id) == nullptr) listed.rules.push_back(rule);
  };
  for (const Rule& rule : defaults->rules.rules()) {
    if (in_force->UsesDefault(rule.id)) add(rule);
  }
  listed.defaults = listed.rules.size();
  for (const Rule& rule : in_force->own.rules()) add(rule);
  if (const std::size_t count = in_force->setup.config().disabled.size(); count > 0) {
    Say(fmt::format("{} switched off by {}", Counted(count, "rule"), in_force->setup.config().disabled.front().origin));
  }
  return listed;
}

Error NoSuchRule(const std::vector<Rule>& rules, const std::string& id) {
  return {ErrorCode::kUsage, "",
          fmt::format("there is no rule{}{}; see `sluice rules list`", RepeatedName(id), SimilarIds(rules, id))};
}

}  // namespace

int ListRules(const RulesArguments& arguments) {
  const Result<ListedRules, Errors> loaded = LoadToList(arguments.files);
  if (!loaded) return Fail(loaded.error());
  std::vector<const Rule*> rules;
  for (const Rule& rule : loaded->rules) {
    if (IsNamed(rule, arguments.words)) rules.push_back(&rule);
  }
  if (arguments.format == "json") {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Rule* rule : rules) list.push_back(ToJson(Shown(*rule, loaded->IsDefault(*rule))));
    return Print(list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
  std::string text;
  if (isatty(STDOUT_FILENO) == 1) {
    text = fmt::format("{:<44} {:<9} {:<7} {}\n", "ID", "SEVERITY", "CONFID.", "DESCRIPTION");
  }
  for (const Rule* const listed : rules) {
    const Rule& rule = *listed;
    text += fmt::format("{:<44} {:<9} {:<7} {}\n", rule.id, ToString(rule.severity), ToString(rule.confidence),
                        rule.description);
  }
  const int code = Print(text);
  std::set<std::string_view> providers;  // A rule's first tag.
  std::set<std::string_view> packs;
  for (const Rule* rule : rules) {
    packs.insert(rule->pack);
    if (!rule->tags.empty()) providers.insert(rule->tags.front());
  }
  if (rules.empty()) {
    Say("no rule has that in its id, pack, description or tags");
  } else {
    const std::string of = providers.size() > 1 ? fmt::format(", of {} providers and formats", providers.size()) : "";
    Say(fmt::format("{} in {}{}", Counted(rules.size(), "rule"), Counted(packs.size(), "pack"), of));
  }
  return code;
}

namespace {

int Show(const Rule& rule, std::string_view format) {
  if (format == "json") {
    return Print(ToJson(rule).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
  std::string text = fmt::format("{}\n  {}\n\n", rule.id, rule.description);
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("  {:<13} {}\n", name, value);
  };
  add("severity", ToString(rule.severity));
  add("confidence", ToString(rule.confidence));
  add("regex", rule.regex);
  add("shape", rule.shape);
  add("near", Joined(rule.near, ", "));
  add("words", Joined(rule.words, ", "));
  add("triggers", Joined(rule.triggers, " | "));
  add("prefilter", rule.prefilter);
  if (rule.min_entropy > 0) add("entropy", fmt::format("at least {:.2f} bits a byte", rule.min_entropy));
  if (rule.strong != StrongPassword::kAny) add("strong", ToString(rule.strong));
  if (const checks::Check* check = checks::Find(rule.check); check != nullptr) {
    add("check", fmt::format("{}: {}", check->name, check->summary));
  }
  add("paths", Joined(rule.include_paths, ", "));
  add("not in", Joined(rule.exclude_paths, ", "));
  add("what to do", rule.remediation);
  for (const std::string& reference : rule.references) add("see", reference);
  add("tags", Joined(rule.tags, ", "));
  add("defined at", rule.origin);
  return Print(text);
}

// The packs in which `id` stands, and those with lists: to read them all takes half a second.
std::vector<RuleFile> PacksOf(std::string_view id) {
  std::vector<RuleFile> packs = DefaultPacks();
  std::erase_if(packs, [&](const RuleFile& pack) {
    return pack.bytes.find(id) == std::string_view::npos && pack.bytes.find("[lists]") == std::string_view::npos;
  });
  return packs;
}

Result<Rule, Errors> FindInForce(const std::string& id) {
  const Result<RulesInForce, Errors> in_force = FindRulesInForce();
  if (!in_force) return in_force.error();
  if (const Rule* rule = in_force->own.Find(id)) return Shown(*rule, /*is_default=*/false);
  const Result<RuleSet, Errors> defaults = RuleSet::Parse(PacksOf(id));
  if (!defaults) return defaults.error();
  if (const Rule* rule = defaults->Find(id); rule != nullptr && in_force->UsesDefault(id)) return *rule;
  const Result<ListedRules, Errors> all = LoadToList({});
  return all ? Errors{NoSuchRule(all->rules, id)} : all.error();
}

Result<Rule, Errors> FindIn(const std::vector<std::string>& files, const std::string& id) {
  const Result<LoadedRules, Errors> loaded = Load(files);
  if (!loaded) return loaded.error();
  if (const Rule* rule = loaded->rules.Find(id)) return Shown(*rule, /*is_default=*/false);
  return Errors{NoSuchRule(loaded->rules.rules(), id)};
}

// Returns the size of what the rules compile to.
std::size_t CheckSet(const RuleSet& rules, bool is_default, Errors* errors) {
  for (const Rule& rule : rules.rules()) CheckRule(rule, is_default, errors);
  const Result<Database> database = Database::Compile(rules);
  if (!database) {
    errors->push_back(database.error());
    return 0;
  }
  CheckSelectivity(rules, *database, errors);
  return database->image().size();
}

// Each file that is a rule file by itself, where they are none together.
void CheckAlone(const std::vector<RuleFile>& files, bool is_default, Errors* errors) {
  for (const RuleFile& file : files) {
    if (const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1}); rules) CheckSet(*rules, is_default, errors);
  }
}

}  // namespace

int ShowRule(const RulesArguments& arguments) {
  if (arguments.id.empty()) return ListChecks(arguments);
  const Result<Rule, Errors> rule =
      arguments.files.empty() ? FindInForce(arguments.id) : FindIn(arguments.files, arguments.id);
  return rule ? Show(*rule, arguments.format) : Fail(rule.error());
}

int CheckRules(const RulesArguments& arguments) {
  const NamedFiles named = ReadNamed(arguments.files);
  const std::vector<RuleFile> files = named.Files();
  const bool is_default = arguments.files.empty();
  Errors errors = named.errors;
  if (files.empty()) return Fail(errors);
  const Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  if (!rules) {
    errors.insert(errors.end(), rules.error().begin(), rules.error().end());
    CheckAlone(files, is_default, &errors);
    return Fail(errors);
  }
  const std::size_t image_bytes = CheckSet(*rules, is_default, &errors);
  if (!errors.empty()) return Fail(errors);
  if (!is_default) {
    for (const Rule& rule : rules->rules()) Remark(rule);
  }
  Say(fmt::format("{} in {} checked, nothing wrong; compiled, {}", Counted(rules->rules().size(), "rule"),
                  Counted(files.size(), "file"), Counted(image_bytes, "byte")));
  return 0;
}

int TestRules(const RulesArguments& arguments) {
  const Result<LoadedRules, Errors> loaded = Load(arguments.files);
  if (!loaded) return Fail(loaded.error());
  const Result<Database> database = Database::Compile(loaded->rules);
  if (!database) return Fail({database.error()});
  Scanner::Options options;
  options.keep_overlapping = true;
  options.inline_allow = false;
  const Database* const databases[] = {&*database};
  Result<Scanner> scanner = Scanner::Create(databases, options);
  if (!scanner) return Fail({scanner.error()});

  Errors errors;
  ExampleRunner runner(&*scanner, &errors);
  for (const Rule& rule : loaded->rules.rules()) runner.Run(rule);
  Fail(errors);
  Say(fmt::format("{}, {}, {} failed", Counted(loaded->rules.rules().size(), "rule"),
                  Counted(runner.count(), "example"), errors.size()));
  if (runner.count() == 0) return Fail({{ErrorCode::kConfig, "", "there is no example to run"}});
  return errors.empty() ? 0 : 1;
}

int CostOfRules(const RulesArguments& arguments) {
  const Result<LoadedRules, Errors> loaded = Load(arguments.files);
  if (!loaded) return Fail(loaded.error());
  const Result<Corpus> corpus = ReadCorpus(arguments.corpus);
  if (!corpus) return Fail({corpus.error()});
  const Result<Costs> costs = MeasureCosts(loaded->rules, arguments.files.empty(), *corpus);
  if (!costs) return Fail({costs.error()});
  const auto share = [&](const RuleCost& cost) { return fmt::format("{:.2f}%", 100 * cost.total() / costs->scan); };
  std::string text = fmt::format("{:<44} {:>12} {:>13} {:>7} {:>14} {:>9}\n", "rule", "engine ns/KB", "looking ns/KB",
                                 "share", "candidates/MB", "findings");
  std::string slowest;
  for (std::size_t i = 0; i < costs->rules.size(); ++i) {
    const RuleCost& cost = costs->rules[i];
    text += fmt::format("{:<44} {:>12.1f} {:>13.1f} {:>7} {:>14.1f} {:>9}\n", cost.rule->id, cost.engine, cost.looking,
                        share(cost), cost.candidates_per_megabyte, cost.findings);
    if (i < kSlowest) slowest += fmt::format("{}{} {}", i == 0 ? "" : ", ", cost.rule->id, share(cost));
  }
  const int code = Print(text);
  Say(fmt::format("{} on {}, {}; a scan with {} takes {:.1f} ns/KB; the slowest: {}",
                  Counted(costs->rules.size(), "rule"), Counted(corpus->files.size(), "file"),
                  Counted(corpus->bytes, "byte"),
                  arguments.files.empty() ? "all of them" : "these and the default rules", costs->scan, slowest));
  return code;
}

}  // namespace sluice::cli
