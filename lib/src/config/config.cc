#include "sluice/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "base/counted.h"
#include "base/glob.h"
#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "rules/toml.h"

namespace sluice {

namespace {

constexpr std::array<std::string_view, 7> kKeys = {"format",  "rules",         "disable", "replace",
                                                   "exclude", "default_rules", "policy"};
constexpr std::array<std::string_view, 2> kPolicyKeys = {"block_severity", "block_confidence"};

// The file is part of what is scanned: lists are held against each other, and all rule files are read.
constexpr std::size_t kMostEntries = 10'000;
constexpr std::size_t kMostRuleFiles = 64;
// Of globs, each counted once for every star: each file's path is held against all of them, from every star on.
constexpr std::size_t kMostGlobBytes = std::size_t{64} << 10U;

class ConfigReader {
 public:
  ConfigReader(std::string_view name, Config* config, Errors* errors)
      : name_(name), config_(*config), errors_(*errors) {}

  void Read(const toml::table& top) {
    RejectUnknown(top, kKeys);
    const toml::node* format = top.get("format");
    if (format == nullptr || format->value<std::int64_t>() != 1) {
      errors_.push_back({ErrorCode::kConfig, format == nullptr ? fmt::format("{}:1", name_) : PlaceOf(name_, *format),
                         "write 'format = 1': the version of this file's format"});
    }
    config_.rule_files = Entries(top, "rules");
    if (config_.rule_files.size() > kMostRuleFiles) {
      Fail(*top.get("rules"), fmt::format("'rules' names more than {} files", kMostRuleFiles));
    }
    config_.disabled = Entries(top, "disable");
    config_.replaced = Entries(top, "replace");
    config_.exclude = Entries(top, "exclude");
    CheckGlobs();
    if (const toml::node* node = top.get("default_rules")) {
      if (!node->is_boolean()) Fail(*node, "'default_rules' must be true or false");
      config_.default_rules = node->value<bool>().value_or(true);
    }
    if (const toml::node* node = top.get("policy")) {
      if (const toml::table* policy = node->as_table()) {
        ReadPolicy(*policy);
      } else {
        Fail(*node, "'policy' must be a table");
      }
    }
  }

 private:
  void Fail(const toml::node& node, std::string message) {
    if (errors_.size() >= kMostErrors) return;
    errors_.push_back({ErrorCode::kConfig, PlaceOf(name_, node), std::move(message)});
  }

  void RejectUnknown(const toml::table& table, std::span<const std::string_view> known) {
    for (const auto& [key, node] : table) {
      const std::string_view name = key.str();
      const auto is_in = [name](const auto& keys) { return std::find(keys.begin(), keys.end(), name) != keys.end(); };
      if (is_in(known)) continue;
      if (is_in(kKeys) || is_in(kPolicyKeys)) {
        Fail(node, fmt::format("'{}' belongs {} [policy]", name, is_in(kKeys) ? "above" : "under"));
        continue;
      }
      const std::string_view nearest = NearestName(name, known);
      Fail(node, fmt::format("unknown key{}{}", RepeatedName(name, ""),
                             nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest)));
    }
  }

  std::vector<Config::Entry> Entries(const toml::table& table, std::string_view key) {
    std::vector<Config::Entry> entries;
    const toml::node* node = table.get(key);
    if (node == nullptr) return entries;
    if (!node->is_array()) {
      Fail(*node, fmt::format("'{}' must be a list of strings", key));
      return entries;
    }
    if (node->as_array()->size() > kMostEntries) {
      Fail(*node, fmt::format("'{}' holds more than {} strings", key, kMostEntries));
      return entries;
    }
    for (const toml::node& element : *node->as_array()) {
      const auto text = element.value<std::string>();
      if (!element.is_string() || text->empty()) {
        Fail(element, fmt::format("'{}' must hold strings that are not empty", key));
      } else {
        entries.push_back({*text, PlaceOf(name_, element)});
      }
    }
    return entries;
  }

  void CheckGlobs() {
    std::size_t bytes = 0;
    for (const Config::Entry& entry : config_.exclude) {
      bytes += entry.text.size() * static_cast<std::size_t>(std::count(entry.text.begin(), entry.text.end(), '*'));
      if (bytes <= kMostGlobBytes) continue;
      errors_.push_back(
          {ErrorCode::kConfig, entry.origin,
           fmt::format("'exclude' has more than {} bytes of globs, each counted once for every star", kMostGlobBytes)});
      return;
    }
  }

