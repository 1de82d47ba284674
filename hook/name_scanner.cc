#include "name_scanner.h"

#include <algorithm>

#include "masker.h"

namespace sluice {

std::vector<Finding> NameScanner::Scan(std::string_view path, std::size_t known_bytes) {
  // The line end keeps the first bytes from being taken for the mark of an encoding.
  std::vector<Finding> findings = scanner_.Scan(std::string("\n").append(path), path).findings;
  std::erase_if(findings, [&](const Finding& finding) {
    return finding.end_offset - 1 <= known_bytes || !KnowsByShape(setup_.databases(), finding.rule_id);
  });
  for (Finding& finding : findings) {
    finding.line = finding.column = finding.end_line = finding.end_column = 0;
    finding.utf16_column = finding.utf16_end_column = 0;
    finding.offset = finding.end_offset = 0;
    finding.context.clear();
    finding.context_column = finding.context_length = 0;
    finding.note += finding.note.empty() ? "in the name of the file" : ", in the name of the file";
    // A name is no place for a comment.
    finding.status = FindingStatus::kNew;
    finding.suppression = {};
  }
  return findings;
}

void FinishReport(const Setup& setup, bool names_counted, Report* report) {
  report->rules_off = setup.config().disabled.size();
  if (report->findings.empty() && report->skipped.empty()) return;
  Masker masker(setup.databases());
  for (Finding& finding : report->findings) {
    const std::string& shown = masker.Path(finding.path);
    finding.path_is_masked = shown != finding.path;
    finding.path = shown;
    if (!finding.archive.empty()) finding.archive = masker.Path(finding.archive);
  }
  for (Skipped& skipped : report->skipped) {
    if (!names_counted && !skipped.incomplete && !skipped.noted) {
      skipped.path.clear();
    } else {
      const std::string& shown = masker.Path(skipped.path);
      skipped.path_is_masked = shown != skipped.path;
      skipped.path = shown;
      if (!skipped.archive.empty()) skipped.archive = masker.Path(skipped.archive);
    }
    skipped.reason = masker.Line(skipped.reason);
  }
  report->Sort();
}

}  // namespace sluice
