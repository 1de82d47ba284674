#include "explain_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <string_view>
#include <utility>

#include "archive_reader.h"
#include "base/counted.h"
#include "file_walker.h"
#include "masker.h"
#include "output.h"
#include "rules/default_packs.h"
#include "scan/archive_magic.h"
#include "scan_command.h"
#include "sluice/config.h"
#include "sluice/report.h"
#include "sluice/scanner.h"
#include "staged_scan.h"

namespace sluice::cli {

namespace {

struct Place {
  std::string path;
  std::size_t line = 0;  // 0 is the whole file.
};

// Takes ":17" off the end of `text`; 0 when there is none.
std::size_t TakeNumber(std::string* text) {
  const std::size_t colon = text->rfind(':');
  if (colon == std::string::npos) return 0;
  std::size_t number = 0;
  const char* end = text->data() + text->size();
  const auto [last, error] = std::from_chars(text->data() + colon + 1, end, number);
  if (error != std::errc() || last != end || number == 0) return 0;
  text->resize(colon);
  return number;
}

// "file", "file:line", or, as reports have it, "file:line:column".
Place ParsePlace(std::string text) {
  const std::size_t last = TakeNumber(&text);
  const std::size_t before = last == 0 ? 0 : TakeNumber(&text);
  return {std::move(text), before == 0 ? last : before};
}

// "file:0", which is no line.
bool EndsInLineZero(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  return colon != std::string_view::npos && colon + 1 < text.size() &&
         text.find_first_not_of('0', colon + 1) == std::string_view::npos;
}

// A file, or what is in an archive.
struct Input {
  std::string file;    // On disk.
  std::string member;  // Behind "archive!"; empty for the file itself.
  std::string bytes;
};

bool Exists(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0;
}

// Reports name files from the top of the repository, wherever they are made.
std::string FindFile(const std::string& path) {
  if (Exists(path)) return path;
  const std::string from_top = FindTop(".") + "/" + path;
  return Exists(from_top) ? from_top : path;
}

Result<std::string> ReadFile(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return Error{ErrorCode::kUsage, DisplayPath(path), std::strerror(errno)};
  if (!S_ISREG(status.st_mode)) return Error{ErrorCode::kUsage, DisplayPath(path), "is no file"};
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorCode::kUsage, DisplayPath(path), std::strerror(errno)};
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (in.bad()) return Error{ErrorCode::kUsage, DisplayPath(path), "cannot be read"};
  return bytes;
}

constexpr std::size_t kMaxMemberBytes = std::size_t{64} << 20U;

// Keeps one member of an archive.
class MemberReader : public ArchiveVisitor {
 public:
  explicit MemberReader(std::string wanted) : wanted_(std::move(wanted)) {}

  // Names as reports show them are names, too.
  void Begin(const std::string& path) override {
    is_wanted_ = !found_ && (path == wanted_ || DisplayPath(path) == wanted_);
    found_ = found_ || is_wanted_;
  }
  void Append(std::string_view piece) override {
    if (!is_wanted_ || is_too_large_) return;
    is_too_large_ = bytes_.size() + piece.size() > kMaxMemberBytes;
    if (!is_too_large_) bytes_ += piece;
  }
  void End() override { is_wanted_ = false; }
  void Skip(const std::string& path, const std::string& reason) override {
    if (skipped_.empty() || path == wanted_) skipped_ = reason;
  }
  void Note(const std::string& /*path*/, std::string_view /*note*/) override {}

  // `shown`: the name of it all, for errors.
  Result<std::string> Take(const std::string& shown) {
    if (!found_) {
      const std::string cause = skipped_.empty() ? "" : " (" + skipped_ + ")";
      return Error{ErrorCode::kUsage, shown, "is no member of the archive" + cause};
    }
    if (is_too_large_) return Error{ErrorCode::kUsage, shown, "is too large: unpack it first"};
    return std::move(bytes_);
  }

