#include "scan_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <utility>

#include "allow_hint.h"
#include "archive_reader.h"
#include "file_walker.h"
#include "name_scanner.h"
#include "output.h"
#include "progress.h"
#include "scan/archive_magic.h"
#include "sluice/config.h"
#include "sluice/git/staged.h"
#include "sluice/report.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

constexpr std::size_t kPieceBytes = 1U << 20U;
// Up to here a file is read whole; beyond, it is scanned in pieces.
constexpr std::size_t kWholeBytes = 8U << 20U;
constexpr std::size_t kMaxConfigBytes = 16U << 20U;

class File {
 public:
  // Never follows a symlink, never waits for a pipe.
  explicit File(const std::string& path) : fd_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)) {}
  explicit File(int fd) : fd_(fd), is_owned_(false) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0 && is_owned_) close(fd_);
  }

  [[nodiscard]] int fd() const { return fd_; }

  // Reads up to buffer->size() bytes; fewer only at the end of the file. -1 and errno on failure.
  ssize_t Fill(std::string* buffer) const {
    std::size_t have = 0;
    while (have < buffer->size()) {
      const ssize_t got = read(fd_, buffer->data() + have, buffer->size() - have);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return -1;
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(have);
  }

 private:
  int fd_;
  bool is_owned_ = true;
};

Result<std::string> ReadWhole(const std::string& path, std::size_t max_bytes) {
  const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.fd() < 0 || fstat(file.fd(), &status) != 0) {
    return Error{ErrorCode::kConfig, DisplayPath(path), std::strerror(errno)};
  }
  if (S_ISDIR(status.st_mode))
    return Error{ErrorCode::kConfig, DisplayPath(path), "is a folder: name a rule file in it"};
  std::string bytes(max_bytes + 1, '\0');
  const ssize_t got = file.Fill(&bytes);
  if (got < 0) return Error{ErrorCode::kConfig, DisplayPath(path), std::strerror(errno)};
  if (static_cast<std::size_t>(got) > max_bytes) return Error{ErrorCode::kConfig, DisplayPath(path), "too large"};
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

// Reads configuration below `top` in the working tree; a symlink there is not followed out of the repository.
Setup::FileReader WorkingTreeReader(std::string top) {
  return [top = std::move(top)](const std::string& path) -> Result<std::optional<std::string>> {
    const std::string full = path.starts_with('/') ? path : top + "/" + path;
    struct stat status {};
    if (lstat(full.c_str(), &status) != 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::optional<std::string>();
      return Error{ErrorCode::kConfig, DisplayPath(path), std::strerror(errno)};
    }
    if (!S_ISREG(status.st_mode)) {
      return Error{ErrorCode::kConfig, DisplayPath(path), "configuration must be a regular file"};
    }
    Result<std::string> bytes = ReadWhole(full, kMaxConfigBytes);
    if (!bytes) return bytes.error();
    return std::optional<std::string>(std::move(*bytes));
  };
}

std::string CurrentDirectory() {
  const std::unique_ptr<char, void (*)(void*)> directory(getcwd(nullptr, 0), std::free);
  return directory ? directory.get() : ".";
}

// The options of Setup that do not depend on where the input comes from.
Result<Setup::Options, Errors> SetupOptions(const ScanArguments& arguments) {
  Setup::Options options;
  options.default_rules = !arguments.no_default_rules;
  options.scanner.keep_secrets = arguments.show_secrets;
  if (arguments.engine == "re2") options.scanner.engine = Scanner::Engine::kRe2;
  Errors errors;
  for (const std::string& path : arguments.rule_files) {
    Result<std::string> bytes = ReadWhole(path, kMaxConfigBytes);
    if (bytes) {
      options.rule_files.emplace_back(path, std::move(*bytes));
    } else {
      errors.push_back(bytes.error());
    }
  }
  if (!errors.empty()) return errors;
  if (!arguments.config.empty()) {
    options.config_is_required = true;
    const std::size_t slash = arguments.config.rfind('/');
    options.config_path = slash == std::string::npos ? arguments.config : arguments.config.substr(slash + 1);
    const std::string folder =
        slash == std::string::npos ? "." : arguments.config.substr(0, std::max<std::size_t>(slash, 1));
    options.read = WorkingTreeReader(folder);
  }
  return options;
}

