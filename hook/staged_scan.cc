#include "staged_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "allow_hint.h"
#include "masker.h"
#include "name_scanner.h"
#include "report/paste.h"
#include "scan/archive_magic.h"
#include "scan/locate.h"
#include "scan/transcode.h"
#include "sluice/git/staged.h"
#include "sluice/rule_set.h"

namespace sluice {

namespace {

// The text whose lines the findings count, or nullopt when there may be several: in another encoding, lines end at
// other bytes.
std::optional<std::string> TextAsScanned(std::string bytes) {
  const scan::Sniffed sniffed = scan::SniffEncoding(bytes);
  if (sniffed.encoding != scan::Encoding::kBytes || bytes.find('\0') != std::string::npos) return std::nullopt;
  bytes.erase(0, sniffed.bom_bytes);
  return bytes;
}

bool Touches(const std::vector<git::LineRange>& added, const Finding& finding) {
  const auto touches = [&](std::size_t first, std::size_t last) {
    return std::any_of(added.begin(), added.end(),
                       [&](const git::LineRange& range) { return first < range.end && last >= range.begin; });
  };
  return touches(finding.line, finding.end_line) ||
         std::any_of(finding.parts.begin(), finding.parts.end(),
                     [&](const auto& part) { return touches(part.first, part.second); });
}

// Of what one change has in Git LFS: a second or so.
constexpr std::uint64_t kMaxLfsBytes = std::uint64_t{256} << 20U;

// Scans the files of one change into one report.
class StagedScanner {
 public:
  StagedScanner(git::Repository* repository, const Setup& setup, Scanner* scanner, Report* report)
      : repository_(*repository), setup_(setup), scanner_(*scanner), names_(&setup, scanner), report_(*report) {}

  // A name that this commit gives to a file.
  void ScanNewName(const std::string& path) {
    if (setup_.config().Excluding(path) != nullptr) return;
    std::vector<Finding> findings = names_.Scan(path);
    std::move(findings.begin(), findings.end(), std::back_inserter(report_.findings));
  }

