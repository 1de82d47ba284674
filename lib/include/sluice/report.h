// Writes the outcome of a run. One room writes everything that a person or a program reads on stdout.
//
//   Report report = …;
//   std::string text = Render(report, Format::kSarif, RenderOptions{});
//
// Thread rule: pure functions; call them from any thread.
#ifndef SLUICE_REPORT_H_
#define SLUICE_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/finding.h"

namespace sluice {

struct ScanResult;

// Something that was not scanned, and why: never silently.
struct Skipped {
  std::string path;    // May be empty when it is not a file.
  std::string reason;  // One line: "submodule", "excluded by .sluice.toml:4", "object missing: 3f2a…".
  // True when what was skipped could hold a secret and nobody decided to leave it out: the verdict is incomplete.
  bool incomplete = false;
  bool partly = false;  // The rest of it was scanned.
  // True when nobody decided to leave it out, though it stops nothing: whoever reads the text may want to look.
  bool noted = false;
  std::string archive = {};  // As in Finding, and the next.
  bool path_is_masked = false;
};

enum class Verdict : std::uint8_t { kClean, kFindings, kIncomplete };

// The three frozen exit codes of a run that came to a verdict; 2 is for usage and configuration.
[[nodiscard]] int ExitCode(Verdict verdict);
[[nodiscard]] std::string_view ToString(Verdict verdict);

struct Report {
  std::vector<Finding> findings;  // Sorted: path, line, column, rule.
  std::vector<Skipped> skipped;   // Sorted: path, reason.
  std::size_t files = 0;          // Scanned.
  std::uint64_t bytes = 0;        // Scanned.
  std::size_t rules_off = 0;      // By the configuration. In the summary only.
  double milliseconds = 0;        // From start to verdict. Not in JSON or SARIF: the same input gives the same bytes.

  // kIncomplete outranks kFindings in nothing: findings that block decide first, then what was not scanned.
  [[nodiscard]] Verdict GetVerdict() const;
  // Adds what the scan of one file came to.
  void Add(const std::string& path, ScanResult result);
  void Sort();
};

enum class Format : std::uint8_t { kText, kJson, kSarif };
[[nodiscard]] std::optional<Format> ParseFormat(std::string_view name);

// How a file is left out of the commit that is being made.
enum class LeaveOut : std::uint8_t {
  kReset,     // It is unstaged.
  kMerging,   // Not at all: unstaged, it would lose what the other side of the merge did to it.
  kOwnIndex,  // git staged it for this commit alone (commit -a, commit FILE), and would again.
};

struct RenderOptions {
  bool color = false;         // ANSI colours (text only).
  bool show_secrets = false;  // Text only; the caller has made sure that it writes to a terminal.
  bool hints = true;          // Text only: what to do next, after the findings.
  // The paths are those of the index, relative to the top of the working tree: hints say how to unstage.
  bool staged = true;
  LeaveOut leave_out = LeaveOut::kReset;
};

// The whole report as one string: valid and complete also when there is nothing to report ("" for text).
[[nodiscard]] std::string Render(const Report& report, Format format, const RenderOptions& options);

// The stable line for stderr: "sluice: 5 files, 1,234 bytes, 0 skipped, 2 findings, 1.2 ms".
[[nodiscard]] std::string SummaryLine(const Report& report);

// A path as a terminal can show it: control bytes and invalid UTF-8 as \xHH, so that no name steers a terminal.
[[nodiscard]] std::string DisplayPath(std::string_view path);

}  // namespace sluice

#endif  // SLUICE_REPORT_H_
