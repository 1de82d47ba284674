// Finding: what a person reads. It holds no secret: only a masked preview and a fingerprint.
#ifndef SLUICE_FINDING_H_
#define SLUICE_FINDING_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sluice/rule.h"

namespace sluice {

enum class FindingStatus : std::uint8_t {
  kNew,         // Counts for the verdict.
  kSuppressed,  // Accepted by a person (`suppression` says how); reported, never counted.
};

// How the value of a finding is accepted, for the report.
struct Suppression {
  std::string kind;    // "inline".
  std::string reason;  // What the person wrote; may be empty.
};

struct Finding {
  std::string rule_id;
  std::string pack;
  std::string message;  // The rule's description.
  std::string remediation;
  Severity severity = Severity::kHigh;
  Confidence confidence = Confidence::kHigh;
  bool blocks = true;  // At or above the blocking level of the policy.
  std::vector<std::string> tags;
  std::vector<std::string> references;
  // A fact that an offline check found out about the value ("checksum verified", "expires 2027-01-01"), or empty.
  std::string note;

  std::string path;             // As git has it: bytes, '/' between the parts. Not necessarily UTF-8.
  bool path_is_masked = false;  // In a report, whose paths show no secret: this one is the name of no file.
  std::string archive;          // Of a member of one ("a.zip!b"), the file that is on disk ("a.zip"); else empty.
  std::size_t line =
      0;  // From 1; 0 when it is in the name of the file. The range is that of the secret, its end exclusive.
  std::size_t column = 0;  // From 1, in bytes of the text as scanned (UTF-8 where the file was UTF-16 or UTF-32).
  std::size_t end_line = 0;
  std::size_t end_column = 0;
  // The same columns in UTF-16 code units, which is what SARIF and editors' language servers count in; 0 is unknown.
  std::size_t utf16_column = 0;
  std::size_t utf16_end_column = 0;
  std::size_t offset = 0;  // In bytes of the text as scanned.
  std::size_t end_offset = 0;

  // Lines [first, last] of the other parts of the same credential, each a finding of its own. A change of one of them
  // is a change of this one.
  std::vector<std::pair<std::size_t, std::size_t>> parts;

  // The secret masked ("ghp_****…****"), at most 40 bytes, one line.
  std::string preview;
  // The line (the part of it around the secret) with every secret on it masked, tabs as in the file, control bytes
  // replaced, "…" where more of the line is not shown. Empty when it could not be made.
  std::string context;
  // Bytes from the start of `context` to the masked secret, and the length of the masked secret's part in it.
  std::size_t context_column = 0;
  std::size_t context_length = 0;
  // The raw secret; filled only when the scan was asked for it (Scanner::Options::keep_secrets), and only ever
  // written to a terminal.
  std::string secret;

  std::string fingerprint;  // Stable while rule, path and value stay; 24 hex digits.
  FindingStatus status = FindingStatus::kNew;
  Suppression suppression;
  bool in_text = true;  // False where the file holds bytes of no text: nobody can write a comment in it.
  // For the text report, what a comment that was meant to accept it should be, or empty.
  std::string hint;
};

}  // namespace sluice

#endif  // SLUICE_FINDING_H_
