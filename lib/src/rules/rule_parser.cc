#include "rules/rule_parser.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "checks/checks.h"
#include "rules/regex_facts.h"
#include "rules/toml.h"

namespace sluice {

namespace {

constexpr std::uint32_t kMaxMatchBytes = 32768;
constexpr std::string_view kSecretBegin = "«";
constexpr std::string_view kSecretEnd = "»";
constexpr std::string_view kJoint = "¦";

constexpr std::array<std::string_view, 3> kTopKeys = {"format", "pack", "rule"};
constexpr std::array<std::string_view, 20> kRuleKeys = {
    "id",           "description", "regex",   "group",      "severity", "confidence",      "triggers",
    "prefilter",    "max_length",  "entropy", "check",      "reject",   "paths",           "exclude_paths",
    "placeholders", "remediation", "tags",    "references", "examples", "counter_examples"};

bool IsValidId(std::string_view id) {
  static const RE2* const kId = new RE2("[a-z0-9]+(?:-[a-z0-9]+)*");
  return RE2::FullMatch(re2::StringPiece(id.data(), id.size()), *kId);
}

// Reads one [[rule]] table. Collects every mistake; `rule()` is only of use when there was none.
class RuleReader {
 public:
  RuleReader(std::string_view file, const toml::table& table, std::string_view pack, Errors* errors)
      : file_(file), table_(table), errors_(errors) {
    rule_.pack = pack;
    rule_.origin = PlaceOf(file, table);
  }

  // True when the rule is right.
  bool Read() {
    const std::size_t errors_before = errors_->size();
    RejectUnknownKeys();
    ReadText();
    ReadLevels();
    ReadExpression();
    ReadConditions();
    ReadExamples("examples", /*positive=*/true, &rule_.examples);
    ReadExamples("counter_examples", /*positive=*/false, &rule_.counter_examples);
    return errors_->size() == errors_before;
  }

  Rule& rule() { return rule_; }

 private:
  void Fail(const toml::node& node, std::string_view cause) {
    const std::string id = rule_.id.empty() ? "(no id)" : rule_.id;
    errors_->push_back({ErrorCode::kConfig, PlaceOf(file_, node), fmt::format("{}: {}", id, cause)});
  }

  void RejectUnknownKeys() {
    if (const toml::node* id = table_.get("id"); id != nullptr && id->is_string()) rule_.id = **id->as_string();
    for (const auto& [key, node] : table_) {
      const std::string_view name = key.str();
      if (std::find(kRuleKeys.begin(), kRuleKeys.end(), name) != kRuleKeys.end()) continue;
      const std::string_view nearest = NearestName(name, kRuleKeys);
      Fail(node, nearest.empty() ? fmt::format("unknown key '{}'", name)
                                 : fmt::format("unknown key '{}'; did you mean '{}'?", name, nearest));
    }
  }

  // The string under `key`, or nullopt when it is absent or (reported) not a string.
  std::optional<std::string> String(std::string_view key) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return std::nullopt;
    if (const auto* text = node->as_string()) return **text;
    Fail(*node, fmt::format("'{}' must be a string", key));
    return std::nullopt;
  }

  std::string RequiredString(std::string_view key) {
    if (table_.get(key) == nullptr) {
      Fail(table_, fmt::format("'{}' is missing", key));
      return "";
    }
    std::string text = String(key).value_or("");
    if (text.empty() && table_.get(key)->is_string()) Fail(*table_.get(key), fmt::format("'{}' is empty", key));
    return text;
  }

  std::vector<std::string> Strings(std::string_view key) {
    std::vector<std::string> strings;
    const toml::node* node = table_.get(key);
    if (node == nullptr) return strings;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      Fail(*node, fmt::format("'{}' must be a list of strings", key));
      return strings;
    }
    for (const toml::node& element : *array) {
      const auto* text = element.as_string();
      if (text == nullptr || (*text)->empty()) {
        Fail(element,
             fmt::format("'{}' holds {}", key, text == nullptr ? "something that is no string" : "an empty string"));
        continue;
      }
      strings.push_back(**text);
    }
    return strings;
  }

  void ReadText() {
    rule_.id = RequiredString("id");
    if (!rule_.id.empty() && !IsValidId(rule_.id)) {
      Fail(*table_.get("id"), "an id is made of lower case letters, digits and single hyphens");
    }
    rule_.description = RequiredString("description");
    rule_.remediation = RequiredString("remediation");
    for (const std::string* line : {&rule_.description, &rule_.remediation}) {
      if (line->find('\n') != std::string::npos) Fail(table_, "'description' and 'remediation' are one line each");
    }
    rule_.references = Strings("references");
    rule_.tags = Strings("tags");
  }

