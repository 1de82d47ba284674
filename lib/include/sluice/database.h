// Database: a RuleSet compiled for scanning.
//
//   const Database& defaults = Database::Default();            // embedded; nothing is compiled at start
//   Result<Database> own = Database::Compile(*rules);          // milliseconds: triggers are small
//   Result<Scanner> scanner = Scanner::Create({{&defaults, &*own}}, {});
//
// Immutable; share a `const Database&` between threads. Not copyable.
#ifndef SLUICE_DATABASE_H_
#define SLUICE_DATABASE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/result.h"
#include "sluice/rule.h"
#include "sluice/rule_set.h"

namespace sluice {

// What the scan needs of a rule; views into the database.
struct RuleInfo {
  std::string_view id;
  std::string_view pack;
  std::string_view description;
  std::string_view remediation;
  std::string_view regex;
  std::string_view check;
  int group = 0;
  Severity severity = Severity::kHigh;
  Confidence confidence = Confidence::kHigh;
  bool placeholders = true;
  bool random = false;
  std::uint32_t max_length = 0;
  float min_entropy = 0;
  std::vector<std::string_view> near;
  std::vector<std::string_view> words;
  bool near_is_common = false;
  bool dense = false;
  bool fixtures = false;
  StrongPassword strong = StrongPassword::kAny;
  std::vector<std::string_view> pairs;
  bool is_fallback = false;
  std::vector<std::string_view> reject;
  std::vector<std::string_view> include_paths;  // In lower case, as the path must be that they are held against.
  std::vector<std::string_view> exclude_paths;
  std::vector<std::string_view> tags;
  std::vector<std::string_view> references;
};

class Database {
 public:
  // Fails (kConfig) when an expression cannot be compiled; `where` is then the rule's origin.
  static Result<Database> Compile(const RuleSet& rules);

  // The rule packs in patterns/, compiled when sluice was built. Loaded on the first call (well under a millisecond).
  // Aborts never: where the engine does not support this processor, scans go through RE2 alone.
  static const Database& Default();

  // A database from the bytes that image() gave. Everything is bounds-checked: kConfig when they are not a database
  // of this very version of sluice and of the engine. The engine's own part is trusted, so the bytes must come from
  // a place that only the user can write (see DatabaseCache) or from this program.
  // Borrows `image`, which must outlive the database and be aligned to 8 bytes.
  static Result<Database> FromImage(std::span<const std::byte> image);
  // The same, and takes the bytes over.
  static Result<Database> FromImage(std::vector<std::byte> image);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] std::size_t size() const;
  // REQUIRES: index < size().
  [[nodiscard]] RuleInfo rule(std::size_t index) const;
  // nullopt-like: size() when there is none of that id.
  [[nodiscard]] std::size_t Find(std::string_view id) const;
  [[nodiscard]] std::span<const std::byte> image() const;

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Compiled databases of custom rules, kept in a folder that only the user can write, keyed by content. A file that is
// corrupt, truncated, foreign, stale or writable by others costs time, never a verdict: it is compiled again.
class DatabaseCache {
 public:
  // `directory` is made (0700) when needed; "" disables the cache.
  explicit DatabaseCache(std::string directory) : directory_(std::move(directory)) {}
  // $XDG_CACHE_HOME/sluice or ~/.cache/sluice, or "" when neither variable is set.
  static std::string DefaultDirectory();

  // Parses and compiles `files`, or loads what an earlier call left. `complaint`, when not null, receives one line
  // when a cache entry was ignored or could not be written, else stays as it is.
  Result<Database, Errors> Load(std::span<const RuleFile> files, std::string* complaint) const;

 private:
  std::string directory_;
};

}  // namespace sluice

#endif  // SLUICE_DATABASE_H_