// Scans the files of a walk with several threads.
class WalkScanner {
 public:
  WalkScanner(const Walk& walk, const Setup& setup, Report* report) : walk_(walk), setup_(setup), report_(*report) {}

  Result<void> Run(unsigned jobs, bool show_progress) {
    Progress progress(walk_.files.size(), show_progress);
    std::vector<Scanner> scanners;
    const auto useful = std::max<std::size_t>(1, std::min<std::size_t>(jobs, walk_.files.size()));
    for (std::size_t i = 0; i < useful; ++i) {
      Result<Scanner> scanner = setup_.MakeScanner();
      if (!scanner) return scanner.error();
      scanners.push_back(std::move(*scanner));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < scanners.size(); ++i) {
      threads.emplace_back([this, &progress, &scanner = scanners[i]] { Work(&scanner, &progress); });
    }
    Work(&scanners[0], &progress);
    for (std::thread& thread : threads) thread.join();
    return {};
  }

 private:
  void Work(Scanner* scanner, Progress* progress) {
    std::string buffer;
    for (std::size_t i = next_++; i < walk_.files.size(); i = next_++) {
      progress->Done(ScanFile(walk_.files[i], scanner, &buffer));
    }
  }

  std::uint64_t ScanFile(const WalkedFile& file, Scanner* scanner, std::string* buffer) {
    if (const Config::Entry* exclude = setup_.config().Excluding(file.path)) {
      Skip({file.path, "excluded by " + exclude->origin, false});
      return 0;
    }
    KeepNames(NameScanner(&setup_, scanner).Scan(file.path));
    if (file.is_symlink) return ScanLink(file, scanner);
    const File input(file.open_path);
    struct stat status {};
    if (input.fd() < 0 || fstat(input.fd(), &status) != 0) {
      Skip({file.path, std::strerror(errno), true});
      return 0;
    }
    if (!S_ISREG(status.st_mode)) {
      Skip({file.path, "changed into something that is no file", true});
      return 0;
    }
    auto container = scan::Container::kNone;
    const std::uint64_t bytes =
        ScanOpen(file, input, static_cast<std::size_t>(status.st_size), scanner, buffer, &container);
    if (scan::IsOpened(container) || container == scan::Container::kRar) {
      MemberScanner members(this, scanner, file.path.size() + 1);
      ReadArchive(input.fd(), file.path, {}, &members);
      KeepMembers(file.path, members.TakeFindings());
    } else if (container != scan::Container::kNone) {
      Note(file.path, scan::NoteOn(container));
    }
    return bytes;
  }

  // What is stored as it is shows in the archive's own bytes, too: it is reported where it lies in a member. Tells
  // which findings in those bytes are that, each member's once.
  class Repeats {
   public:
    explicit Repeats(std::span<const Finding> in_members) {
      for (const Finding& finding : in_members) likenesses_.insert(Likeness(finding));
    }
    bool Take(const Finding& finding) {
      const auto same = likenesses_.find(Likeness(finding));
      if (same == likenesses_.end()) return false;
      likenesses_.erase(same);
      return true;
    }

   private:
    // Two findings of one value have the same. (Fingerprints depend on the path.)
    static std::string Likeness(const Finding& finding) {
      return fmt::format("{} {} {}", finding.rule_id, finding.preview, static_cast<int>(finding.status));
    }

    std::multiset<std::string> likenesses_;
  };

  // `findings`: in the members of the archive `path`.
  void KeepMembers(const std::string& path, std::vector<Finding> findings) {
    if (findings.empty()) return;
    Repeats repeats(findings);
    const std::lock_guard lock(mutex_);
    // One in the name of the archive is not in its bytes.
    std::erase_if(report_.findings, [&](const Finding& finding) {
      return finding.path == path && finding.line != 0 && repeats.Take(finding);
    });
    std::move(findings.begin(), findings.end(), std::back_inserter(report_.findings));
  }

