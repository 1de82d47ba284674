// Config: what a .sluice.toml says. Defaults are always on; a configuration adds to them or takes single rules away.
//
//   format = 1
//   rules = ["tools/acme-rules.toml"]     # rule packs of your own, relative to this file
//   disable = ["generic-password-assignment"]
//   replace = ["jwt"]                     # default rules that rules of your own, with the same id, stand in for
//   exclude = ["third_party/", "*.min.js"]  # globs as in .gitignore; what they leave out is counted in the summary
//   default_rules = true
//
//   [policy]                              # below these, a finding is a warning
//   block_severity = "medium"
//   block_confidence = "medium"
#ifndef SLUICE_CONFIG_H_
#define SLUICE_CONFIG_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/database.h"
#include "sluice/result.h"
#include "sluice/scanner.h"

namespace sluice {

struct Config {
  // A string of the file and where it stands (".sluice.toml:4").
  struct Entry {
    std::string text;
    std::string origin;
  };

  std::vector<Entry> rule_files;
  std::vector<Entry> disabled;
  std::vector<Entry> replaced;
  std::vector<Entry> exclude;
  bool default_rules = true;
  Policy policy;

  // All mistakes, with file and line; an unknown key is one of them.
  static Result<Config, Errors> Parse(std::string_view name, std::string_view bytes);

  // The entry of `exclude` that leaves `path` out, or nullptr.
  [[nodiscard]] const Entry* Excluding(std::string_view path) const;

  // The entry of `disable` that switches off the rule `id`, or nullptr.
  [[nodiscard]] const Entry* Disabling(std::string_view id) const;

  // How this finds less than `before` would: "switches off 2 rules (a, b), excludes 1 more path"; empty when it does
  // not. Holds no value but rule ids.
  [[nodiscard]] std::string LooserThan(const Config& before) const;
};

// Everything that a run needs before it sees the first byte: the configuration in force and its databases.
class Setup {
 public:
  // Reads a file that the configuration names, relative to the top; nullopt when it is not there. In a hook that is
  // the tree being committed, else the working tree.
  using FileReader = std::function<Result<std::optional<std::string>>(const std::string& path)>;

  struct Options {
    // Of the configuration; not being there is no error unless `config_is_required`.
    std::string config_path = ".sluice.toml";
    bool config_is_required = false;
    FileReader read;
    // Rule files beside those of the configuration (`--rules`), already read: name and bytes.
    std::vector<std::pair<std::string, std::string>> rule_files;
    bool default_rules = true;
    std::string cache_directory = DatabaseCache::DefaultDirectory();
    Scanner::Options scanner;
  };

  // kConfig for what is wrong in a file, kIncomplete for what could not be read.
  // A rule that has the id of a default one is an error, unless the configuration says that it replaces that one: else
  // a rule that finds less would switch it off in silence.
  static Result<Setup, Errors> Make(Options options);

  [[nodiscard]] const Config& config() const { return config_; }
  // The databases in force, in the order of Scanner::Create.
  [[nodiscard]] const std::vector<const Database*>& databases() const { return databases_; }
  // Name and bytes of each rule file in force beside the default rules.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& rule_files() const { return rule_files_; }
  // Lines for the person that change no verdict: an ignored cache, RE2 in place of Hyperscan.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  // Ids of the default rules that rules of the configuration (or of `--rules`) stand in for: those that it says it
  // replaces.
  [[nodiscard]] std::vector<std::string> ReplacedDefaults() const;
  // One for each thread; the Setup must outlive it.
  [[nodiscard]] Result<Scanner> MakeScanner() const { return Scanner::Create(databases_, scanner_options_); }
  // The same with the rules that the configuration disables, to explain what they would find.
  [[nodiscard]] Result<Scanner> MakeScannerOfAllRules() const;

 private:
  Config config_;
  std::unique_ptr<Database> custom_;
  std::vector<const Database*> databases_;
  std::vector<std::pair<std::string, std::string>> rule_files_;
  std::vector<std::string> notes_;
  Scanner::Options scanner_options_;
};

}  // namespace sluice

#endif  // SLUICE_CONFIG_H_
