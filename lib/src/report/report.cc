#include "sluice/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "base/counted.h"
#include "report/render.h"
#include "report/utf8.h"
#include "sluice/scanner.h"

namespace sluice {
namespace report {
namespace {

// "object missing: 3f2a…" -> "object missing": reasons that differ only in their details are counted together.
std::string_view ReasonKind(std::string_view reason) { return reason.substr(0, reason.find(": ")); }

// "3 skipped (2 submodule, 1 object missing; 1 not known to be clean)".
std::string SkippedPhrase(const std::vector<Skipped>& skipped) {
  constexpr std::size_t kMostKinds = 4;
  std::string phrase = WithCommas(skipped.size()) + " skipped";
  if (skipped.empty()) return phrase;

  std::map<std::string_view, std::size_t> kinds;
  for (const Skipped& skip : skipped) ++kinds[ReasonKind(skip.reason)];
  std::vector<std::pair<std::string_view, std::size_t>> by_count(kinds.begin(), kinds.end());
  std::stable_sort(by_count.begin(), by_count.end(), [](const auto& a, const auto& b) { return a.second > b.second; });

  phrase += " (";
  for (std::size_t i = 0; i < std::min(by_count.size(), kMostKinds); ++i) {
    phrase +=
        fmt::format("{}{} {}", i == 0 ? "" : ", ", WithCommas(by_count[i].second), DisplayPath(by_count[i].first));
  }
  if (by_count.size() > kMostKinds) phrase += ", …";
  const auto incomplete = std::count_if(skipped.begin(), skipped.end(), [](const Skipped& s) { return s.incomplete; });
  if (incomplete > 0)
    phrase += fmt::format("; {} not known to be clean", WithCommas(static_cast<std::size_t>(incomplete)));
  return phrase + ")";
}

// Findings stop, warnings do not; a suppressed one is neither.
std::string FindingsPhrase(const std::vector<Finding>& findings) {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t suppressed = 0;
  for (const Finding& finding : findings) {
    ++(finding.status == FindingStatus::kSuppressed ? suppressed : finding.blocks ? errors : warnings);
  }
  std::string phrase = Counted(errors, "finding");
  if (warnings > 0) phrase += ", " + Counted(warnings, "warning");
  if (suppressed > 0) phrase += ", " + WithCommas(suppressed) + " suppressed";
  return phrase;
}

// Everything that a reader can tell two findings apart by, so that no order in depends on how they were found.
auto SortKey(const Finding& f) {
  return std::tie(f.path, f.line, f.column, f.rule_id, f.end_line, f.end_column, f.fingerprint, f.preview);
}

}  // namespace

}  // namespace report

int ExitCode(Verdict verdict) {
  switch (verdict) {
    case Verdict::kClean:
      return 0;
    case Verdict::kFindings:
      return 1;
    case Verdict::kIncomplete:
      return 3;
  }
  return 3;  // Not an enumerator: whatever this is, it is not clean.
}

std::string_view ToString(Verdict verdict) {
  switch (verdict) {
    case Verdict::kClean:
      return "clean";
    case Verdict::kFindings:
      return "findings";
    case Verdict::kIncomplete:
      return "incomplete";
  }
  return "incomplete";
}

void Report::Add(const std::string& path, ScanResult result) {
  ++files;
  bytes += result.bytes;
  if (!result.incomplete.empty()) skipped.push_back({path, std::move(result.incomplete), true, true});
  if (!result.note.empty()) skipped.push_back({.path = path, .reason = std::move(result.note), .noted = true});
  std::move(result.findings.begin(), result.findings.end(), std::back_inserter(findings));
}

Verdict Report::GetVerdict() const {
  if (std::any_of(findings.begin(), findings.end(), report::Stops)) return Verdict::kFindings;
  if (std::any_of(skipped.begin(), skipped.end(), [](const Skipped& skip) { return skip.incomplete; })) {
    return Verdict::kIncomplete;
  }
  return Verdict::kClean;
}

void Report::Sort() {
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return report::SortKey(a) < report::SortKey(b); });
  std::stable_sort(skipped.begin(), skipped.end(), [](const Skipped& a, const Skipped& b) {
    return std::tie(a.path, a.reason, a.incomplete) < std::tie(b.path, b.reason, b.incomplete);
  });
}

std::optional<Format> ParseFormat(std::string_view name) {
  if (name == "text") return Format::kText;
  if (name == "json") return Format::kJson;
  if (name == "sarif") return Format::kSarif;
  return std::nullopt;
}

std::string Render(const Report& report, Format format, const RenderOptions& options) {
  switch (format) {
    case Format::kText:
      return report::RenderText(report, options);
    case Format::kJson:
      return report::RenderJson(report);
    case Format::kSarif:
      return report::RenderSarif(report);
  }
  return {};
}

std::string SummaryLine(const Report& report) {
  const std::string amount = Counted(report.files, "file") + ", " + Counted(report.bytes, "byte");
  const std::string off = report.rules_off == 0 ? "" : ", " + Counted(report.rules_off, "rule") + " off";
  return fmt::format("sluice: {}, {}, {}{}, {:.1f} ms", report.bytes == 0 ? "nothing to scan (" + amount + ")" : amount,
                     report::SkippedPhrase(report.skipped), report::FindingsPhrase(report.findings), off,
                     report.milliseconds);
}

std::string DisplayPath(std::string_view path) {
  std::string display;
  display.reserve(path.size());
  report::AppendDisplay(path, &display);
  return display;
}

}  // namespace sluice
