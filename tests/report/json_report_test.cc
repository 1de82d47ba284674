#include <gtest/gtest.h>

#include <string>

#include <nlohmann/json.hpp>

#include "report/sample.h"
#include "sluice/report.h"
#include "sluice/version.h"

namespace sluice {
namespace {

using nlohmann::json;

json Parse(const Report& report) { return json::parse(Render(report, Format::kJson, {})); }

TEST(JsonReport, CleanRunIsAValidEmptyReport) {
  EXPECT_EQ(Render(Report{}, Format::kJson, {}), R"({
  "schema": "sluice-report-1",
  "tool": {
    "name": "sluice",
    "version": ")" + std::string(Version()) + R"("
  },
  "verdict": "clean",
  "findings": [],
  "scanned": {
    "files": 0,
    "bytes": 0
  },
  "skipped": []
}
)");
}

TEST(JsonReport, WholeReport) {
  Finding suppressed = Suppressed(SampleFinding(), "from the docs");
  suppressed.tags.clear();
  suppressed.references.clear();
  suppressed.note = "checksum verified";
  Report report;
  report.findings = {SampleFinding(), suppressed};
  report.skipped = {{"big.bin", "object missing: 12ab", true}};
  report.files = 3;
  report.bytes = 12345678901;
  report.milliseconds = 1.5;
  EXPECT_EQ(Render(report, Format::kJson, {}), R"({
  "schema": "sluice-report-1",
  "tool": {
    "name": "sluice",
    "version": ")" + std::string(Version()) + R"("
  },
  "verdict": "findings",
  "findings": [
    {
      "rule": "aws-access-key-id",
      "pack": "secrets/aws",
      "severity": "critical",
      "confidence": "high",
      "message": "AWS access key id",
      "path": "src/deploy.sh",
      "line": 14,
      "column": 6,
      "end_line": 14,
      "end_column": 26,
      "preview": "AKIA************MNOP",
      "fingerprint": "0123456789abcdef01234567",
      "status": "new",
      "suppression": null,
      "blocks": true,
      "note": "",
      "remediation": "Deactivate the key in IAM, then delete it.",
      "tags": [
        "aws",
        "cwe-798"
      ],
      "references": [
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"
      ]
    },
    {
      "rule": "aws-access-key-id",
      "pack": "secrets/aws",
      "severity": "critical",
      "confidence": "high",
      "message": "AWS access key id",
      "path": "src/deploy.sh",
      "line": 14,
      "column": 6,
      "end_line": 14,
      "end_column": 26,
      "preview": "AKIA************MNOP",
      "fingerprint": "0123456789abcdef01234567",
      "status": "suppressed",
      "suppression": {
        "kind": "inline",
        "reason": "from the docs"
      },
      "blocks": false,
      "note": "checksum verified",
      "remediation": "Deactivate the key in IAM, then delete it.",
      "tags": [],
      "references": []
    }
  ],
  "scanned": {
    "files": 3,
    "bytes": 12345678901
  },
  "skipped": [
    {
      "path": "big.bin",
      "reason": "object missing: 12ab",
      "incomplete": true
    }
  ]
}
)");
}

TEST(JsonReport, VerdictIsThatOfTheReport) {
  Report report;
  report.skipped = {{"a", "object missing", true}};
  EXPECT_EQ(Parse(report)["verdict"], "incomplete");
  report.findings = {Warning(SampleFinding())};
  EXPECT_EQ(Parse(report)["verdict"], "incomplete");
  EXPECT_EQ(Parse(report)["findings"][0]["blocks"], false);
  report.findings.push_back(SampleFinding());
  EXPECT_EQ(Parse(report)["verdict"], "findings");
}

TEST(JsonReport, PathsThatAreNotUtf8KeepTheirBytes) {
  Report report;
  report.findings = {SampleFinding(), SampleFinding()};
  report.findings[1].path = "caf\xE9/a b";
  report.skipped = {{"\xFF", "r", false}};
  const json parsed = Parse(report);
  EXPECT_FALSE(parsed["findings"][0].contains("path_bytes"));
  EXPECT_EQ(parsed["findings"][1]["path"], "caf\xEF\xBF\xBD/a b");
  EXPECT_EQ(parsed["findings"][1]["path_bytes"], "caf%E9/a%20b");
  EXPECT_EQ(parsed["skipped"][0]["path_bytes"], "%FF");
}

TEST(JsonReport, HostileTextsComeBackAsTheyWereAndHarmless) {
  const std::string text = Render(HostileReport(), Format::kJson, {.show_secrets = true});
  EXPECT_TRUE(HarmlessOnTerminal(text)) << text;
  std::string expected(kHostile);
  expected.replace(expected.find('\xFF'), 1, "\xEF\xBF\xBD");
  const json parsed = json::parse(text);
  for (const char* member : {"rule", "pack", "message", "path", "preview", "fingerprint", "note", "remediation"}) {
    EXPECT_EQ(parsed["findings"][0][member], expected) << member;
  }
  EXPECT_EQ(parsed["findings"][1]["suppression"]["reason"], expected);
  EXPECT_EQ(parsed["skipped"][0]["reason"], expected);
}

TEST(JsonReport, NeverHoldsTheSecret) {
  Report report;
  report.findings = {SampleFinding()};
  report.findings[0].secret = std::string("AKIA") + "QWERTYUIOPASMNOP";
  for (const Format format : {Format::kJson, Format::kSarif}) {
    EXPECT_EQ(Render(report, format, {.show_secrets = true}).find("QWERTY"), std::string::npos);
  }
}

}  // namespace
}  // namespace sluice