  // Scans what is in an archive.
  class MemberScanner : public ArchiveVisitor {
   public:
    // `outer_bytes`: of the paths, what names the archive.
    MemberScanner(WalkScanner* walk, Scanner* scanner, std::size_t outer_bytes)
        : walk_(*walk), scanner_(*scanner), outer_bytes_(outer_bytes) {}
    void Begin(const std::string& path) override {
      own_begin_ = findings_.size();
      if (findings_.size() >= kMostFindings) return SkipRest(path);
      file_.path = path;
      if (!RepeatsName(path)) {
        walk_.KeepNames(InArchive(NameScanner(&walk_.setup_, &scanner_).Scan(path, outer_bytes_)));
      }
      scanner_.Begin(PathOfMember(path));
    }
    void Append(std::string_view piece) override {
      if (!is_full_) scanner_.Append(piece);
    }
    void End() override {
      if (is_full_) return;
      ScanResult result = scanner_.Finish();
      std::vector<Finding> findings = InArchive(std::exchange(result.findings, {}));
      std::move(findings.begin(), findings.end(), std::back_inserter(findings_));
      walk_.Keep(file_, std::move(result));
    }
    void BeginNested() override { nested_.push_back({own_begin_, findings_.size()}); }
    void EndNested() override {
      const auto [begin, end] = nested_.back();
      nested_.pop_back();
      Repeats repeats(std::span<const Finding>(findings_).subspan(end));
      const auto first = findings_.begin() + static_cast<std::ptrdiff_t>(begin);
      const auto last = findings_.begin() + static_cast<std::ptrdiff_t>(end);
      findings_.erase(std::remove_if(first, last, [&](const Finding& finding) { return repeats.Take(finding); }), last);
    }
    void Skip(const std::string& path, const std::string& reason) override {
      const std::string archive = path.substr(0, outer_bytes_ - 1);
      walk_.Skip({.path = path, .reason = reason, .incomplete = true, .archive = archive});
    }
    void Note(const std::string& path, std::string_view reason) override { walk_.Note(path, reason); }
    // What was found in the members.
    std::vector<Finding> TakeFindings() { return std::move(findings_); }

   private:
    // In all members of one file: of an archive of nothing but passwords the first are enough.
    static constexpr std::size_t kMostFindings = 10 * Scanner::kMaxFindingsPerFile;

    std::vector<Finding> InArchive(std::vector<Finding> findings) const {
      for (Finding& finding : findings) {
        finding.path = file_.path;
        finding.archive = file_.path.substr(0, outer_bytes_ - 1);
      }
      return findings;
    }

    // "a.txt.gz!a.txt": of a name that was scanned.
    static bool RepeatsName(std::string_view path) {
      const std::size_t member = path.rfind('!');
      const std::string_view outer = path.substr(0, member);
      return outer.substr(outer.find_last_of("/!") + 1).starts_with(path.substr(member + 1));
    }

    void SkipRest(const std::string& path) {
      if (!is_full_) Skip(path, fmt::format("more than {} findings in one archive", kMostFindings));
      is_full_ = true;
    }

    WalkScanner& walk_;
    Scanner& scanner_;
    std::size_t outer_bytes_;
    bool is_full_ = false;
    WalkedFile file_;
    std::vector<Finding> findings_;
    std::size_t own_begin_ = 0;  // Of those in the bytes of the last member.
    // Of those in the bytes of each archive that is being read: behind them are those of its members.
    struct OwnFindings {
      std::size_t begin;
      std::size_t end;
    };
    std::vector<OwnFindings> nested_;
  };

  std::uint64_t ScanOpen(const WalkedFile& file, const File& input, std::size_t size, Scanner* scanner,
                         std::string* buffer, scan::Container* container) {
    if (size <= kWholeBytes) {
      // One byte more than it should have: a file that grows meanwhile is read to its end in pieces.
      buffer->resize(size + 1);
      const ssize_t got = input.Fill(buffer);
      if (got >= 0 && static_cast<std::size_t>(got) <= size) {
        const std::string_view bytes = std::string_view(*buffer).substr(0, static_cast<std::size_t>(got));
        *container = scan::ContainerOf(bytes);
        ScanResult result = scanner->Scan(bytes, file.path);
        HintAtComments(bytes, setup_, &result.findings);
        return Keep(file, std::move(result));
      }
      if (got < 0 || lseek(input.fd(), 0, SEEK_SET) != 0) {
        Skip({file.path, std::strerror(errno), true});
        return 0;
      }
    }
    scanner->Begin(file.path);
    buffer->resize(kPieceBytes);
    scan::ContainerSniffer sniffer;
    ssize_t got = 0;
    while ((got = input.Fill(buffer)) > 0) {
      const std::string_view piece = std::string_view(*buffer).substr(0, static_cast<std::size_t>(got));
      sniffer.Append(piece);
      scanner->Append(piece);
      if (piece.size() < buffer->size()) break;
    }
    *container = sniffer.Finish();
    if (got < 0) Skip({file.path, std::strerror(errno), true, true});
    return Keep(file, scanner->Finish());
  }

