#include "explain_command.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "base/counted.h"
#include "file_walker.h"
#include "masker.h"
#include "output.h"
#include "report/render.h"
#include "scan_command.h"
#include "sluice/config.h"
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

std::size_t LineCount(std::string_view bytes) {
  const auto ends = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
  return bytes.empty() || bytes.back() == '\n' ? ends : ends + 1;
}

// Writes what became of the values at one place, a line each.
class Explainer {
 public:
  // `path`: for the rules and the configuration. `shown`: what is written of it.
  Explainer(const Setup& setup, std::size_t line, std::string path, std::string shown)
      : setup_(setup), line_(line), path_(std::move(path)), shown_(std::move(shown)) {}

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
    if (const Config::Entry* disable = setup_.config().Disabling(each.rule_id)) {
      ++disabled_;
      outcome = fmt::format("disabled by {}; it would be {}", disable->origin, outcome);
    } else {
      ++(each.kept ? kept_ : dropped_);
    }
    text_ += fmt::format("{}:{}:{}: {}: {}\n", shown_, each.line, each.column, each.rule_id, outcome);
  }

  void Write(const Finding& finding) {
    text_ += fmt::format("{}:{}:{}: reported as {}, {} severity, {} confidence{}{}\n", shown_, finding.line,
                         finding.column, finding.rule_id, ToString(finding.severity), ToString(finding.confidence),
                         finding.status == FindingStatus::kSuppressed ? ", suppressed by a comment"
                         : finding.blocks                             ? ", blocks"
                                                                      : ", warns",
                         finding.note.empty() ? "" : " (" + finding.note + ")");
  }

  const Setup& setup_;
  std::size_t line_;  // 0 is the whole file.
  std::string path_;
  std::string shown_;
  std::string text_;
  std::size_t kept_ = 0;
  std::size_t dropped_ = 0;
  std::size_t disabled_ = 0;
};

}  // namespace

int Explain(const ExplainArguments& arguments) {
  Place place = arguments.place.empty() ? Place{arguments.name, 0} : ParsePlace(arguments.place);
  if (!arguments.place.empty()) place.path = FindFile(place.path);
  std::string path = place.path;
  std::string bytes = arguments.text;
  if (!arguments.place.empty()) {
    Result<std::string> read = ReadFile(place.path);
    if (!read) return Fail({read.error()});
    bytes = std::move(*read);
    path = PathBelow(FindTop(place.path), place.path);
  }
  ScanArguments scan;
  scan.rule_files = arguments.rule_files;
  const Result<Setup, Errors> setup = SetupFor(scan, arguments.place.empty() ? "." : place.path);
  if (!setup) return Fail(setup.error());
  std::string shown = DisplayPath(Masker(setup->databases()).Path(place.path));
  if (const std::size_t lines = LineCount(bytes); place.line > lines) {
    return Fail({{ErrorCode::kUsage, shown, "has " + Counted(lines, "line")}});
  }
  Explainer explainer(*setup, place.line, std::move(path), std::move(shown));
  if (const Result<void> done = explainer.Run(bytes); !done) return Fail({done.error()});
  if (const Result<void> written = WriteListing(explainer.text()); !written) return Fail({written.error()});
  Say(explainer.Summary());
  return 0;
}

}  // namespace sluice::cli