 private:
  std::string wanted_;
  bool found_ = false;
  bool is_wanted_ = false;
  bool is_too_large_ = false;
  std::string bytes_;
  std::string skipped_;
};

Result<std::string> ReadMember(const std::string& file, const std::string& member) {
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  const std::string path = file + "!" + member;
  if (fd < 0) return Error{ErrorCode::kUsage, DisplayPath(file), std::strerror(errno)};
  MemberReader reader(path);
  ReadArchive(fd, file, {}, &reader);
  close(fd);
  return reader.Take(DisplayPath(path));
}

// `path` as a person writes it, or a report: "folder/a.zip!inner/file" is a member, unless a file has that name.
Result<Input> ReadInput(const std::string& path) {
  Input input{FindFile(path), "", ""};
  for (std::size_t at = path.find('!'); at != std::string::npos && !Exists(input.file); at = path.find('!', at + 1)) {
    const std::string file = FindFile(path.substr(0, at));
    if (!Exists(file)) continue;
    input = {file, path.substr(at + 1), ""};
  }
  Result<std::string> bytes = ReadFile(input.file);
  if (!bytes) return bytes.error();
  if (!input.member.empty()) {
    if (!scan::IsOpened(scan::ContainerOf(*bytes))) {
      return Error{ErrorCode::kUsage, DisplayPath(input.file), "is no archive that is looked into"};
    }
    bytes = ReadMember(input.file, input.member);
    if (!bytes) return bytes.error();
  }
  input.bytes = std::move(*bytes);
  return input;
}

// What the default packs say of an expression: where it stands, and the comment behind it.
std::string SaidOf(std::string_view expression) {
  const std::string written = "'''" + std::string(expression) + "''',";
  static const auto* const kPacks = new auto(DefaultPacks());
  for (const RuleFile& file : *kPacks) {
    const std::string_view bytes = file.bytes;
    const std::size_t at = bytes.find(written);
    if (at == std::string_view::npos) continue;
    const std::size_t line = 1 + static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + at, '\n'));
    std::string_view rest = bytes.substr(at + written.size());
    rest = rest.substr(0, rest.find('\n'));
    const std::size_t comment = rest.find_first_not_of(' ');
    const bool is_said = comment != std::string_view::npos && rest[comment] == '#';
    return fmt::format(" ({}:{}{}{})", file.name, line, is_said ? ": " : "",
                       is_said ? rest.substr(std::min(comment + 2, rest.size())) : "");
  }
  return "";
}

std::size_t LineCount(std::string_view bytes) {
  const auto ends = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  return bytes.empty() || bytes.back() == '\n' ? ends : ends + 1;
}

// Writes what became of the values at one place, a line each.
class Explainer {
 public:
  // `path`: for the rules and the configuration. `shown`: what is written of it.
  // `is_archive`: a scan reports what is in its bytes where it lies in a member.
  Explainer(const Setup& setup, std::size_t line, std::string path, std::string shown, bool is_archive)
      : setup_(setup), line_(line), path_(std::move(path)), shown_(std::move(shown)), is_archive_(is_archive) {}

  Result<void> Run(std::string_view bytes) {
    Result<Scanner> scanner = setup_.MakeScanner();
    Result<Scanner> all_rules = setup_.MakeScannerOfAllRules();
    if (!scanner) return scanner.error();
    if (!all_rules) return all_rules.error();
    const Config::Entry* exclude = setup_.config().Excluding(path_);
    if (exclude != nullptr) {
      text_ += fmt::format("{}: excluded by {}: a scan does not look into it\n", shown_, exclude->origin);
    }
    for (const Scanner::Explanation& each : all_rules->Explain(bytes, path_)) {
      if (IsThere(each.line, each.end_line)) Write(each);
    }
    if (exclude != nullptr) return {};
    // What is encoded, and which of several rules names the finding, shows in the findings themselves.
    for (const Finding& finding : scanner->Scan(bytes, path_).findings) {
      if (IsThere(finding.line, finding.end_line)) Write(finding);
    }
    return {};
  }

  [[nodiscard]] const std::string& text() const { return text_; }

  [[nodiscard]] std::string Summary() const {
    return fmt::format("{} kept, {} dropped{}{}", kept_, dropped_,
                       disabled_ > 0 ? fmt::format(", {} disabled", disabled_) : "",
                       kept_ + dropped_ + disabled_ == 0 ? "; no rule's expression matches there" : "");
  }

 private:
  [[nodiscard]] bool IsThere(std::size_t line, std::size_t end_line) const {
    return line_ == 0 || (line_ >= line && line_ <= end_line);
  }

