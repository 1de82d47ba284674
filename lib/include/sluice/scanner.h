// Scans text for the rules of some databases.
//
//   Result<Scanner> scanner = Scanner::Create({{&Database::Default()}}, {});
//   ScanResult result = scanner->Scan(bytes, "src/deploy.sh");
//   for (const Finding& finding : result.findings) …
//
// Database: immutable, share it between threads. Scanner: one per thread; it owns the engine's scratch memory.
#ifndef SLUICE_SCANNER_H_
#define SLUICE_SCANNER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/database.h"
#include "sluice/finding.h"
#include "sluice/result.h"

namespace sluice {

// A finding blocks when it is at or above both levels; below, it is a warning.
struct Policy {
  Severity block_severity = Severity::kMedium;
  Confidence block_confidence = Confidence::kMedium;
};

struct ScanResult {
  std::vector<Finding> findings;  // Sorted by offset.
  std::uint64_t bytes = 0;        // Scanned, as stored (before transcoding).
  // Why not all of it was judged ("more than 1000 findings…"), or empty. A verdict must then not be "clean".
  std::string incomplete;
  // What it holds that is not looked into ("xz in base64: what it unpacks to was not looked at"), or empty.
  std::string note;
};

class Scanner {
 public:
  enum class Engine : std::uint8_t {
    kAuto,  // Hyperscan where it supports the processor, else RE2.
    kRe2,   // RE2 alone: the same findings, slower.
  };

  struct Options {
    Policy policy;
    Engine engine = Engine::kAuto;
    bool keep_secrets = false;          // Fill Finding::secret. Only for a person at a terminal.
    bool inline_allow = true;           // Honour `sluice:allow` comments.
    std::vector<std::string> disabled;  // Rule ids that do not count.
    // Keep what a more specific rule found in the same place, too: for testing single rules.
    bool keep_overlapping = false;
  };

  // `databases` must outlive the scanner. A rule id in a later database replaces the one of an earlier one.
  static Result<Scanner> Create(std::span<const Database* const> databases, const Options& options);
  Scanner(Scanner&&) noexcept;
  Scanner& operator=(Scanner&&) noexcept;
  ~Scanner();

  // False when the engine was asked for but does not support this processor.
  [[nodiscard]] bool uses_hyperscan() const;

  // A whole file in memory: UTF-8, UTF-16 and UTF-32 (with or without byte order mark), or any bytes. `path` is
  // relative to the top of what is scanned, with '/' between the parts; rules may look at it.
  [[nodiscard]] ScanResult Scan(std::string_view bytes, std::string_view path);

  // Every value that the expression of an enabled rule found in `bytes`, and what became of it, sorted by place. Holds
  // no value. Rules whose trigger does not stand there found nothing and are not listed.
  struct Explanation {
    std::string rule_id;
    std::size_t line = 0;  // From 1, as in Finding, and so the column.
    std::size_t column = 0;
    std::size_t end_line = 0;
    std::string outcome;  // "its entropy of 2.13 bits a byte is below 3.00".
    bool kept = false;
    std::string expression;  // Of the rule's `reject`, the one that dropped it. It may spell out the value.
  };
  [[nodiscard]] std::vector<Explanation> Explain(std::string_view bytes, std::string_view path);

  // As Scan(), for measuring rules: adds to `times`, by rule id, what its candidates took.
  using RuleTimes = std::map<std::string_view, std::chrono::nanoseconds>;  // The ids are the databases'.
  [[nodiscard]] ScanResult ScanTimed(std::string_view bytes, std::string_view path, RuleTimes* times);

  // A file in pieces of any size, with bounded memory; the findings are those of Scan() on all pieces in one.
  //   scanner.Begin("huge.log"); while (…) scanner.Append(piece); ScanResult result = scanner.Finish();
  void Begin(std::string_view path);
  void Append(std::string_view piece);
  [[nodiscard]] ScanResult Finish();

  static constexpr std::size_t kMaxFindingsPerFile = 1000;

  struct Impl;

 private:
  explicit Scanner(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice

#endif  // SLUICE_SCANNER_H_
