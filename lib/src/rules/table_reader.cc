#include "rules/table_reader.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "checks/checks.h"

namespace sluice {

namespace {

bool IsValidId(std::string_view id) {
  static const RE2* const kId = new RE2("[a-z0-9]+(?:-[a-z0-9]+)*");
  return RE2::FullMatch(re2::StringPiece(id.data(), id.size()), *kId);
}

constexpr std::string_view kSecretBegin = "«";
constexpr std::string_view kSecretEnd = "»";
constexpr std::string_view kJoint = "¦";

// Removes the marks from example->text and notes where they stood.
std::string TakeMarks(RuleExample* example) {
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

}  // namespace

TableReader::TableReader(std::string_view file, const toml::table& table, Errors* errors, std::string_view name)
    : file_(file), table_(table), errors_(errors), errors_before_(errors->size()) {
  if (const toml::node* id = table_.get("id"); id != nullptr && id->is_string()) id_ = **id->as_string();
  // What is no id may be anything.
  if (!id_.empty() && !IsValidId(id_)) id_ = "(bad id)";
  if (id_.empty()) id_ = name;
}

void TableReader::Fail(const toml::node& node, std::string_view cause) {
  if (errors_->size() >= kMostErrors) return;
  errors_->push_back({ErrorCode::kConfig, PlaceOf(file_, node), fmt::format("{}: {}", id_, cause)});
}

void TableReader::RejectUnknownKeys(std::span<const std::string_view> known) {
  for (const auto& [key, node] : table_) {
    const std::string_view name = key.str();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view nearest = NearestName(name, known);
    Fail(node, fmt::format("unknown key{}{}", RepeatedName(name, ""),
                           nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
  }
}

std::optional<std::string> TableReader::String(std::string_view key) {
  const toml::node* node = Get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* text = node->as_string()) return **text;
  Fail(*node, fmt::format("'{}' must be a string", key));
  return std::nullopt;
}

std::string TableReader::RequiredString(std::string_view key) {
  const toml::node* node = Get(key);
  if (node == nullptr) {
    Fail(table_, fmt::format("'{}' is missing", key));
    return "";
  }
  std::string text = String(key).value_or("");
  if (text.empty() && node->is_string()) Fail(*node, fmt::format("'{}' is empty", key));
  return text;
}

std::string TableReader::RequiredLine(std::string_view key) {
  std::string text = RequiredString(key);
  if (text.find('\n') != std::string::npos) Fail(*Get(key), fmt::format("'{}' is one line", key));
  return text;
}

std::vector<std::string> TableReader::Strings(std::string_view key) {
  std::vector<std::string> strings;
  const toml::node* node = Get(key);
  if (node == nullptr) return strings;
  // A list has the name that somebody gave it.
  const std::string shown = IsLikeAName(key) ? fmt::format("'{}'", key) : "this";
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    Fail(*node, fmt::format("{} must be a list of strings", shown));
    return strings;
  }
  for (const toml::node& element : *array) {
    const auto* text = element.as_string();
    if (text == nullptr || (*text)->empty()) {
      Fail(element,
           fmt::format("{} holds {}", shown, text == nullptr ? "something that is no string" : "an empty string"));
      continue;
    }
    strings.push_back(**text);
  }
  return strings;
}

std::vector<std::string> TableReader::Strings(std::string_view key, Common* common) {
  std::vector<std::string> strings;
  for (std::string& text : Strings(key)) {
    if (!text.starts_with('@')) {
      strings.push_back(std::move(text));
      continue;
    }
    const std::string_view name = std::string_view(text).substr(1);
    if (const auto list = common->lists.find(name); list != common->lists.end()) {
      if (list->second.size() > common->list_texts_left) {
        Fail(*Get(key), "the rules up to this one take too much from [lists]");
        return strings;
      }
      common->list_texts_left -= list->second.size();
      strings.insert(strings.end(), list->second.begin(), list->second.end());
      continue;
    }
    std::vector<std::string_view> names;
    for (const auto& list : common->lists) names.push_back(list.first);
    const std::string_view nearest = NearestName(name, names);
    Fail(*Get(key), fmt::format("there is no list{} in the files given{}", RepeatedName(name),
                                nearest.empty() ? "" : fmt::format("; did you mean '@{}'?", nearest)));
  }
  return strings;
}

std::int64_t TableReader::Integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t otherwise) {
  const toml::node* node = Get(key);
  if (node == nullptr) return otherwise;
  const auto* number = node->as_integer();
  if (number != nullptr && **number >= low && **number <= high) return **number;
  Fail(*node, fmt::format("'{}' must be an integer from {} to {}", key, low, high));
  return otherwise;
}

bool TableReader::Boolean(std::string_view key, bool otherwise) {
  const toml::node* node = Get(key);
  if (node == nullptr) return otherwise;
  if (const auto* value = node->as_boolean()) return **value;
  Fail(*node, fmt::format("'{}' must be true or false", key));
  return otherwise;
}

std::string TableReader::CheckName() {
  const std::optional<std::string> check = String("check");
  if (!check) return "";
  if (checks::Find(*check) == nullptr) {
    std::vector<std::string_view> names;
    for (const checks::Check& known : checks::All()) names.push_back(known.name);
    const std::string_view nearest = NearestName(*check, names);
    Fail(*Get("check"),
         fmt::format("there is no check of that name; {}",
                     nearest.empty() ? "`sluice rules show` lists them" : fmt::format("did you mean '{}'?", nearest)));
  }
  return *check;
}

std::vector<RuleExample> TableReader::Examples(std::string_view key, bool positive) {
  std::vector<RuleExample> examples;
  const toml::node* node = Get(key);
  if (node == nullptr) return examples;
  const toml::array* array = node->as_array();
  if (array == nullptr) {
    Fail(*node, fmt::format("'{}' must be a list", key));
    return examples;
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
    examples.push_back(std::move(example));
  }
  return examples;
}

bool TableReader::Afford(const toml::node& node, const RE2& regex, Common* common) {
  // RE2 gives up in the middle of one that is too large for it.
  constexpr std::size_t kOfTooLarge = 100'000;
  std::size_t size = 0;
  if (regex.ok()) size = static_cast<std::size_t>(regex.ProgramSize());
  // What RE2 knows of their literals it holds against each other.
  constexpr std::size_t kAlternativesSquaredOfOne = 8;
  const auto bars = static_cast<std::size_t>(std::count(regex.pattern().begin(), regex.pattern().end(), '|'));
  size += bars * bars / kAlternativesSquaredOfOne;
  if (regex.error_code() == RE2::ErrorPatternTooLarge) size += kOfTooLarge;
  common->is_spent = common->is_spent || size > common->instructions_left;
  if (common->is_spent) {
    Fail(node,
         "the expressions up to this one are too large together: make the numbers in {n,m} smaller, or the "
         "alternatives fewer");
    return false;
  }
  common->instructions_left -= size;
  return true;
}

void TableReader::ReadIdentity(Rule* rule) {
  rule->origin = PlaceOf(file_, table_);
  rule->id = RequiredString("id");
  if (!rule->id.empty() && !IsValidId(rule->id)) {
    Fail(*Get("id"), "an id is made of lower case letters, digits and single hyphens");
  }
  if (const auto text = String("severity")) {
    bool known = false;
    for (const Severity severity : {Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical}) {
      if (*text != ToString(severity)) continue;
      rule->severity = severity;
      known = true;
    }
    if (!known) Fail(*Get("severity"), "'severity' is one of critical, high, medium, low");
  }
  if (const auto text = String("confidence")) {
    bool known = false;
    for (const Confidence confidence : {Confidence::kLow, Confidence::kMedium, Confidence::kHigh}) {
      if (*text != ToString(confidence)) continue;
      rule->confidence = confidence;
      known = true;
    }
    if (!known) Fail(*Get("confidence"), "'confidence' is one of high, medium, low");
  }
}

}  // namespace sluice