  void Write(const Scanner::Explanation& each) {
    std::string outcome = each.kept ? each.outcome : "dropped: " + each.outcome;
    if (!each.expression.empty()) {
      const auto [said, is_new] = said_.try_emplace(each.expression);
      if (is_new) said->second = SaidOf(each.expression);
      outcome += said->second;
    }
    if (const Config::Entry* disable = setup_.config().Disabling(each.rule_id)) {
      ++disabled_;
      outcome = fmt::format("disabled by {}; it would be {}", disable->origin, outcome);
    } else {
      ++(each.kept ? kept_ : dropped_);
    }
    text_ += fmt::format("{}:{}:{}: {}: {}\n", shown_, each.line, each.column, each.rule_id, DisplayPath(outcome));
  }

  void Write(const Finding& finding) {
    text_ += fmt::format("{}:{}:{}: reported{} as {}, {} severity, {} confidence{}{}\n", shown_, finding.line,
                         finding.column, is_archive_ ? " here, or in the member that holds it," : "", finding.rule_id,
                         ToString(finding.severity), ToString(finding.confidence),
                         finding.status == FindingStatus::kSuppressed ? ", suppressed by a comment"
                         : finding.blocks                             ? ", blocks"
                                                                      : WhyItOnlyWarns(finding),
                         finding.note.empty() ? "" : " (" + finding.note + ")");
  }

  // ", warns: confidence below medium blocks no commit".
  [[nodiscard]] std::string WhyItOnlyWarns(const Finding& finding) const {
    const Policy& policy = setup_.config().policy;
    std::string below;
    if (finding.severity < policy.block_severity) {
      below = fmt::format("severity below {}", ToString(policy.block_severity));
    }
    if (finding.confidence < policy.block_confidence) {
      below += fmt::format("{}confidence below {}", below.empty() ? "" : " and ", ToString(policy.block_confidence));
    }
    return ", warns: " + below + " blocks no commit";
  }

  const Setup& setup_;
  std::size_t line_;  // 0 is the whole file.
  std::string path_;
  std::string shown_;
  bool is_archive_;
  std::string text_;
  std::map<std::string, std::string> said_;  // By expression.
  std::size_t kept_ = 0;
  std::size_t dropped_ = 0;
  std::size_t disabled_ = 0;
};

}  // namespace

int Explain(const ExplainArguments& arguments) {
  const Place place = arguments.place.empty() ? Place{arguments.name, 0} : ParsePlace(arguments.place);
  std::string path = place.path;
  Input input{place.path, "", arguments.text};
  if (!arguments.place.empty()) {
    Result<Input> read = ReadInput(place.path);
    if (!read && EndsInLineZero(place.path)) {
      const std::string file = place.path.substr(0, place.path.rfind(':'));
      if (ReadInput(file)) return Fail({{ErrorCode::kUsage, DisplayPath(file), "its lines count from 1"}});
    }
    if (!read) return Fail({read.error()});
    input = std::move(*read);
    path = PathBelow(FindTop(input.file), input.file);
  }
  ScanArguments scan;
  scan.rule_files = arguments.rule_files;
  const Result<Setup, Errors> setup = SetupFor(scan, arguments.place.empty() ? "." : input.file);
  if (!setup) return Fail(setup.error());
  const std::string name = input.member.empty() ? input.file : input.file + "!" + input.member;
  std::string shown = DisplayPath(Masker(setup->databases()).Path(name));
  if (const std::size_t lines = LineCount(input.bytes); place.line > lines) {
    return Fail({{ErrorCode::kUsage, shown, "has " + Counted(lines, "line")}});
  }
  const bool is_archive = scan::IsOpened(scan::ContainerOf(input.bytes));
  if (!input.member.empty()) path = PathOfMember(path + "!" + input.member);
  Explainer explainer(*setup, place.line, std::move(path), shown, is_archive);
  if (const Result<void> done = explainer.Run(input.bytes); !done) return Fail({done.error()});
  if (const Result<void> written = WriteListing(explainer.text()); !written) return Fail({written.error()});
  if (is_archive) Say(shown + " is an archive; for what is in it: sluice explain 'ARCHIVE!MEMBER:LINE'");
  Say(explainer.Summary());
  return 0;
}

}  // namespace sluice::cli
