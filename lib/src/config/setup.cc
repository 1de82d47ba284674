#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/nearest_name.h"
#include "base/repeated_name.h"
#include "engine/database_impl.h"
#include "sluice/config.h"
#include "sluice/rule_set.h"

namespace sluice {

namespace {

// `path` of a rule file that the configuration at `config_path` names: relative to the configuration's folder.
std::string BesideConfig(const std::string& config_path, const std::string& path) {
  const std::size_t slash = config_path.rfind('/');
  if (slash == std::string::npos || path.starts_with('/')) return path;
  return config_path.substr(0, slash + 1) + path;
}

bool Has(const Database& database, std::string_view id) { return database.Find(id) < database.size(); }

bool AnyHas(const std::vector<const Database*>& databases, const std::string& id) {
  return std::any_of(databases.begin(), databases.end(), [&](const Database* database) { return Has(*database, id); });
}

// The id of the rule that a misspelt `id` means, or "".
std::string_view NearestRule(const std::vector<const Database*>& databases, std::string_view id) {
  std::vector<std::string_view> ids;
  for (const Database* database : databases) {
    for (std::size_t i = 0; i < database->size(); ++i) ids.push_back(database->rule(i).id);
  }
  return NearestName(id, ids);
}

// Rules in `files` that take the id of a default one without being asked to, with their places, and names under
// `replace` that replace nothing.
Errors ReplacementProblems(const std::vector<RuleFile>& files, const std::vector<std::string>& taken,
                           const std::vector<Config::Entry>& replaced) {
  Errors errors;
  const auto is_asked_for = [&](const std::string& id) {
    return std::any_of(replaced.begin(), replaced.end(), [&](const Config::Entry& entry) { return entry.text == id; });
  };
  // Only when there is something to say are the files read once more, for the places.
  if (!std::all_of(taken.begin(), taken.end(), is_asked_for)) {
    const Result<RuleSet, Errors> rules = RuleSet::Parse(files);
    for (const std::string& id : taken) {
      if (is_asked_for(id)) continue;
      const Rule* rule = rules ? rules->Find(id) : nullptr;
      errors.push_back({ErrorCode::kConfig, rule != nullptr ? rule->origin : "",
                        fmt::format("{}: a default rule has this id: give yours another, or say replace = [\"{}\"] in "
                                    ".sluice.toml to have yours in its place",
                                    id, id)});
    }
  }
  for (const Config::Entry& entry : replaced) {
    if (errors.size() >= kMostErrors) break;
    if (std::find(taken.begin(), taken.end(), entry.text) != taken.end()) continue;
    errors.push_back(
        {ErrorCode::kConfig, entry.origin,
         fmt::format("replace: no default rule{} has a rule of yours to stand in for it", RepeatedName(entry.text))});
  }
  return errors;
}

// Says that what should be fast is not, unless RE2 was asked for.
bool LacksHyperscan(const std::vector<const Database*>& databases, const Scanner::Options& options) {
  return options.engine == Scanner::Engine::kAuto &&
         std::any_of(databases.begin(), databases.end(),
                     [](const Database* database) { return database->size() > 0 && !database->impl().uses_hyperscan; });
}

}  // namespace

std::vector<std::string> Setup::ReplacedDefaults() const {
  std::vector<std::string> ids;
  if (custom_ == nullptr || databases_.size() < 2) return ids;
  for (std::size_t i = 0; i < custom_->size(); ++i) {
    const RuleInfo rule = custom_->rule(i);
    if (Has(*databases_.front(), rule.id)) ids.emplace_back(rule.id);
  }
  return ids;
}

Result<Scanner> Setup::MakeScannerOfAllRules() const {
  Scanner::Options options = scanner_options_;
  options.disabled.clear();
  return Scanner::Create(databases_, options);
}

Result<Setup, Errors> Setup::Make(Options options) {
  Setup setup;
  const Result<std::optional<std::string>> config_bytes = options.read(options.config_path);
  if (!config_bytes) return Errors{config_bytes.error()};
  if (*config_bytes) {
    Result<Config, Errors> config = Config::Parse(options.config_path, **config_bytes);
    if (!config) return config.error();
    setup.config_ = std::move(*config);
  } else if (options.config_is_required) {
    return Errors{{ErrorCode::kConfig, options.config_path, "no such file"}};
  }

  Errors errors;
  for (const Config::Entry& entry : setup.config_.rule_files) {
    Result<std::optional<std::string>> bytes = options.read(BesideConfig(options.config_path, entry.text));
    if (!bytes) {
      errors.push_back(bytes.error());
    } else if (!*bytes) {
      // What is no such name may be a secret in the wrong place.
      errors.push_back({ErrorCode::kConfig, entry.origin,
                        entry.text.ends_with(".toml")
                            ? fmt::format("no such rule file: {}", entry.text)
                            : "no such rule file, and none by its name: write \"NAME.toml\""});
    } else {
      options.rule_files.emplace_back(entry.text, std::move(**bytes));
    }
  }
  if (!errors.empty()) return errors;

  // One that the command line names, too, is the same.
  std::vector<std::pair<std::string, std::string>>& rule_files = setup.rule_files_;
  for (auto& file : options.rule_files) {
    const bool is_known = std::any_of(rule_files.begin(), rule_files.end(),
                                      [&](const auto& known) { return known.second == file.second; });
    if (!is_known) rule_files.push_back(std::move(file));
  }

  if (options.default_rules && setup.config_.default_rules) setup.databases_.push_back(&Database::Default());
  std::vector<RuleFile> files;
  if (!rule_files.empty()) {
    for (const auto& [name, bytes] : rule_files) files.push_back({name, bytes});
    std::string complaint;
    Result<Database, Errors> custom = DatabaseCache(options.cache_directory).Load(files, &complaint);
    if (!custom) return custom.error();
    if (!complaint.empty()) setup.notes_.push_back(std::move(complaint));
    setup.custom_ = std::make_unique<Database>(std::move(*custom));
    setup.databases_.push_back(setup.custom_.get());
  }

  errors = ReplacementProblems(files, setup.ReplacedDefaults(), setup.config_.replaced);

  if (LacksHyperscan(setup.databases_, options.scanner)) {
    setup.notes_.emplace_back("Hyperscan does not support this processor; RE2 finds the same, slower");
  }

  setup.scanner_options_ = std::move(options.scanner);
  setup.scanner_options_.policy = setup.config_.policy;
  for (const Config::Entry& entry : setup.config_.disabled) {
    if (!AnyHas(setup.databases_, entry.text) && errors.size() < kMostErrors) {
      const std::string_view nearest = NearestRule(setup.databases_, entry.text);
      errors.push_back(
          {ErrorCode::kConfig, entry.origin,
           fmt::format("there is no rule{}; {}", RepeatedName(entry.text),
                       nearest.empty() ? "see `sluice rules list`" : fmt::format("did you mean '{}'?", nearest))});
    }
    setup.scanner_options_.disabled.push_back(entry.text);
  }
  if (setup.databases_.empty()) {
    const bool is_told_so = config_bytes->has_value() && !setup.config_.default_rules;
    errors.push_back({is_told_so ? ErrorCode::kConfig : ErrorCode::kUsage, is_told_so ? options.config_path : "",
                      "no rules are in force, so nothing would be found: name a file with rules"});
  }
  if (!errors.empty()) return errors;
  return setup;
}

}  // namespace sluice