  void ReadLevels() {
    if (const auto text = String("severity")) {
      bool known = false;
      for (const Severity severity : {Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
        if (*text != ToString(severity)) continue;
        rule_.severity = severity;
        known = true;
      }
      if (!known) Fail(*table_.get("severity"), "'severity' is one of critical, high, medium, low");
    }
    if (const auto text = String("confidence")) {
      bool known = false;
      for (const Confidence confidence : {Confidence::kLow, Confidence::kMedium, Confidence::kHigh}) {
        if (*text != ToString(confidence)) continue;
        rule_.confidence = confidence;
        known = true;
      }
      if (!known) Fail(*table_.get("confidence"), "'confidence' is one of high, medium, low");
    }
  }

  // The integer under `key` in [low, high], or `otherwise`.
  std::int64_t Integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t otherwise) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return otherwise;
    const auto* number = node->as_integer();
    if (number != nullptr && **number >= low && **number <= high) return **number;
    Fail(*node, fmt::format("'{}' must be an integer from {} to {}", key, low, high));
    return otherwise;
  }

  void ReadExpression() {
    rule_.regex = RequiredString("regex");
    if (rule_.regex.empty()) return;
    const toml::node& node = *table_.get("regex");
    const RE2 regex(rule_.regex, RegexOptions());
    if (!regex.ok()) {
      Fail(node, RegexProblem(regex));
      return;
    }
    if (RE2::FullMatch("", regex)) Fail(node, "the regex matches the empty text");
    rule_.group = static_cast<int>(Integer("group", 0, regex.NumberOfCapturingGroups(), 0));
    ReadMaxLength(node);
    ReadTriggers(node);
  }

  void ReadMaxLength(const toml::node& regex_node) {
    const std::optional<std::uint32_t> computed = MaxLength(rule_.regex);
    const std::uint32_t longest = computed.value_or(kMaxMatchBytes);
    rule_.max_length = static_cast<std::uint32_t>(Integer("max_length", 1, kMaxMatchBytes, longest));
    if (table_.get("max_length") != nullptr) return;
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
    if (prefilter) {
      if (const std::string problem = PrefilterProblem(*prefilter); !problem.empty()) {
        Fail(*table_.get("prefilter"), "prefilter: " + problem);
      }
      if (!rule_.triggers.empty()) Fail(*table_.get("triggers"), "'triggers' and 'prefilter' exclude each other");
      rule_.prefilter = *prefilter;
      return;
    }
    if (const toml::node* named = table_.get("triggers")) {
      if (named->is_array() && named->as_array()->empty()) Fail(*named, "'triggers' is empty");
      if (!rule_.triggers.empty() && !TriggersAreNecessary(rule_.regex, rule_.triggers)) {
        Fail(*named, "the regex can match text in which none of the triggers stands");
      }
      rule_.triggers_ignore_case = IgnoresCase(rule_.regex);
      return;
    }
    Triggers found = FindTriggers(rule_.regex);
    if (found.literals.empty())
      Fail(regex_node, "no literal of 3 bytes or more stands in every match: give a prefilter");
    rule_.triggers = std::move(found.literals);
    rule_.triggers_ignore_case = found.ignore_case;
  }

  void ReadConditions() {
    if (const toml::node* node = table_.get("entropy")) {
      rule_.min_entropy = node->value<double>().value_or(-1);
      if (!(rule_.min_entropy >= 0 && rule_.min_entropy <= 8)) Fail(*node, "'entropy' must be a number from 0 to 8");
    }
    if (const toml::node* node = table_.get("placeholders")) {
      if (!node->is_boolean()) Fail(*node, "'placeholders' must be true or false");
      rule_.placeholders = node->value<bool>().value_or(true);
    }
    if (const auto check = String("check")) {
      if (checks::Find(*check) == nullptr) Fail(*table_.get("check"), fmt::format("there is no check '{}'", *check));
      rule_.check = *check;
    }
    rule_.reject = Strings("reject");
    for (const std::string& expression : rule_.reject) {
      const RE2 regex(expression, RegexOptions());
      if (!regex.ok()) Fail(*table_.get("reject"), "reject: " + RegexProblem(regex));
    }
    rule_.include_paths = Strings("paths");
    rule_.exclude_paths = Strings("exclude_paths");
  }

  void ReadExamples(std::string_view key, bool positive, std::vector<RuleExample>* examples) {
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const toml::array* array = node->as_array();
    if (array == nullptr) {
      Fail(*node, fmt::format("'{}' must be a list", key));
      return;
    }
    for (const toml::node& element : *array) {
      RuleExample example;
      example.line = static_cast<int>(element.source().begin.line);
      if (const auto* text = element.as_string()) {
        example.text = **text;
      } else if (const toml::table* table = element.as_table(); table != nullptr && table->get("text") != nullptr) {
        example.text = table->get("text")->value_or(std::string());
        if (const toml::node* path = table->get("path")) example.path = path->value_or(std::string());
        if (table->size() > (example.path.empty() ? 1U : 2U)) Fail(element, "an example has 'text' and 'path' only");
      } else {
        Fail(element, fmt::format("'{}' holds something that is neither a string nor {{text, path}}", key));
        continue;
      }
      if (const std::string problem = TakeMarks(&example); !problem.empty()) Fail(element, problem);
      if (positive && example.secrets.empty()) Fail(element, "an example marks its secret as «secret»");
      if (!positive && !example.secrets.empty()) Fail(element, "a counter-example marks no secret");
      examples->push_back(std::move(example));
    }
  }

  // Removes the marks from example->text and notes where they stood.
  static std::string TakeMarks(RuleExample* example) {
    const std::string marked = std::move(example->text);
    std::string& text = example->text;
    text.clear();
    std::optional<std::size_t> open;
    for (std::size_t at = 0; at < marked.size();) {
      const std::string_view rest = std::string_view(marked).substr(at);
      if (rest.starts_with(kJoint)) {
        at += kJoint.size();
      } else if (rest.starts_with(kSecretBegin)) {
        if (open) return "'«' inside '«…»'";
        open = text.size();
        at += kSecretBegin.size();
      } else if (rest.starts_with(kSecretEnd)) {
        if (!open) return "'»' without '«'";
        example->secrets.emplace_back(*open, text.size());
        open.reset();
        at += kSecretEnd.size();
      } else {
        text += marked[at++];
      }
    }
    return open ? "'«' without '»'" : "";
  }

  std::string_view file_;
  const toml::table& table_;
  Errors* errors_;
  Rule rule_;
};

