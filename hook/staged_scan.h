// What a commit adds, scanned: the wiring of git, rules and report that the hook and `sluice scan --staged` share.
#ifndef SLUICE_HOOK_STAGED_SCAN_H_
#define SLUICE_HOOK_STAGED_SCAN_H_

#include <string>
#include <utility>
#include <vector>

#include "sluice/config.h"
#include "sluice/report.h"
#include "sluice/result.h"

namespace sluice {

struct StagedScanOptions {
  std::string directory;       // Where to start; empty is the current directory.
  bool in_hook = false;        // git runs us.
  bool merging = false;        // As pre-merge-commit.
  bool names_counted = false;  // Keep the names of files that a text report only counts.
  // Its `read` is filled in here: from the tree that would be committed.
  Setup::Options setup;
};

struct StagedScan {
  Report report;
  // Lines for stderr that change no verdict.
  std::vector<std::string> notes;
  LeaveOut leave_out = LeaveOut::kReset;
};

// kUsage, kConfig: exit code 2. kIncomplete and kUnsupported: 3.
Result<StagedScan, Errors> ScanStaged(const StagedScanOptions& options);

// What is wrong with the configuration that a commit in `directory` (empty: the current one) would be scanned by.
Errors StagedConfigurationErrors(const std::string& directory);

// The line that says so to a person, and holds no secret (masker.h): neither its place nor its message does, though
// they may repeat names, arguments and parts of files.
[[nodiscard]] std::string ErrorLine(const Error& error);

// The exit code of a run that failed with `errors`.
[[nodiscard]] int ExitCode(const Errors& errors);

}  // namespace sluice

#endif  // SLUICE_HOOK_STAGED_SCAN_H_
