// JSON: one object, schema "sluice-report-1". Every member is always there (suppression is null when there is none;
// only path_bytes comes and goes), so that a reader needs no defaults. Nothing in it depends on the clock.
#include <string>

#include "report/json_writer.h"
#include "report/render.h"
#include "report/utf8.h"
#include "sluice/version.h"

namespace sluice::report {
namespace {

// A path that is not UTF-8 loses bytes in JSON; path_bytes has them all, so that nothing is ambiguous.
void WritePath(std::string_view path, JsonWriter* json) {
  json->Member("path", path);
  if (!IsUtf8(path)) json->Member("path_bytes", PercentEncode(path));
}

void WriteRange(const Finding& finding, JsonWriter* json) {
  json->NumberMember("line", finding.line);
  json->NumberMember("column", finding.column);
  json->NumberMember("end_line", finding.end_line);
  json->NumberMember("end_column", finding.end_column);
}

void WriteSuppression(const Finding& finding, JsonWriter* json) {
  const bool suppressed = finding.status == FindingStatus::kSuppressed;
  json->Member("status", suppressed ? "suppressed" : "new");
  json->Key("suppression");
  if (!suppressed) return json->Null();
  json->BeginObject();
  json->Member("kind", finding.suppression.kind);
  json->Member("reason", finding.suppression.reason);
  json->EndObject();
}

void WriteFinding(const Finding& finding, JsonWriter* json) {
  json->BeginObject();
  json->Member("rule", finding.rule_id);
  json->Member("pack", finding.pack);
  json->Member("severity", ToString(finding.severity));
  json->Member("confidence", ToString(finding.confidence));
  json->Member("message", finding.message);
  WritePath(finding.path, json);
  WriteRange(finding, json);
  json->Member("preview", finding.preview);
  json->Member("fingerprint", finding.fingerprint);
  WriteSuppression(finding, json);
  json->BoolMember("blocks", Stops(finding));
  json->Member("note", finding.note);
  json->Member("remediation", finding.remediation);
  json->StringsMember("tags", finding.tags);
  json->StringsMember("references", finding.references);
  json->EndObject();
}

void WriteTool(JsonWriter* json) {
  json->Key("tool");
  json->BeginObject();
  json->Member("name", "sluice");
  json->Member("version", Version());
  json->EndObject();
}

void WriteScanned(const Report& report, JsonWriter* json) {
  json->Key("scanned");
  json->BeginObject();
  json->NumberMember("files", report.files);
  json->NumberMember("bytes", report.bytes);
  json->EndObject();
}

void WriteSkipped(const Skipped& skipped, JsonWriter* json) {
  json->BeginObject();
  WritePath(skipped.path, json);
  json->Member("reason", skipped.reason);
  json->BoolMember("incomplete", skipped.incomplete);
  json->EndObject();
}

}  // namespace

std::string RenderJson(const Report& report) {
  std::string out;
  JsonWriter json(&out);
  json.BeginObject();
  json.Member("schema", "sluice-report-1");
  WriteTool(&json);
  json.Member("verdict", ToString(report.GetVerdict()));
  json.Key("findings");
  json.BeginArray();
  for (const Finding& finding : report.findings) WriteFinding(finding, &json);
  json.EndArray();
  WriteScanned(report, &json);
  json.Key("skipped");
  json.BeginArray();
  for (const Skipped& skipped : report.skipped) WriteSkipped(skipped, &json);
  json.EndArray();
  json.EndObject();
  out.push_back('\n');
  return out;
}

}  // namespace sluice::report
