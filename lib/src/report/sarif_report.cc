// SARIF 2.1.0 (OASIS, errata 01), for code scanning services and editors.
//
// - Rules are unique and only those with findings: GitHub refuses a run that names one twice.
// - URIs are relative to the top of the repository and percent-encoded.
// - Columns are UTF-16 code units, as columnKind says. A finding that does not know them has only lines, which SARIF
//   reads as the whole lines: true, if coarse. Byte columns under another name would be wrong. No byteOffset either:
//   ours count in the text as scanned, which for a UTF-16 file is not the file.
// - What is in an archive is reported at the archive, which is the file that a service can show; its message says
//   where.
// - Messages are sentences: they end with a full stop (SARIF2001 of the validator).
// - No snippet and no preview: services show them to everybody who may see the alert.
// - Our own fingerprint key: primaryLocationLineHash belongs to the uploader, which warns about a foreign one.
// - `suppressions` is there for all results, since 3.27.23 wants it for all of a run or for none.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/json_writer.h"
#include "report/render.h"
#include "report/utf8.h"
#include "sluice/version.h"

namespace sluice::report {
namespace {

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

// By id, so that the list does not depend on which finding came first.
using Rules = std::map<std::string_view, const Finding*>;

Rules CollectRules(const Report& report) {
  Rules rules;
  for (const Finding& finding : report.findings) rules.emplace(finding.rule_id, &finding);
  return rules;
}

// What GitHub sorts by. Its ranges: "over 9.0" is critical (so 9.0 itself is nothing), from 7.0 high, from 4.0 medium.
std::string_view SecuritySeverity(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return "3.0";
    case Severity::kMedium:
      return "5.0";
    case Severity::kHigh:
      return "7.0";
    case Severity::kCritical:
      return "9.5";
  }
  return "9.5";
}

std::string_view LevelOf(Severity severity) {
  switch (severity) {
    case Severity::kLow:
      return "note";
    case Severity::kMedium:
      return "warning";
    case Severity::kHigh:
    case Severity::kCritical:
      return "error";
  }
  return "error";
}

// What stops is an error whatever its severity; what does not stop is none.
std::string_view LevelOf(const Finding& finding) {
  if (finding.blocks) return "error";
  return finding.severity == Severity::kLow ? "note" : "warning";
}

// A message object. Braces are doubled, since a single pair is a placeholder (3.11.5).
void WriteText(std::string_view name, std::string_view text, JsonWriter* json) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) escaped.append(c == '{' || c == '}' ? 2 : 1, c);
  json->Key(name);
  json->BeginObject();
  json->Member("text", escaped);
  json->EndObject();
}

void WriteSentence(std::string_view name, std::string text, JsonWriter* json) {
  if (!text.ends_with('.') && !text.ends_with('!') && !text.ends_with('?')) text += '.';
  WriteText(name, text, json);
}

// A reference comes from a rule file; only what is a URI beyond doubt may stand where SARIF wants one.
bool IsWebAddress(std::string_view text) {
  constexpr std::string_view kUriCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#@!$&'()*+,;=%";
  const bool http = text.substr(0, 8) == "https://" || text.substr(0, 7) == "http://";
  return http && text.find_first_not_of(kUriCharacters) == std::string_view::npos;
}

std::string HelpText(const Finding& finding) {
  std::string help = finding.remediation;
  for (const std::string& reference : finding.references) help += (help.empty() ? "" : "\n") + reference;
  return help.empty() ? finding.message : help;
}

