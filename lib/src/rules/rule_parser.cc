#include "rules/rule_parser.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "rules/credential_parser.h"
#include "rules/regex_facts.h"
#include "rules/table_reader.h"
#include "rules/toml.h"

namespace sluice {

namespace {

constexpr std::uint32_t kMaxMatchBytes = 32768;

constexpr std::array<std::string_view, 5> kTopKeys = {"format", "pack", "lists", "rule", "credential"};
constexpr std::array<std::string_view, 29> kRuleKeys = {
    "id",          "description", "regex",      "group",         "severity",
    "confidence",  "triggers",    "prefilter",  "max_length",    "entropy",
    "check",       "reject",      "paths",      "exclude_paths", "placeholders",
    "remediation", "tags",        "references", "examples",      "counter_examples",
    "near",        "common",      "words",      "fallback",      "random",
    "dense",       "fixtures",    "pairs",      "strong"};

// Reads one [[rule]] table. Collects every mistake; `rule()` is only of use when there was none.
class RuleReader : public TableReader {
 public:
  // Everything is borrowed.
  RuleReader(std::string_view file, const toml::table& table, std::string_view pack, Common* common, Errors* errors)
      : TableReader(file, table, errors), common_(common) {
    rule_.pack = pack;
  }

  // True when the rule is right.
  bool Read() {
    RejectUnknownKeys(kRuleKeys);
    ReadIdentity(&rule_);
    rule_.description = RequiredLine("description");
    rule_.remediation = RequiredLine("remediation");
    rule_.references = Strings("references");
    rule_.tags = Strings("tags");
    ReadNear(this, &rule_);
    ReadExpression();
    ReadConditions();
    rule_.examples = Examples("examples", /*positive=*/true);
    rule_.counter_examples = Examples("counter_examples", /*positive=*/false);
    return !has_errors();
  }

  Rule& rule() { return rule_; }

 private:
  void ReadExpression() {
    rule_.regex = RequiredString("regex");
    if (rule_.regex.empty()) return;
    const toml::node& node = *Get("regex");
    if (rule_.regex.find('\b') != std::string::npos) {
      Fail(node, "the regex has a backspace: TOML reads \\b between double quotes; write it between three single ones");
      return;
    }
    const RE2 regex(rule_.regex, RegexOptions());
    if (!Afford(node, regex, common_)) return;
    if (!regex.ok()) {
      Fail(node, RegexProblem(regex));
      return;
    }
    if (RE2::FullMatch("", regex)) Fail(node, "the regex matches the empty text");
    const int groups = regex.NumberOfCapturingGroups();
    if (const toml::node* group = Get("group"); group != nullptr && groups == 0 && group->value<std::int64_t>() != 0) {
      Fail(*group, "the regex has no group: put (…) around the secret");
    } else {
      rule_.group = static_cast<int>(Integer("group", 0, groups, 0));
    }
    ReadMaxLength(node);
    ReadTriggers(node);
  }

  void ReadMaxLength(const toml::node& regex_node) {
    const std::optional<std::uint32_t> computed = MaxLength(rule_.regex);
    const std::uint32_t longest = computed.value_or(kMaxMatchBytes);
    rule_.max_length = static_cast<std::uint32_t>(Integer("max_length", 1, kMaxMatchBytes, longest));
    if (Get("max_length") != nullptr) return;
    if (!computed) {
      Fail(regex_node,
           fmt::format("the regex has no bound: use {{n,m}} or say max_length (at most {})", kMaxMatchBytes));
    } else if (*computed > kMaxMatchBytes) {
      Fail(regex_node, fmt::format("a match may be {} bytes long, more than {}", *computed, kMaxMatchBytes));
    }
  }