  void ReadPolicy(const toml::table& policy) {
    RejectUnknown(policy, kPolicyKeys);
    ReadLevel(policy, "block_severity", {Severity::kLow, Severity::kMedium, Severity::kHigh, Severity::kCritical},
              &config_.policy.block_severity);
    ReadLevel(policy, "block_confidence", {Confidence::kLow, Confidence::kMedium, Confidence::kHigh},
              &config_.policy.block_confidence);
  }

  template <typename Level>
  void ReadLevel(const toml::table& policy, std::string_view key, std::initializer_list<Level> levels, Level* level) {
    const toml::node* node = policy.get(key);
    if (node == nullptr) return;
    std::string names;
    for (const Level candidate : levels) {
      if (node->value<std::string>() == ToString(candidate)) {
        *level = candidate;
        return;
      }
      names += fmt::format("{}{}", names.empty() ? "" : ", ", ToString(candidate));
    }
    Fail(*node, fmt::format("'{}' is one of {}", key, names));
  }

  std::string_view name_;
  Config& config_;
  Errors& errors_;
};

std::vector<Config::Entry> NotIn(const std::vector<Config::Entry>& entries, const std::vector<Config::Entry>& others) {
  std::vector<Config::Entry> rest;
  std::copy_if(entries.begin(), entries.end(), std::back_inserter(rest), [&](const Config::Entry& entry) {
    return std::none_of(others.begin(), others.end(), [&](const auto& other) { return other.text == entry.text; });
  });
  return rest;
}

std::vector<std::string> TextsOf(const std::vector<Config::Entry>& entries) {
  std::vector<std::string> texts;
  texts.reserve(entries.size());
  for (const Config::Entry& entry : entries) texts.push_back(entry.text);
  return texts;
}

}  // namespace

std::string Config::LooserThan(const Config& before) const {
  std::string changes;
  const auto add = [&](const std::string& change) { changes += (changes.empty() ? "" : ", ") + change; };
  if (const auto off = NotIn(disabled, before.disabled); !off.empty()) {
    add("switches off " + CountedNames(TextsOf(off), "rule"));
  }
  if (const auto own = NotIn(replaced, before.replaced); !own.empty()) {
    add("has rules of its own for " + CountedNames(TextsOf(own), "default rule"));
  }
  if (before.default_rules && !default_rules) add("switches off the default rules");
  if (const auto gone = NotIn(before.rule_files, rule_files); !gone.empty()) {
    add(fmt::format("takes {} away", Counted(gone.size(), "rule file")));
  }
  if (const auto out = NotIn(exclude, before.exclude); !out.empty()) {
    add(fmt::format("excludes {} ({})", Counted(out.size(), "more pattern"), out.front().origin));
  }
  if (policy.block_severity > before.policy.block_severity) {
    add(fmt::format("blocks from {} severity on", ToString(policy.block_severity)));
  }
  if (policy.block_confidence > before.policy.block_confidence) {
    add(fmt::format("blocks from {} confidence on", ToString(policy.block_confidence)));
  }
  return changes;
}

Result<Config, Errors> Config::Parse(std::string_view name, std::string_view bytes) {
  const Result<toml::table> parsed = ParseToml(name, bytes);
  if (!parsed) return Errors{parsed.error()};
  Config config;
  Errors errors;
  ConfigReader(name, &config, &errors).Read(*parsed);
  if (!errors.empty()) return errors;
  return config;
}

const Config::Entry* Config::Disabling(std::string_view id) const {
  const auto found =
      std::find_if(disabled.begin(), disabled.end(), [&](const Entry& entry) { return entry.text == id; });
  return found == disabled.end() ? nullptr : &*found;
}

const Config::Entry* Config::Excluding(std::string_view path) const {
  const auto found =
      std::find_if(exclude.begin(), exclude.end(), [&](const Entry& entry) { return GlobMatches(entry.text, path); });
  return found == exclude.end() ? nullptr : &*found;
}

}  // namespace sluice