void ReadTop(std::string_view file, const toml::table& top, bool is_fragment, std::string* pack, Errors* errors) {
  const auto fail = [&](const toml::node& node, std::string cause) {
    errors->push_back({ErrorCode::kConfig, PlaceOf(file, node), std::move(cause)});
  };
  for (const auto& [key, node] : top) {
    const std::string_view name = key.str();
    if (std::find(kTopKeys.begin(), kTopKeys.end(), name) != kTopKeys.end()) continue;
    const std::string_view nearest = NearestName(name, kTopKeys);
    fail(node, fmt::format("unknown key '{}'; a rule pack has 'format', 'pack' and [[rule]]{}", name,
                           nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
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

void ReadRules(std::string_view file, const toml::table& top, std::string_view pack, std::vector<Rule>* rules,
               Errors* errors) {
  const toml::node* node = top.get("rule");
  if (node == nullptr) return;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    errors->push_back({ErrorCode::kConfig, PlaceOf(file, *node), "write [[rule]], in double brackets"});
    return;
  }
  for (const toml::node& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) {
      errors->push_back({ErrorCode::kConfig, PlaceOf(file, element), "a rule must be a table: [[rule]]"});
      continue;
    }
    RuleReader reader(file, *table, pack, errors);
    if (reader.Read()) rules->push_back(std::move(reader.rule()));
  }
}

// The pieces of a file that begins a new one at each line "[[rule]]", each preceded by as many line ends as to keep
// its line numbers.
std::vector<std::string> SplitAtRules(std::string_view bytes) {
  std::vector<std::string> pieces;
  std::string piece;
  std::size_t lines = 0;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    const std::string_view line = bytes.substr(0, end);
    if (line.starts_with("[[rule]]")) {
      pieces.push_back(std::move(piece));
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

void ParseRuleFile(const RuleFile& file, std::vector<Rule>* rules, Errors* errors) {
  const toml::parse_result whole = toml::parse(file.bytes, std::string_view(file.name));
  std::string pack;
  if (whole) {
    ReadTop(file.name, whole.table(), /*is_fragment=*/false, &pack, errors);
    ReadRules(file.name, whole.table(), pack, rules, errors);
    return;
  }
  bool is_first = true;
  const std::size_t errors_before = errors->size();
  for (const std::string& piece : SplitAtRules(file.bytes)) {
    const toml::parse_result part = toml::parse(piece, std::string_view(file.name));
    if (part) {
      ReadTop(file.name, part.table(), !is_first, &pack, errors);
      ReadRules(file.name, part.table(), pack, rules, errors);
    } else {
      errors->push_back({ErrorCode::kConfig, fmt::format("{}:{}", file.name, part.error().source().begin.line),
                         fmt::format("TOML: {}", part.error().description())});
    }
    is_first = false;
  }
  // A mistake that shows only in the whole (a rule split by our cutting is fine on its own).
  if (errors->size() == errors_before) {
    errors->push_back({ErrorCode::kConfig, fmt::format("{}:{}", file.name, whole.error().source().begin.line),
                       fmt::format("TOML: {}", whole.error().description())});
  }
}

std::string_view NearestName(std::string_view key, std::span<const std::string_view> known) {
  std::string_view nearest;
  std::size_t least = 3;
  for (const std::string_view name : known) {
    std::vector<std::size_t> row(name.size() + 1);
    for (std::size_t j = 0; j <= name.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= key.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= name.size(); ++j) {
        const std::size_t above = row[j];
        row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (key[i - 1] == name[j - 1] ? 0 : 1)});
        diagonal = above;
      }
    }
    if (row.back() < least) {
      least = row.back();
      nearest = name;
    }
  }
  return nearest;
}

std::string PlaceOf(std::string_view file, const toml::node& node) {
  return fmt::format("{}:{}", file, std::max<toml::source_index>(node.source().begin.line, 1));
}

}  // namespace sluice
