#include "rules/credential_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "base/ascii.h"
#include "rules/made_up_examples.h"
#include "rules/regex_facts.h"
#include "rules/shape.h"

namespace sluice {

namespace {

constexpr std::array<std::string_view, 20> kCredentialKeys = {
    "id",      "provider", "kind",         "about",    "near",
    "common",  "words",    "shape",        "severity", "confidence",
    "check",   "revoke",   "reference",    "examples", "counter_examples",
    "entropy", "random",   "placeholders", "tags",     "pairs"};

// A random value has nearly as many bits a byte as its length and alphabet allow.
constexpr double kShareOfEntropy = 0.7;
constexpr std::size_t kMinNameBytes = 3;
constexpr std::size_t kMaxNameBytes = 40;

// "GitHub" and "GitHub App token" are no "GitHub GitHub App token", nor "Moderation API" and "API key" one of "API
// API".
std::string NameOf(const std::string& provider, const std::string& kind) {
  const std::string last_word = provider.substr(provider.rfind(' ') + 1);
  const bool repeats = kind.starts_with(last_word + " ");
  return repeats ? provider.substr(0, provider.size() - last_word.size()) + kind : provider + " " + kind;
}

// "Foo Bar.io" -> "foo-bar-io": a tag to filter by.
std::string TagOf(std::string_view provider) {
  std::string tag;
  for (const char c : LowerCase(provider)) {
    const bool is_word = IsLower(c) || IsDigit(c);
    if (is_word) {
      tag += c;
    } else if (!tag.empty() && tag.back() != '-') {
      tag += '-';
    }
  }
  while (!tag.empty() && tag.back() == '-') tag.pop_back();
  return tag;
}

double LeastEntropy(const std::string& sample) {
  const std::set<char> used(sample.begin(), sample.end());
  const auto distinct = static_cast<double>(std::min<std::size_t>(used.size(), sample.size()));
  return distinct < 2 ? 0 : kShareOfEntropy * std::log2(distinct);
}

void ReadShape(TableReader* reader, Common* common, Rule* rule) {
  rule->shape = reader->RequiredString("shape");
  if (rule->shape.empty()) return;
  const toml::node& node = *reader->Get("shape");
  const Result<Shape> shape = Shape::Parse(rule->shape);
  if (!shape) {
    reader->Fail(node, shape.error().message);
    return;
  }
  rule->regex = shape->Regex();
  rule->group = 1;
  const RE2 regex(rule->regex, RegexOptions());
  if (!reader->Afford(node, regex, common)) return;
  if (!regex.ok()) {
    reader->Fail(node, "shape: no expression can be made of it");
    return;
  }
  constexpr std::size_t kAround = 16;  // What stands on both sides.
  rule->max_length = MaxLength(rule->regex).value_or(static_cast<std::uint32_t>(shape->max_length() + kAround));
  rule->min_length = static_cast<std::uint32_t>(shape->min_length());
  rule->alphabet = shape->Alphabet();
  // A value without a text of its own is a guess in any case.
  rule->dense = shape->IsDense(rule->near.empty() ? 0.006 : 0.02);
  const std::string sample = shape->Sample(0);
  rule->min_entropy = LeastEntropy(sample.substr(std::min(shape->prefix_length(), sample.size() - 1)));
  // A text of the value's own is rarer than a name.
  constexpr std::size_t kRareBytes = 5;
  const std::vector<std::string> literals = shape->Literals();
  const bool is_rare = !literals.empty() && std::all_of(literals.begin(), literals.end(), [](const std::string& text) {
    return text.size() >= kRareBytes;
  });
  if (!rule->near.empty()) {
    if (is_rare) rule->triggers = literals;
  } else {
    Triggers found = FindTriggers(rule->regex);
    if (found.literals.empty()) found = {literals, false};
    if (found.literals.empty()) {
      reader->Fail(node, "a shape without a text of its own needs 'near': the provider's names");
    }
    rule->triggers = std::move(found.literals);
    rule->triggers_ignore_case = found.ignore_case;
  }
}

}  // namespace

void ReadNear(TableReader* reader, Rule* rule) {
  for (const std::string& name : reader->Strings("near")) {
    const bool is_sound =
        name.size() >= kMinNameBytes && name.size() <= kMaxNameBytes && name.front() != ' ' && name.back() != ' ';
    if (!is_sound || name != LowerCase(name)) {
      reader->Fail(*reader->Get("near"),
                   fmt::format("near: a name must be lower case and {} to {} bytes long, without blanks around it",
                               kMinNameBytes, kMaxNameBytes));
    }
    rule->near.push_back(name);
  }
  for (const std::string& word : reader->Strings("words")) rule->words.push_back(LowerCase(word));
  rule->near_is_common = reader->Boolean("common", false);
}

std::optional<Rule> ReadCredential(std::string_view file, const toml::table& table, std::string_view pack,
                                   Common* common, Errors* errors) {
  TableReader reader(file, table, errors);
  Rule rule;
  rule.pack = pack;
  reader.RejectUnknownKeys(kCredentialKeys);
  reader.ReadIdentity(&rule);
  const std::string provider = reader.RequiredLine("provider");
  const std::string kind = reader.RequiredLine("kind");
  rule.description = fmt::format("{}: {}", NameOf(provider, kind), reader.RequiredLine("about"));
  rule.remediation = reader.RequiredLine("revoke");
  rule.references = {reader.RequiredLine("reference")};
  rule.tags = reader.Strings("tags");
  rule.pairs = reader.Strings("pairs");
  rule.tags.push_back(TagOf(provider));
  rule.tags.emplace_back("cwe-798");
  ReadNear(&reader, &rule);
  ReadShape(&reader, common, &rule);
  if (const toml::node* node = reader.Get("entropy")) {
    rule.min_entropy = node->value<double>().value_or(-1);
    if (!(rule.min_entropy >= 0 && rule.min_entropy <= 8)) {
      reader.Fail(*node, "'entropy' must be a number from 0 to 8");
    }
  }
  // What has a text of its own, or digits only, needs no look at its letters.
  const bool is_one_run = rule.shape.starts_with('{') && rule.shape.find('}') + 1 == rule.shape.size();
  rule.random = reader.Boolean("random", is_one_run && rule.shape != "{uuid}" && !rule.shape.starts_with("{digit:"));
  rule.placeholders = reader.Boolean("placeholders", true);
  rule.check = reader.CheckName();
  rule.examples = reader.Examples("examples", /*positive=*/true);
  rule.counter_examples = reader.Examples("counter_examples", /*positive=*/false);
  if (reader.has_errors()) return std::nullopt;
  MakeUpExamples(provider, static_cast<int>(table.source().begin.line), &rule);
  return rule;
}

}  // namespace sluice
