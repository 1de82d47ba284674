// Reads the values of one TOML table of a rule file and notes every mistake with its place.
#ifndef SLUICE_RULES_TABLE_READER_H_
#define SLUICE_RULES_TABLE_READER_H_

#include <re2/re2.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/toml.h"
#include "sluice/result.h"
#include "sluice/rule.h"

namespace sluice {

// What the rules share that are read together.
struct Common {
  // Expressions or globs, by name: the [lists] of all files.
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  // What is left of what all of them may take, since the files are part of what is scanned: about three times what the
  // default rules need. The time to read a rule and to compile it goes with the instructions of RE2's program.
  std::size_t rules_left = 5'000;
  std::size_t instructions_left = 2'000'000;
  bool is_spent = false;  // An expression needed more than that; it is among the errors.
  std::size_t list_texts_left = 50'000;
};

class TableReader {
 public:
  // Everything is borrowed. `id` of the table, when it has one, names it in messages, and otherwise `name`.
  TableReader(std::string_view file, const toml::table& table, Errors* errors, std::string_view name = "(no id)");

  void Fail(const toml::node& node, std::string_view cause);
  void RejectUnknownKeys(std::span<const std::string_view> known);

  [[nodiscard]] const toml::node* Get(std::string_view key) const { return table_.get(key); }
  [[nodiscard]] const toml::table& table() const { return table_; }
  [[nodiscard]] bool has_errors() const { return errors_->size() > errors_before_ || errors_->size() >= kMostErrors; }

  // Each returns the value under `key`; when it is absent or (noted) of another type, nothing, "", {} or `otherwise`.
  std::optional<std::string> String(std::string_view key);
  std::string RequiredString(std::string_view key);
  std::string RequiredLine(std::string_view key);  // Without a line end.
  std::vector<std::string> Strings(std::string_view key);
  // The same with each "@name" replaced by what is in that list.
  std::vector<std::string> Strings(std::string_view key, Common* common);
  std::int64_t Integer(std::string_view key, std::int64_t low, std::int64_t high, std::int64_t otherwise);
  bool Boolean(std::string_view key, bool otherwise);

  // The name of an offline check under "check", or "".
  std::string CheckName();

  // Examples with their secrets marked; see RuleExample. A counter-example (not `positive`) marks none.
  std::vector<RuleExample> Examples(std::string_view key, bool positive);

  // Takes the program of `regex`, which stands at `node`, off what is left. False, and noted, when it is too large.
  bool Afford(const toml::node& node, const RE2& regex, Common* common);

  // id, severity and confidence, which every kind of rule has.
  void ReadIdentity(Rule* rule);

 private:
  std::string_view file_;
  const toml::table& table_;
  Errors* errors_;
  std::size_t errors_before_;
  std::string id_;
};

}  // namespace sluice

#endif  // SLUICE_RULES_TABLE_READER_H_
