#include "explain_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "output.h"
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

Place ParsePlace(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return {text, 0};
  std::size_t line = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, line);
  if (error != std::errc() || last != end || line == 0) return {text, 0};
  return {text.substr(0, colon), line};
}

int Fail(const Errors& errors) {
  for (const Error& error : errors) Say(ErrorLine(error));
  return 2;
}

}  // namespace

int Explain(const ExplainArguments& arguments) {
  Place place = {arguments.name, 0};
  std::string bytes = arguments.text;
  if (!arguments.place.empty()) {
    place = ParsePlace(arguments.place);
    std::ifstream in(place.path, std::ios::binary);
    if (!in) return Fail({{ErrorCode::kUsage, place.path, std::strerror(errno)}});
    bytes.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (in.bad()) return Fail({{ErrorCode::kUsage, place.path, "cannot be read"}});
  }
  ScanArguments scan;
  scan.rule_files = arguments.rule_files;
  const Result<Setup, Errors> setup = SetupFor(scan, arguments.place.empty() ? "." : place.path);
  if (!setup) return Fail(setup.error());
  Result<Scanner> scanner = setup->MakeScanner();
  if (!scanner) return Fail({scanner.error()});

  std::string text;
  std::size_t kept = 0;
  std::size_t dropped = 0;
  for (const Scanner::Explanation& each : scanner->Explain(bytes, place.path)) {
    if (place.line != 0 && (place.line < each.line || place.line > each.end_line)) continue;
    ++(each.kept ? kept : dropped);
    text += fmt::format("{}:{}:{}: {}: {}\n", place.path, each.line, each.column, each.rule_id,
                        each.kept ? each.outcome : "dropped: " + each.outcome);
  }
  // What is encoded, and which of several rules names the finding, shows in the findings themselves.
  for (const Finding& finding : scanner->Scan(bytes, place.path).findings) {
    if (place.line != 0 && (place.line < finding.line || place.line > finding.end_line)) continue;
    text += fmt::format("{}:{}:{}: reported as {}, {} severity, {} confidence{}{}{}\n", place.path, finding.line,
                        finding.column, finding.rule_id, ToString(finding.severity), ToString(finding.confidence),
                        finding.blocks ? ", blocks" : ", warns",
                        finding.status == FindingStatus::kSuppressed ? ", suppressed by a comment" : "",
                        finding.note.empty() ? "" : " (" + finding.note + ")");
  }
  if (const Result<void> written = WriteListing(text); !written) {
    Say(written.error().ToString());
    return 3;
  }
  Say(fmt::format("{} kept, {} dropped{}", kept, dropped,
                  kept + dropped == 0 ? "; no rule's expression matches there" : ""));
  return 0;
}

}  // namespace sluice::cli