  std::uint64_t ScanLink(const WalkedFile& file, Scanner* scanner) {
    std::string target(PATH_MAX, '\0');
    const ssize_t length = readlink(file.open_path.c_str(), target.data(), target.size());
    if (length < 0) {
      Skip({file.path, std::strerror(errno), true});
      return 0;
    }
    target.resize(static_cast<std::size_t>(length));
    return Keep(file, scanner->Scan(target, file.path));
  }

  void KeepNames(std::vector<Finding> findings) {
    if (findings.empty()) return;
    const std::lock_guard lock(mutex_);
    std::move(findings.begin(), findings.end(), std::back_inserter(report_.findings));
  }

  void Note(const std::string& path, std::string_view reason) {
    Skip({.path = path, .reason = std::string(reason), .noted = true});
  }

  void Skip(Skipped skipped) {
    const std::lock_guard lock(mutex_);
    report_.skipped.push_back(std::move(skipped));
  }

  std::uint64_t Keep(const WalkedFile& file, ScanResult result) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t bytes = result.bytes;
    report_.Add(file.path, std::move(result));
    return bytes;
  }

  const Walk& walk_;
  const Setup& setup_;
  Report& report_;
  std::mutex mutex_;  // Of report_.
  std::atomic<std::size_t> next_{0};
};

// What a scan came to: a report, and lines for stderr.
using Outcome = Result<StagedScan, Errors>;

// Whether the report names all files that were skipped.
bool NamesAll(const ScanArguments& arguments) { return arguments.format != "text"; }

Outcome ScanIndex(Setup::Options setup, const ScanArguments& arguments) {
  StagedScanOptions options;
  options.names_counted = NamesAll(arguments);
  options.setup = std::move(setup);
  return ScanStaged(options);
}

Outcome ScanStdin(Setup::Options options, const ScanArguments& arguments) {
  if (!options.read) options.read = WorkingTreeReader(FindTop("."));
  const Result<Setup, Errors> setup = Setup::Make(std::move(options));
  if (!setup) return setup.error();
  Result<Scanner> scanner = setup->MakeScanner();
  if (!scanner) return Errors{scanner.error()};

  StagedScan scan;
  scan.notes = setup->notes();
  const std::string name = arguments.stdin_filename.empty() ? "stdin" : arguments.stdin_filename;
  if (arguments.stdin_filename.empty()) {
    scan.notes.emplace_back("without --stdin-filename, rules for settings and other files by name do not look at it");
  }
  const File input(STDIN_FILENO);
  std::string buffer(kPieceBytes, '\0');
  ssize_t got = 0;
  if (const Config::Entry* exclude = setup->config().Excluding(PathBelow(FindTop("."), name))) {
    scan.report.skipped.push_back({name, "excluded by " + exclude->origin, false});
    // Read all the same: whoever writes it is not to fail.
    while (input.Fill(&buffer) > 0) continue;
    FinishReport(*setup, NamesAll(arguments), &scan.report);
    return scan;
  }
  scanner->Begin(name);
  scan::ContainerSniffer sniffer;
  while ((got = input.Fill(&buffer)) > 0) {
    const std::string_view piece = std::string_view(buffer).substr(0, static_cast<std::size_t>(got));
    sniffer.Append(piece);
    scanner->Append(piece);
  }
  if (got < 0) return Errors{{ErrorCode::kIncomplete, "stdin", std::strerror(errno)}};
  if (const scan::Container container = sniffer.Finish(); container != scan::Container::kNone) {
    std::string reason(scan::NoteOn(container));
    if (scan::IsOpened(container)) reason += "; scan it as a file";
    scan.report.skipped.push_back({.path = name, .reason = std::move(reason), .noted = true});
  }
  scan.report.Add(name, scanner->Finish());
  FinishReport(*setup, NamesAll(arguments), &scan.report);
  return scan;
}