  void Scan(const git::StagedFile& file) {
    if (const Config::Entry* exclude = setup_.config().Excluding(file.path)) {
      report_.skipped.push_back({file.path, "excluded by " + exclude->origin, false});
      return;
    }
    const auto is_missing = [](const std::string& oid) { return oid.empty(); };
    if (std::all_of(file.old_oids.begin(), file.old_oids.end(), is_missing)) ScanNewName(file.path);
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

  void NameContainer(const git::StagedFile& file, scan::Container container) {
    if (container == scan::Container::kNone) return;
    std::string reason(scan::NoteOn(container));
    if (scan::IsOpened(container)) reason += "; run `sluice scan` on this file to look into it";
    report_.skipped.push_back({.path = file.path, .reason = std::move(reason), .noted = true});
  }

  // All of a large file counts as added: comparing it with the old one would need both in memory.
  void ScanLarge(const git::StagedFile& file) {
    scanner_.Begin(file.path);
    scan::ContainerSniffer container;
    const Result<void> streamed = repository_.StreamBlob(file.oid, [&](std::string_view piece) {
      container.Append(piece);
      scanner_.Append(piece);
      return true;
    });
    ScanResult result = scanner_.Finish();
    NameContainer(file, container.Finish());
    if (!streamed) Incomplete(file, streamed.error().ToString());
    report_.Add(file.path, std::move(result));
  }

  void ScanInMemory(const git::StagedFile& file) {
    Result<std::string> bytes = repository_.ReadBlob(file.oid);
    if (!bytes) return Incomplete(file, bytes.error().ToString());
    scan::Container container = scan::ContainerOf(*bytes);
    // What git-lfs will push comes with the commit. A pointer is looked at, too: it may have lines of its own.
    std::optional<std::string> content;
    if (container == scan::Container::kLfsPointer) content = LfsContent(*bytes);
    ScanResult result = ScanBytes(file, std::move(*bytes));
    if (content) {
      container = scan::ContainerOf(*content);
      ScanResult more = ScanBytes(file, std::move(*content));
      result.bytes += more.bytes;
      if (result.incomplete.empty()) result.incomplete = std::move(more.incomplete);
      if (result.note.empty()) result.note = std::move(more.note);
      std::move(more.findings.begin(), more.findings.end(), std::back_inserter(result.findings));
    }
    report_.Add(file.path, std::move(result));
    NameContainer(file, container);
  }

  ScanResult ScanBytes(const git::StagedFile& file, std::string bytes) {
    ScanResult result = scanner_.Scan(bytes, file.path);
    HintAtComments(bytes, setup_, &result.findings);
    // The old side is only read when there is something to compare it for: most commits never do.
    if (!result.findings.empty()) DropOldFindings(file, std::move(bytes), &result.findings);
    return result;
  }

  // What a pointer of Git LFS stands for, unless it is not at hand or more than a hook should read.
  std::optional<std::string> LfsContent(std::string_view pointer) {
    std::optional<std::string> content =
        repository_.ReadLfsObject(scan::LfsOid(pointer), std::min(git::Repository::kMaxBlobInMemory, lfs_bytes_left_));
    if (content) lfs_bytes_left_ -= content->size();
    return content;
  }

  // A secret that was there before must not stop the work on something else. A finding is old when some parent's file
  // holds the same one and the change does not touch its lines. Both are asked: a key that was complete only in parts
  // becomes a finding when what stood between them is deleted, and that adds no line.
  void DropOldFindings(const git::StagedFile& file, std::string bytes, std::vector<Finding>* findings) {
    const std::optional<std::string> new_text = TextAsScanned(std::move(bytes));
    for (const std::string& old_oid : file.old_oids) {
      if (old_oid.empty() || findings->empty()) continue;
      Result<std::string> old_bytes = repository_.ReadBlob(old_oid);
      // Not here (a partial clone) or too large: everything counts as new.
      if (!old_bytes) continue;
      if (scan::ContainerOf(*old_bytes) == scan::Container::kLfsPointer) {
        if (std::optional<std::string> content = LfsContent(*old_bytes)) old_bytes = std::move(*content);
      }
      std::multiset<std::string> known;
      for (const Finding& finding : scanner_.Scan(*old_bytes, file.path).findings) known.insert(finding.fingerprint);
      if (known.empty()) continue;
      const std::optional<std::string> old_text = TextAsScanned(std::move(*old_bytes));
      std::vector<git::LineRange> added;
      if (new_text && old_text) {
        Result<std::vector<git::LineRange>> lines = git::AddedLines(*old_text, *new_text);
        if (!lines) continue;
        added = std::move(*lines);
      }
      std::erase_if(*findings, [&](const Finding& finding) {
        if (Touches(added, finding)) return false;
        const auto same = known.find(finding.fingerprint);
        if (same == known.end()) return false;
        known.erase(same);
        return true;
      });
    }
  }

  git::Repository& repository_;
  const Setup& setup_;
  Scanner& scanner_;
  NameScanner names_;
  Report& report_;
  std::uint64_t lfs_bytes_left_ = kMaxLfsBytes;
};

// The bytes of the rule files that `config` names. What cannot be read excused nothing.
std::vector<std::string> RuleFilesOf(const Config& config, const Setup::FileReader& read) {
  std::vector<std::string> files;
  for (const Config::Entry& entry : config.rule_files) {
    Result<std::optional<std::string>> bytes = read(entry.text);
    if (bytes && *bytes) files.push_back(std::move(**bytes));
  }
  return files;
}

RuleSet RulesIn(const std::vector<std::string>& bytes) {
  std::vector<RuleFile> files;
  files.reserve(bytes.size());
  for (const std::string& each : bytes) files.push_back({"", each});
  Result<RuleSet, Errors> rules = RuleSet::Parse(files);
  return rules ? std::move(*rules) : RuleSet();
}

// Whether the change may give or take one of `names`. Which files are deleted, and which became others, is not known,
// only that some are. What a merge takes over from another parent is not in the change at all.
bool MayTouch(const git::StagedChange& change, bool is_merge, const std::vector<std::string_view>& names) {
  const auto is_one = [&](std::string_view path) { return std::find(names.begin(), names.end(), path) != names.end(); };
  return is_merge || change.deleted > 0 || change.renamed > 0 ||
         std::any_of(change.files.begin(), change.files.end(), [&](const auto& file) { return is_one(file.path); });
}

// The configuration that is committed is the one in force, also for the commit that changes it. When it finds less than
// the one before did, that is said; else a commit could excuse itself in silence.
std::vector<std::string> LooserConfiguration(git::Repository* repository, const git::StagedChange& change,
                                             bool is_merge, const std::string& path, const Config& config) {
  std::vector<std::string_view> names = {path};
  for (const Config::Entry& entry : config.rule_files) names.emplace_back(entry.text);
  if (!MayTouch(change, is_merge, names)) return {};

  const Setup::FileReader committed = [&](const std::string& name) { return repository->ReadCommitted(name); };
  const Setup::FileReader staged = [&](const std::string& name) { return repository->ReadStaged(name); };
  const Result<std::optional<std::string>> bytes = committed(path);
  Config before;
  if (bytes && *bytes) {
    if (Result<Config, Errors> parsed = Config::Parse(path, **bytes)) before = std::move(*parsed);
  }
  std::vector<std::string> notes;
  if (const std::string looser = config.LooserThan(before); !looser.empty()) {
    notes.push_back(fmt::format("this commit changes {}, which is in force for it: {}", path, looser));
  }
  const std::vector<std::string> old_files = RuleFilesOf(before, committed);
  const std::vector<std::string> files = RuleFilesOf(config, staged);
  if (old_files == files) return notes;
  if (const std::string looser = RulesIn(files).LooserThan(RulesIn(old_files)); !looser.empty()) {
    notes.push_back(fmt::format("this commit changes rules of {}, which are in force for it: {}", path, looser));
  }
  return notes;
}

constexpr std::string_view kNotStaged = "is not staged, so it is not in force: ";

// The bytes of `path` in the working tree of `repository`; nullopt when no file is there.
std::optional<std::string> OnDisk(const git::Repository& repository, const std::string& path) {
  const std::string full = repository.top() + "/" + path;
  std::error_code error;
  if (std::filesystem::symlink_status(full, error).type() != std::filesystem::file_type::regular) return std::nullopt;
  std::ifstream in(full, std::ios::binary);
  return in ? std::optional<std::string>(std::string(std::istreambuf_iterator<char>(in), {})) : std::nullopt;
}

std::string AddCommand(std::string_view path) { return report::GitCommands("git add", {&path, 1}).front(); }

// What is being committed decides, not an edit that is not staged. A rule file that is only on disk is named as such.
Setup::FileReader StagedReader(git::Repository* repository, const std::string& config_path) {
  return [=](const std::string& path) -> Result<std::optional<std::string>> {
    Result<std::optional<std::string>> bytes = repository->ReadStaged(path);
    if (bytes && !*bytes && path != config_path && OnDisk(*repository, path)) {
      return Error{ErrorCode::kConfig, DisplayPath(path), std::string(kNotStaged) + AddCommand(path)};
    }
    return bytes;
  };
}

// Says of each mistake that the file is meant as it is staged: on disk it may be mended already.
Errors AsStaged(git::Repository* repository, Errors errors) {
  for (Error& error : errors) {
    if (error.code != ErrorCode::kConfig || error.message.starts_with(kNotStaged)) continue;
    const std::string path = error.where.substr(0, error.where.rfind(':'));
    const Result<std::optional<std::string>> staged = repository->ReadStaged(path);
    if (!staged || !*staged) continue;
    error.message += OnDisk(*repository, path) == *staged
                         ? " (as staged)"
                         : fmt::format(" (as staged; the file on disk differs: {})", AddCommand(path));
  }
  return errors;
}

Result<StagedScan, Errors> ScanOnce(git::Repository* repository, StagedScanOptions options) {
  git::StagedOptions staged;
  staged.merging = options.merging;
  const Result<git::StagedChange> change = repository->Staged(staged);
  if (!change) return Errors{change.error()};

  const std::string config_path = options.setup.config_path;
  const bool is_committed = !options.setup.read;
  if (is_committed) options.setup.read = StagedReader(repository, config_path);
  const Result<Setup, Errors> setup = Setup::Make(std::move(options.setup));
  if (!setup) return is_committed ? AsStaged(repository, setup.error()) : setup.error();

  StagedScan scan;
  scan.notes = setup->notes();
  const bool is_merge = options.merging || repository->IsMerging();
  if (is_merge) {
    scan.leave_out = LeaveOut::kMerging;
  } else if (repository->HasOwnIndex()) {
    scan.leave_out = LeaveOut::kOwnIndex;
  }
  if (is_committed) {
    std::vector<std::string> notes = LooserConfiguration(repository, *change, is_merge, config_path, setup->config());
    std::move(notes.begin(), notes.end(), std::back_inserter(scan.notes));
  }
  for (const git::StagedSkip& skip : change->skipped) {
    scan.report.skipped.push_back({skip.path, skip.reason, skip.incomplete});
  }
  if (!change->files.empty() || !change->new_names.empty()) {
    Result<Scanner> scanner = setup->MakeScanner();
    if (!scanner) return Errors{scanner.error()};
    StagedScanner staged_scanner(repository, *setup, &*scanner, &scan.report);
    for (const git::StagedFile& file : change->files) staged_scanner.Scan(file);
    for (const std::string& name : change->new_names) staged_scanner.ScanNewName(name);
  }
  // Whoever is stopped may have written a configuration for just that.
  if (is_committed && scan.report.GetVerdict() != Verdict::kClean && OnDisk(*repository, config_path)) {
    const Result<std::optional<std::string>> config = repository->ReadStaged(config_path);
    if (config && !*config) {
      scan.notes.push_back(fmt::format("{} {}{}", config_path, kNotStaged, AddCommand(config_path)));
    }
  }
  FinishReport(*setup, options.names_counted, &scan.report);
  return scan;
}

}  // namespace

Errors StagedConfigurationErrors(const std::string& directory) {
  git::OpenOptions open;
  open.directory = directory;
  Result<git::Repository> repository = git::Repository::Open(open);
  if (!repository) return Errors{repository.error()};
  Setup::Options options;
  options.read = StagedReader(&*repository, options.config_path);
  const Result<Setup, Errors> setup = Setup::Make(std::move(options));
  return setup ? Errors() : AsStaged(&*repository, setup.error());
}

Result<StagedScan, Errors> ScanStaged(const StagedScanOptions& options) {
  git::OpenOptions open;
  open.directory = options.directory;
  open.in_hook = options.in_hook;
  Result<git::Repository> repository = git::Repository::Open(open);
  if (!repository) return Errors{repository.error()};

  // An editor or another git may write the index while we scan, and git commits what is there when we are done.
  constexpr int kMaxTries = 4;
  for (int tries = 0; tries < kMaxTries; ++tries) {
    const std::string stamp = repository->IndexStamp();
    Result<StagedScan, Errors> scan = ScanOnce(&*repository, options);
    if (!scan || repository->IndexStamp() == stamp) return scan;
  }
  return Errors{Error{ErrorCode::kIncomplete, "the index", "it is written again and again while it is scanned"}};
}

std::string ErrorLine(const Error& error) {
  Masker masker;
  std::string where = masker.Path(error.where);
  // A bare word may be a password in the wrong place. (What programs name looks random, too: folders of theirs.)
  const bool is_bare = where.find('/') == std::string::npos && scan::WithoutExtension(where) == where.size();
  if (is_bare) where = scan::MaskedWords(where);
  return Error{error.code, DisplayPath(where), masker.Message(error.message)}.ToString();
}

int ExitCode(const Errors& errors) {
  const bool is_usage = std::any_of(errors.begin(), errors.end(), [](const Error& error) {
    return error.code == ErrorCode::kUsage || error.code == ErrorCode::kConfig;
  });
  return is_usage ? 2 : 3;
}

}  // namespace sluice
