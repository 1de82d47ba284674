#include "staged_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "scan/transcode.h"
#include "sluice/git/staged.h"

namespace sluice {

namespace {

// The text whose lines the findings count, or nullopt when the encoding is only a guess: then two texts were scanned.
std::optional<std::string> TextAsScanned(std::string bytes) {
  const scan::Sniffed sniffed = scan::SniffEncoding(bytes);
  bytes.erase(0, sniffed.bom_bytes);
  if (sniffed.encoding == scan::Encoding::kBytes) return bytes;
  if (sniffed.bom_bytes == 0) return std::nullopt;
  std::string text;
  scan::Transcoder transcoder(sniffed.encoding);
  transcoder.Append(bytes, &text);
  transcoder.Finish(&text);
  return text;
}

bool Touches(const std::vector<git::LineRange>& added, const Finding& finding) {
  return std::any_of(added.begin(), added.end(), [&](const git::LineRange& range) {
    return finding.line < range.end && finding.end_line >= range.begin;
  });
}

// Scans the files of one change into one report.
class StagedScanner {
 public:
  StagedScanner(git::Repository* repository, const Setup& setup, Scanner* scanner, Report* report)
      : repository_(*repository), setup_(setup), scanner_(*scanner), report_(*report) {}

  void Scan(const git::StagedFile& file) {
    if (const Config::Entry* exclude = setup_.config().Excluding(file.path)) {
      report_.skipped.push_back({file.path, "excluded by " + exclude->origin, false});
      return;
    }
    const Result<std::uint64_t> size = repository_.BlobSize(file.oid);
    if (!size) return Incomplete(file, size.error().ToString());
    if (*size > git::Repository::kMaxBlobInMemory) {
      ScanLarge(file);
    } else {
      ScanInMemory(file);
    }
  }

 private:
  void Incomplete(const git::StagedFile& file, std::string reason) {
    report_.skipped.push_back({file.path, std::move(reason), true});
  }

  void Keep(const git::StagedFile& file, ScanResult result) {
    ++report_.files;
    report_.bytes += result.bytes;
    if (!result.incomplete.empty()) Incomplete(file, std::move(result.incomplete));
    std::move(result.findings.begin(), result.findings.end(), std::back_inserter(report_.findings));
  }

  // All of a large file counts as added: comparing it with the old one would need both in memory.
  void ScanLarge(const git::StagedFile& file) {
    scanner_.Begin(file.path);
    const Result<void> streamed = repository_.StreamBlob(file.oid, [&](std::string_view piece) {
      scanner_.Append(piece);
      return true;
    });
    ScanResult result = scanner_.Finish();
    if (!streamed) Incomplete(file, streamed.error().ToString());
    Keep(file, std::move(result));
  }

  void ScanInMemory(const git::StagedFile& file) {
    Result<std::string> bytes = repository_.ReadBlob(file.oid);
    if (!bytes) return Incomplete(file, bytes.error().ToString());
    ScanResult result = scanner_.Scan(*bytes, file.path);
    // The old side is only read when there is something to compare it for: most commits never do.
    if (!result.findings.empty()) DropOldFindings(file, std::move(*bytes), &result.findings);
    Keep(file, std::move(result));
  }

  // Keeps the findings that touch a line which is new against every parent: a secret that was there before must not
  // stop the work on something else.
  void DropOldFindings(const git::StagedFile& file, std::string bytes, std::vector<Finding>* findings) {
    std::optional<std::string> new_text = TextAsScanned(std::move(bytes));
    if (!new_text) return;
    for (const std::string& old_oid : file.old_oids) {
      if (old_oid.empty() || findings->empty()) continue;
      Result<std::string> old_bytes = repository_.ReadBlob(old_oid);
      // Not here (a partial clone) or too large: everything counts as new.
      if (!old_bytes) continue;
      const std::optional<std::string> old_text = TextAsScanned(std::move(*old_bytes));
      if (!old_text) continue;
      const Result<std::vector<git::LineRange>> added = git::AddedLines(*old_text, *new_text);
      if (!added) continue;
      std::erase_if(*findings, [&](const Finding& finding) { return !Touches(*added, finding); });
    }
  }

  git::Repository& repository_;
  const Setup& setup_;
  Scanner& scanner_;
  Report& report_;
};

}  // namespace

Result<StagedScan, Errors> ScanStaged(StagedScanOptions options) {
  git::OpenOptions open;
  open.directory = options.directory;
  open.in_hook = options.in_hook;
  Result<git::Repository> repository = git::Repository::Open(open);
  if (!repository) return Errors{repository.error()};

  git::StagedOptions staged;
  staged.merging = options.merging;
  const Result<git::StagedChange> change = repository->Staged(staged);
  if (!change) return Errors{change.error()};

  // What is being committed decides, not an edit that is not staged.
  if (!options.setup.read) {
    options.setup.read = [&](const std::string& path) { return repository->ReadStaged(path); };
  }
  const Result<Setup, Errors> setup = Setup::Make(std::move(options.setup));
  if (!setup) return setup.error();

  StagedScan scan;
  scan.notes = setup->notes();
  for (const git::StagedSkip& skip : change->skipped) {
    scan.report.skipped.push_back({skip.path, skip.reason, skip.incomplete});
  }
  if (!change->files.empty()) {
    Result<Scanner> scanner = setup->MakeScanner();
    if (!scanner) return Errors{scanner.error()};
    if (!scanner->uses_hyperscan()) {
      scan.notes.emplace_back("Hyperscan does not support this processor; RE2 finds the same, slower");
    }
    StagedScanner staged_scanner(&*repository, *setup, &*scanner, &scan.report);
    for (const git::StagedFile& file : change->files) staged_scanner.Scan(file);
  }
  scan.report.Sort();
  return scan;
}

int ExitCode(const Errors& errors) {
  const bool is_usage = std::any_of(errors.begin(), errors.end(), [](const Error& error) {
    return error.code == ErrorCode::kUsage || error.code == ErrorCode::kConfig;
  });
  return is_usage ? 2 : 3;
}

}  // namespace sluice