  void ReadTriggers(const toml::node& regex_node) {
    const std::optional<std::string> prefilter = String("prefilter");
    rule_.triggers = Strings("triggers");
    if (!rule_.near.empty()) {
      if (prefilter) Fail(*Get("prefilter"), "'near' and 'prefilter' exclude each other");
      if (const toml::node* named = Get("triggers")) Fail(*named, "'near' and 'triggers' exclude each other");
      return;
    }
    if (prefilter) {
      if (const std::string problem = PrefilterProblem(*prefilter); !problem.empty()) {
        Fail(*Get("prefilter"), "prefilter: " + problem);
      }
      if (!rule_.triggers.empty()) Fail(*Get("triggers"), "'triggers' and 'prefilter' exclude each other");
      rule_.prefilter = *prefilter;
      return;
    }
    if (const toml::node* named = Get("triggers")) {
      if (named->is_array() && named->as_array()->empty()) Fail(*named, "'triggers' is empty");
      if (!rule_.triggers.empty() && !TriggersAreNecessary(rule_.regex, rule_.triggers)) {
        Fail(*named, "the regex can match text in which none of the triggers stands");
      }
      rule_.triggers_ignore_case = IgnoresCase(rule_.regex);
      return;
    }
    Triggers found = FindTriggers(rule_.regex);
    if (found.literals.empty())
      Fail(regex_node, "no literal of 3 bytes or more stands in every match, or there are too many: give a prefilter");
    rule_.triggers = std::move(found.literals);
    rule_.triggers_ignore_case = found.ignore_case;
  }

  void ReadConditions() {
    if (const toml::node* node = Get("entropy")) {
      rule_.min_entropy = node->value<double>().value_or(-1);
      if (!(rule_.min_entropy >= 0 && rule_.min_entropy <= 8)) Fail(*node, "'entropy' must be a number from 0 to 8");
    }
    rule_.placeholders = Boolean("placeholders", true);
    rule_.is_fallback = Boolean("fallback", false);
    rule_.pairs = Strings("pairs");
    rule_.fixtures = Boolean("fixtures", false);
    rule_.random = Boolean("random", false);
    rule_.dense = Boolean("dense", false);
    if (rule_.dense && rule_.max_length > kMaxDenseMatch) {
      Fail(*Get("dense"),
           fmt::format("dense: a match may be {} bytes long, more than {}", rule_.max_length, kMaxDenseMatch));
    }
    rule_.check = CheckName();
    if (const auto strong = String("strong")) {
      if (*strong != "surer" && *strong != "required") Fail(*Get("strong"), "'strong' is one of surer, required");
      rule_.strong = *strong == "surer" ? StrongPassword::kSurer : StrongPassword::kRequired;
    }
    rule_.reject = Strings("reject", common_);
    for (const std::string& expression : rule_.reject) {
      const RE2 regex(expression, RegexOptions());
      if (!Afford(*Get("reject"), regex, common_)) return;
      if (!regex.ok()) Fail(*Get("reject"), "reject: " + RegexProblem(regex));
    }
    rule_.include_paths = Strings("paths", common_);
    rule_.exclude_paths = Strings("exclude_paths", common_);
  }