void WriteRuleProperties(const Finding& finding, JsonWriter* json) {
  // GitHub reads security-severity only of rules that are tagged "security", and refuses more than 20 tags.
  constexpr std::size_t kMostTags = 20;
  std::vector<std::string> tags{"security"};
  for (const std::string& tag : finding.tags) {
    if (tags.size() < kMostTags && std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  json->Key("properties");
  json->BeginObject();
  json->StringsMember("tags", tags);
  json->Member("precision", ToString(finding.confidence));
  json->Member("security-severity", SecuritySeverity(finding.severity));
  json->EndObject();
}

void WriteRule(const Finding& finding, JsonWriter* json) {
  json->BeginObject();
  json->Member("id", finding.rule_id);
  WriteText("shortDescription", finding.message, json);
  WriteSentence("fullDescription", finding.message, json);
  WriteText("help", HelpText(finding), json);
  const auto address = std::find_if(finding.references.begin(), finding.references.end(), IsWebAddress);
  if (address != finding.references.end()) json->Member("helpUri", *address);
  json->Key("defaultConfiguration");
  json->BeginObject();
  json->Member("level", LevelOf(finding.severity));
  json->EndObject();
  WriteRuleProperties(finding, json);
  json->EndObject();
}

void WriteTool(const Rules& rules, JsonWriter* json) {
  json->Key("tool");
  json->BeginObject();
  json->Key("driver");
  json->BeginObject();
  json->Member("name", "sluice");
  json->Member("version", Version());
  json->Member("semanticVersion", Version());
  json->Key("rules");
  json->BeginArray();
  for (const auto& [id, finding] : rules) WriteRule(*finding, json);
  json->EndArray();
  json->EndObject();
  json->EndObject();
}

std::string Uri(std::string_view path) {
  // A path given as absolute (`sluice scan /etc`) is no path below the top.
  return (path.substr(0, 1) == "/" ? "file://" : "") + PercentEncode(path);
}

void WriteRegion(const Finding& finding, JsonWriter* json) {
  json->Key("region");
  json->BeginObject();
  json->NumberMember("startLine", finding.line);
  const bool columns = finding.utf16_column > 0 && finding.utf16_end_column > 0;
  if (columns) json->NumberMember("startColumn", finding.utf16_column);
  json->NumberMember("endLine", std::max(finding.line, finding.end_line));
  if (columns) json->NumberMember("endColumn", finding.utf16_end_column);
  json->EndObject();
}

// `finding` is nullptr where only the file is known.
void WriteLocations(std::string_view path, const Finding* finding, JsonWriter* json) {
  json->Key("locations");
  json->BeginArray();
  if (!path.empty()) {
    json->BeginObject();
    json->Key("physicalLocation");
    json->BeginObject();
    json->Key("artifactLocation");
    json->BeginObject();
    json->Member("uri", Uri(path));
    json->EndObject();
    if (finding != nullptr && finding->line > 0) WriteRegion(*finding, json);
    json->EndObject();
    json->EndObject();
  }
  json->EndArray();
}

// "folder/b" of "a.zip!folder/b"; empty when it is in no archive.
std::string_view MemberOf(std::string_view path, std::string_view archive) {
  return archive.empty() ? archive : path.substr(std::min(archive.size() + 1, path.size()));
}

std::string MessageOf(const Finding& finding) {
  std::string message = finding.message;
  if (const std::string_view member = MemberOf(finding.path, finding.archive); !member.empty()) {
    message += fmt::format(", in {} of the archive", member);
    if (finding.line > 0) message += fmt::format(", line {}", finding.line);
  }
  return finding.note.empty() ? message : message + " (" + finding.note + ")";
}

void WriteNotification(const Skipped& skipped, JsonWriter* json) {
  json->BeginObject();
  json->Member("level", skipped.incomplete ? "error" : "note");
  const std::string_view member = MemberOf(skipped.path, skipped.archive);
  WriteSentence("message",
                fmt::format("{}not scanned: {}", member.empty() ? "" : fmt::format("{}: ", member), skipped.reason),
                json);
  WriteLocations(member.empty() ? skipped.path : skipped.archive, nullptr, json);
  json->EndObject();
}

void WriteInvocations(const Report& report, JsonWriter* json) {
  const bool complete =
      std::none_of(report.skipped.begin(), report.skipped.end(), [](const Skipped& skip) { return skip.incomplete; });
  json->Key("invocations");
  json->BeginArray();
  json->BeginObject();
  json->BoolMember("executionSuccessful", complete);
  json->Key("toolExecutionNotifications");
  json->BeginArray();
  for (const Skipped& skipped : report.skipped) WriteNotification(skipped, json);
  json->EndArray();
  json->EndObject();
  json->EndArray();
}

void WriteSuppressions(const Finding& finding, JsonWriter* json) {
  json->Key("suppressions");
  json->BeginArray();
  if (finding.status == FindingStatus::kSuppressed) {
    json->BeginObject();
    json->Member("kind", finding.suppression.kind == "inline" ? "inSource" : "external");
    if (!finding.suppression.reason.empty()) json->Member("justification", finding.suppression.reason);
    json->EndObject();
  }
  json->EndArray();
}

void WriteResult(const Finding& finding, const Rules& rules, JsonWriter* json) {
  json->BeginObject();
  json->Member("ruleId", finding.rule_id);
  const auto index = std::distance(rules.begin(), rules.find(finding.rule_id));
  json->NumberMember("ruleIndex", static_cast<std::uint64_t>(index));
  json->Member("level", LevelOf(finding));
  WriteSentence("message", MessageOf(finding), json);
  if (finding.archive.empty()) {
    WriteLocations(finding.path, &finding, json);
  } else {
    WriteLocations(finding.archive, nullptr, json);
  }
  json->Key("partialFingerprints");
  json->BeginObject();
  json->Member("sluice/v1", finding.fingerprint);
  json->EndObject();
  WriteSuppressions(finding, json);
  json->Key("properties");
  json->BeginObject();
  json->Member("pack", finding.pack);
  json->Member("severity", ToString(finding.severity));
  json->Member("confidence", ToString(finding.confidence));
  json->EndObject();
  json->EndObject();
}

}  // namespace

std::string RenderSarif(const Report& report) {
  const Rules rules = CollectRules(report);
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Member("$schema", kSchema);
  json.Member("version", "2.1.0");
  json.Key("runs");
  json.BeginArray();
  json.BeginObject();
  WriteTool(rules, &json);
  WriteInvocations(report, &json);
  json.Member("columnKind", "utf16CodeUnits");
  json.Key("results");
  json.BeginArray();
  for (const Finding& finding : report.findings) WriteResult(finding, rules, &json);
  json.EndArray();
  json.EndObject();
  json.EndArray();
  json.EndObject();
  out.push_back('\n');
  return out;
}

}  // namespace sluice::report