// Takes the file that the report is written to out of the walk: what an earlier run has written there is no part of
// what is scanned, and will be gone.
void LeaveOut(const std::string& output, Walk* walk) {
  struct stat report {};
  if (output.empty() || stat(output.c_str(), &report) != 0) return;
  const auto removed = std::erase_if(walk->files, [&](const WalkedFile& file) {
    struct stat status {};
    return lstat(file.open_path.c_str(), &status) == 0 && status.st_ino == report.st_ino &&
           status.st_dev == report.st_dev;
  });
  if (removed > 0) walk->notes.push_back(DisplayPath(output) + ": not scanned: the report is written there");
}

Outcome ScanPaths(Setup::Options options, const ScanArguments& arguments) {
  const std::vector<std::string> paths = arguments.paths.empty() ? std::vector<std::string>{"."} : arguments.paths;
  const std::string top = FindTop(paths.front());
  if (!options.read) options.read = WorkingTreeReader(top);
  const Result<Setup, Errors> setup = Setup::Make(std::move(options));
  if (!setup) return setup.error();
  Result<Walk> walk = WalkPaths(paths, top, arguments.no_ignore);
  if (!walk) return Errors{walk.error()};

  LeaveOut(arguments.output, &*walk);
  StagedScan scan;
  scan.notes = setup->notes();
  std::move(walk->notes.begin(), walk->notes.end(), std::back_inserter(scan.notes));
  scan.report.skipped = std::move(walk->skipped);
  for (Skipped& skipped : walk->unreadable) {
    const Config::Entry* exclude = setup->config().Excluding(skipped.path);
    if (exclude != nullptr) skipped = {skipped.path, "excluded by " + exclude->origin, false};
    scan.report.skipped.push_back(std::move(skipped));
  }
  const unsigned jobs = arguments.jobs != 0 ? arguments.jobs : std::max(1U, std::thread::hardware_concurrency());
  const bool show_progress = !arguments.quiet && isatty(STDERR_FILENO) == 1;
  if (const Result<void> done = WalkScanner(*walk, *setup, &scan.report).Run(jobs, show_progress); !done) {
    return Errors{done.error()};
  }
  FinishReport(*setup, NamesAll(arguments), &scan.report);
  return scan;
}

Outcome Scan(const ScanArguments& arguments) {
  Result<Setup::Options, Errors> options = SetupOptions(arguments);
  if (!options) return options.error();
  if (arguments.staged) return ScanIndex(std::move(*options), arguments);
  if (arguments.from_stdin) return ScanStdin(std::move(*options), arguments);
  return ScanPaths(std::move(*options), arguments);
}

}  // namespace

std::string PathOfMember(std::string path) {
  std::replace(path.begin(), path.end(), '!', '/');
  return path;
}

std::string FindTop(const std::string& path) {
  git::OpenOptions open;
  open.directory = path;
  struct stat status {};
  // A link to nothing is a file, too.
  if (stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
    const std::size_t slash = path.rfind('/');
    open.directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  }
  if (const Result<git::Repository> repository = git::Repository::Open(open)) return repository->top();
  return CurrentDirectory();
}

Result<Setup, Errors> SetupFor(const ScanArguments& arguments, const std::string& path) {
  Result<Setup::Options, Errors> options = SetupOptions(arguments);
  if (!options) return options.error();
  if (!options->read) options->read = WorkingTreeReader(FindTop(path));
  return Setup::Make(std::move(*options));
}

int RunScan(const ScanArguments& arguments) {
  const auto start = std::chrono::steady_clock::now();
  if (arguments.show_secrets &&
      (!arguments.output.empty() || arguments.format != "text" || isatty(STDOUT_FILENO) != 1)) {
    return Fail({{ErrorCode::kUsage, "", "--show-secrets writes text to a terminal only"}});
  }
  Outcome scan = Scan(arguments);
  if (!scan) return Fail(scan.error());
  Report& report = scan->report;
  report.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();

  RenderOptions render;
  render.color = arguments.output.empty() && WantsColor(arguments.color, STDOUT_FILENO);
  render.show_secrets = arguments.show_secrets;
  render.hints = !arguments.quiet;
  render.staged = arguments.staged;
  render.leave_out = scan->leave_out;
  const std::string text = Render(report, *ParseFormat(arguments.format), render);
  const Result<void> written = WriteReport(arguments.output, text);
  if (!arguments.quiet) {
    for (const std::string& note : scan->notes) Say(note);
    SayLine(SummaryLine(report));
  }
  if (!written) return Fail({written.error()});
  return ExitCode(report.GetVerdict());
}

}  // namespace sluice::cli
