// Reports to render: one ordinary finding, and one whose every text is hostile.
#ifndef SLUICE_TESTS_REPORT_SAMPLE_H_
#define SLUICE_TESTS_REPORT_SAMPLE_H_

#include <string>

#include "sluice/report.h"

namespace sluice {

// ESC ] 0 ; … BEL sets a terminal's title; a newline forges a report line; U+009B is an 8-bit CSI; U+202E turns the
// reading direction; 0xFF is not UTF-8.
inline constexpr std::string_view kHostile =
    "a\x1b]0;owned\x07\nb.c:1:1: error: x\xC2\x9B"
    "31m\xE2\x80\xAE\xFF\x7F";
// As a terminal may see it.
inline constexpr std::string_view kHostileShown =
    "a\\x1B]0;owned\\x07\\x0Ab.c:1:1: error: x\\xC2\\x9B31m\\xE2\\x80\\xAE\\xFF\\x7F";

inline Finding SampleFinding() {
  Finding finding;
  finding.rule_id = "aws-access-key-id";
  finding.pack = "secrets/aws";
  finding.message = "AWS access key id";
  finding.remediation = "Deactivate the key in IAM, then delete it.";
  finding.severity = Severity::kCritical;
  finding.confidence = Confidence::kHigh;
  finding.tags = {"aws", "cwe-798"};
  finding.references = {"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"};
  finding.path = "src/deploy.sh";
  finding.line = 14;
  finding.column = 6;
  finding.end_line = 14;
  finding.end_column = 26;
  finding.utf16_column = 6;
  finding.utf16_end_column = 26;
  finding.offset = 200;
  finding.end_offset = 220;
  finding.preview = "AKIA************MNOP";
  finding.context = "key=\"AKIA************MNOP\"";
  finding.context_column = 5;
  finding.context_length = 20;
  finding.fingerprint = "0123456789abcdef01234567";
  return finding;
}

inline Finding Warning(Finding finding) {
  finding.blocks = false;
  finding.severity = Severity::kLow;
  finding.confidence = Confidence::kLow;
  return finding;
}

inline Finding Suppressed(Finding finding, std::string reason) {
  finding.status = FindingStatus::kSuppressed;
  finding.suppression = {"inline", std::move(reason)};
  return finding;
}

inline Finding HostileFinding() {
  const std::string hostile(kHostile);
  Finding finding = SampleFinding();
  finding.rule_id = hostile;
  finding.pack = hostile;
  finding.message = hostile;
  finding.remediation = hostile;
  finding.tags = {hostile};
  finding.references = {hostile, "javascript:alert(1)", "https://example.com/\"><script>"};
  finding.note = hostile;
  finding.path = hostile;
  finding.preview = hostile;
  finding.context = hostile;
  finding.context_column = 0;
  finding.context_length = hostile.size();
  finding.fingerprint = hostile;
  finding.secret = hostile;
  return finding;
}

inline Report HostileReport() {
  Report report;
  report.findings = {HostileFinding(), Suppressed(HostileFinding(), std::string(kHostile))};
  report.skipped = {{std::string(kHostile), std::string(kHostile), true}, {std::string(kHostile), "submodule", false}};
  report.files = 1;
  report.bytes = 1;
  return report;
}

// True when nothing in `text` steers a terminal; the report's own line breaks may.
inline bool HarmlessOnTerminal(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F || byte == 0xFF) return false;
  }
  return text.find("\xC2\x9B") == std::string_view::npos && text.find("\xE2\x80\xAE") == std::string_view::npos;
}

}  // namespace sluice

#endif  // SLUICE_TESTS_REPORT_SAMPLE_H_