  Common* const common_;
  Rule rule_;
};

void ReadTop(std::string_view file, const toml::table& top, bool is_fragment, std::string* pack, Errors* errors) {
  const auto fail = [&](const toml::node& node, std::string cause) {
    errors->push_back({ErrorCode::kConfig, PlaceOf(file, node), std::move(cause)});
  };
  for (const auto& [key, node] : top) {
    if (errors->size() >= kMostErrors) return;
    const std::string_view name = key.str();
    if (std::find(kTopKeys.begin(), kTopKeys.end(), name) != kTopKeys.end()) continue;
    const std::string_view nearest = NearestName(name, kTopKeys);
    fail(node,
         fmt::format("unknown key{}; a rule pack has 'format', 'pack', [lists], [[rule]] and [[credential]]{}",
                     RepeatedName(name, ""), nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
  }
  if (is_fragment) return;
  if (top.get("format") == nullptr) {
    errors->push_back({ErrorCode::kConfig, std::string(file) + ":1", "'format = 1' is missing"});
  } else if (top["format"].value<std::int64_t>() != 1) {
    fail(*top.get("format"), "this sluice reads format = 1 only");
  }
  if (const auto name = top["pack"].value<std::string>(); name && !name->empty()) {
    *pack = *name;
  } else {
    errors->push_back({ErrorCode::kConfig, std::string(file) + ":1", "'pack = \"family/name\"' is missing"});
  }
}

void ReadRules(std::string_view file, const toml::table& top, std::string_view pack, Common* common,
               std::vector<Rule>* rules, Errors* errors) {
  for (const std::string_view kind : {"rule", "credential"}) {
    const toml::node* node = top.get(kind);
    if (node == nullptr) continue;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      errors->push_back(
          {ErrorCode::kConfig, PlaceOf(file, *node), fmt::format("write [[{}]], in double brackets", kind)});
      continue;
    }
    for (const toml::node& element : *array) {
      if (errors->size() >= kMostErrors || common->is_spent) return;
      if (common->rules_left == 0) {
        errors->push_back({ErrorCode::kConfig, PlaceOf(file, element), "there are too many rules up to this one"});
        return;
      }
      --common->rules_left;
      const toml::table* table = element.as_table();
      if (table == nullptr) {
        errors->push_back(
            {ErrorCode::kConfig, PlaceOf(file, element), fmt::format("a {0} must be a table: [[{0}]]", kind)});
      } else if (kind == "rule") {
        RuleReader reader(file, *table, pack, common, errors);
        if (reader.Read()) rules->push_back(std::move(reader.rule()));
      } else if (std::optional<Rule> rule = ReadCredential(file, *table, pack, common, errors)) {
        rules->push_back(std::move(*rule));
      }
    }
  }
}

// The pieces of a file that begins a new one at each line "[[rule]]" or "[[credential]]", each preceded by as many line
// ends as to keep its line numbers. Of those that would be too much to read, the first ones.
std::vector<std::string> SplitAtRules(std::string_view bytes) {
  constexpr std::size_t kMostAdded = std::size_t{4} << 20U;
  std::size_t added = 0;
  std::vector<std::string> pieces;
  std::string piece;
  std::size_t lines = 0;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(0, end);
    if (line.starts_with("[[rule]]") || line.starts_with("[[credential]]")) {
      pieces.push_back(std::move(piece));
      if ((added += lines) > kMostAdded) return pieces;
      piece = std::string(lines, '\n');
    }
    piece += line;
    ++lines;
    bytes.remove_prefix(end);
  }
  pieces.push_back(std::move(piece));
  return pieces;
}

}  // namespace

void ParseLists(const RuleFile& file, Common* common, Errors* errors) {
  if (file.bytes.find("lists") == std::string_view::npos) return;  // Most have none, and are parsed once.
  const Result<toml::table> whole = ParseToml(file.name, file.bytes);
  if (!whole) return;
  const toml::node* node = whole->get("lists");
  if (node == nullptr) return;
  if (!node->is_table()) {
    errors->push_back({ErrorCode::kConfig, PlaceOf(file.name, *node), "'lists' must be a table: [lists]"});
    return;
  }
  TableReader reader(file.name, *node->as_table(), errors, "lists");
  for (const auto& [key, value] : *node->as_table()) {
    const std::string name(key.str());
    if (errors->size() >= kMostErrors) return;
    if (!common->lists.emplace(name, reader.Strings(name)).second) {
      errors->push_back(
          {ErrorCode::kConfig, PlaceOf(file.name, value), fmt::format("duplicate list{}", RepeatedName(name, ""))});
    }
  }
}

void ParseRuleFile(const RuleFile& file, Common* common, std::vector<Rule>* rules, Errors* errors) {
  const Result<toml::table> whole = ParseToml(file.name, file.bytes);
  std::string pack;
  if (whole) {
    ReadTop(file.name, *whole, /*is_fragment=*/false, &pack, errors);
    ReadRules(file.name, *whole, pack, common, rules, errors);
    return;
  }
  bool is_first = true;
  const std::size_t errors_before = errors->size();
  for (const std::string& piece : SplitAtRules(file.bytes)) {
    const Result<toml::table> part = ParseToml(file.name, piece);
    if (part) {
      ReadTop(file.name, *part, !is_first, &pack, errors);
      ReadRules(file.name, *part, pack, common, rules, errors);
    } else {
      errors->push_back(part.error());
    }
    is_first = false;
  }
  // A mistake that shows only in the whole (a rule split by our cutting is fine on its own).
  if (errors->size() == errors_before) errors->push_back(whole.error());
}

}  // namespace sluice
