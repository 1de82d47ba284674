#include <gtest/gtest.h>
#include <re2/re2.h>

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "report/sample.h"
#include "sluice/report.h"
#include "sluice/version.h"

namespace sluice {
namespace {

using nlohmann::json;

// What SARIF 2.1.0 and GitHub's ingestion ask of the members that we write, as a list of complaints. (The output was
// also held against the OASIS schema with a validator; this keeps it so without one.)
class SarifChecker {
 public:
  static std::vector<std::string> Check(const json& log) {
    SarifChecker checker;
    checker.Log(log);
    return checker.complaints_;
  }

 private:
  void Require(bool holds, const std::string& what) {
    if (!holds) complaints_.push_back(what);
  }

  void Text(const json& message, const std::string& where) {
    Require(message.is_object() && message.contains("text") && message["text"].is_string(), where + ": no text");
    // 3.11.5: outside of placeholders, braces come in pairs of the same kind.
    std::string text = message.value("text", "");
    RE2::GlobalReplace(&text, R"(\{\{|\}\})", "");
    Require(text.find_first_of("{}") == std::string::npos, where + ": single brace");
  }

  void Sentence(const json& message, const std::string& where) {
    Text(message, where);
    Require(RE2::FullMatch(message.value("text", ""), R"((?s).*[.!?])"), where + ": no full stop");
  }

  void OnlyMembers(const json& object, const std::set<std::string>& allowed, const std::string& where) {
    for (const auto& member : object.items()) {
      Require(allowed.count(member.key()) == 1, where + ": unknown member " + member.key());
    }
  }

  void Log(const json& log) {
    OnlyMembers(log, {"$schema", "version", "runs"}, "log");
    Require(log.value("version", "") == "2.1.0", "version");
    Require(log["$schema"].get<std::string>().rfind("https://", 0) == 0, "$schema");
    Require(log["runs"].is_array() && log["runs"].size() == 1, "runs");
    Run(log["runs"][0]);
  }

  void Run(const json& run) {
    OnlyMembers(run, {"tool", "invocations", "columnKind", "results"}, "run");
    Require(run.value("columnKind", "") == "utf16CodeUnits", "columnKind");
    const json& driver = run["tool"]["driver"];
    OnlyMembers(driver, {"name", "version", "semanticVersion", "rules"}, "driver");
    Require(driver.value("name", "") == "sluice" && driver.value("version", "") == Version(), "driver");
    Require(driver["rules"].is_array(), "rules");
    for (const json& rule : driver["rules"]) Rule(rule);
    Require(run["invocations"].is_array() && run["invocations"].size() == 1, "invocations");
    Invocation(run["invocations"][0]);
    Require(run["results"].is_array(), "results");
    std::set<std::string> used;
    for (const json& result : run["results"]) {
      ResultObject(result, driver["rules"]);
      used.insert(result["ruleId"].get<std::string>());
    }
    Require(used == rule_ids_, "rules are not exactly those with results");
  }

  void Rule(const json& rule) {
    OnlyMembers(rule,
                {"id", "shortDescription", "fullDescription", "help", "helpUri", "defaultConfiguration", "properties"},
                "rule");
    Require(rule_ids_.insert(rule["id"].get<std::string>()).second, "rule id twice");
    for (const char* text : {"shortDescription", "fullDescription", "help"}) Text(rule[text], text);
    Sentence(rule["fullDescription"], "fullDescription");
    if (rule.contains("helpUri")) {
      const std::string uri = rule["helpUri"].get<std::string>();
      Require(RE2::FullMatch(uri, R"(https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+)"), "helpUri");
    }
    Level(rule["defaultConfiguration"]["level"]);
    const json& properties = rule["properties"];
    const json& tags = properties["tags"];
    Require(tags.size() <= 20 && std::set<json>(tags.begin(), tags.end()).size() == tags.size(), "tags");
    Require(tags.size() >= 1 && tags[0] == "security", "tag security");
    const double severity = std::stod(properties["security-severity"].get<std::string>());
    Require(severity > 0 && severity <= 10, "security-severity");
  }

  void Level(const json& level) {
    Require(level == "error" || level == "warning" || level == "note", "level " + level.dump());
  }

  void Invocation(const json& invocation) {
    OnlyMembers(invocation, {"executionSuccessful", "toolExecutionNotifications"}, "invocation");
    Require(invocation["executionSuccessful"].is_boolean(), "executionSuccessful");
    for (const json& notification : invocation["toolExecutionNotifications"]) {
      Level(notification["level"]);
      Sentence(notification["message"], "notification");
      for (const json& location : notification["locations"]) Location(location);
    }
  }

  void Location(const json& location) {
    const json& physical = location["physicalLocation"];
    const std::string uri = physical["artifactLocation"]["uri"].get<std::string>();
    Require(RE2::FullMatch(uri, R"((file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+)"), "uri " + uri);
    if (!physical.contains("region")) return;
    const json& region = physical["region"];
    for (const auto& member : region.items())
      Require(member.value().is_number_unsigned() && member.value() > 0, "region");
    Require(region["endLine"] >= region["startLine"], "region ends before it starts");
    Require(region.contains("startColumn") == region.contains("endColumn"), "half a column range");
    if (region.contains("startColumn") && region["endLine"] == region["startLine"]) {
      Require(region["endColumn"] >= region["startColumn"], "columns end before they start");
    }
  }

  void ResultObject(const json& result, const json& rules) {
    OnlyMembers(
        result,
        {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions", "properties"},
        "result");
    const std::size_t index = result["ruleIndex"].get<std::size_t>();
    Require(index < rules.size() && rules[index]["id"] == result["ruleId"], "ruleIndex");
    Level(result["level"]);
    Sentence(result["message"], "result");
    Require(result["locations"].size() == 1, "locations");
    for (const json& location : result["locations"]) Location(location);
    Require(result["partialFingerprints"]["sluice/v1"].is_string(), "fingerprint");
    Require(result["suppressions"].is_array(), "suppressions");
    for (const json& suppression : result["suppressions"]) {
      Require(suppression["kind"] == "inSource" || suppression["kind"] == "external", "suppression kind");
    }
  }

  std::vector<std::string> complaints_;
  std::set<std::string> rule_ids_;
};

json Checked(const Report& report) {
  const std::string text = Render(report, Format::kSarif, {});
  EXPECT_EQ(text.back(), '\n');
  json log = json::parse(text);
  EXPECT_EQ(SarifChecker::Check(log), std::vector<std::string>{}) << text;
  return log;
}

TEST(SarifReport, CleanRunIsAValidEmptyReport) {
  const std::string version(Version());
  EXPECT_EQ(Render(Report{}, Format::kSarif, {}), R"({
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "sluice",
          "version": ")" + version + R"(",
          "semanticVersion": ")" + version + R"(",
          "rules": []
        }
      },
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }
      ],
      "columnKind": "utf16CodeUnits",
      "results": []
    }
  ]
}
)");
  Checked(Report{});
}

TEST(SarifReport, WholeRun) {
  Report report;
  report.findings = {SampleFinding()};
  report.findings[0].note = "made {1} year ago";
  report.skipped = {{"sub dir/x", "object missing: 12ab", true}};
  const std::string version(Version());
  EXPECT_EQ(Render(report, Format::kSarif, {}), R"sarif({
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "sluice",
          "version": ")sarif" + version + R"sarif(",
          "semanticVersion": ")sarif" + version + R"sarif(",
          "rules": [
            {
              "id": "aws-access-key-id",
              "shortDescription": {
                "text": "AWS access key id"
              },
              "fullDescription": {
                "text": "AWS access key id."
              },
              "help": {
                "text": "Deactivate the key in IAM, then delete it.\nhttps://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html"
              },
              "helpUri": "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
              "defaultConfiguration": {
                "level": "error"
              },
              "properties": {
                "tags": [
                  "security",
                  "aws",
                  "cwe-798"
                ],
                "precision": "high",
                "security-severity": "9.5"
              }
            }
          ]
        }
      },
      "invocations": [
        {
          "executionSuccessful": false,
          "toolExecutionNotifications": [
            {
              "level": "error",
              "message": {
                "text": "not scanned: object missing: 12ab."
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "sub%20dir/x"
                    }
                  }
                }
              ]
            }
          ]
        }
      ],
      "columnKind": "utf16CodeUnits",
      "results": [
        {
          "ruleId": "aws-access-key-id",
          "ruleIndex": 0,
          "level": "error",
          "message": {
            "text": "AWS access key id (made {{1}} year ago)."
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "src/deploy.sh"
                },
                "region": {
                  "startLine": 14,
                  "startColumn": 6,
                  "endLine": 14,
                  "endColumn": 26
                }
              }
            }
          ],
          "partialFingerprints": {
            "sluice/v1": "0123456789abcdef01234567"
          },
          "suppressions": [],
          "properties": {
            "pack": "secrets/aws",
            "severity": "critical",
            "confidence": "high"
          }
        }
      ]
    }
  ]
}
)sarif");
  Checked(report);
}

TEST(SarifReport, RulesAreUniqueAndResultsPointAtThem) {
  Report report;
  for (const char* id : {"zeta", "alpha", "zeta", "mid", "alpha"}) {
    report.findings.push_back(SampleFinding());
    report.findings.back().rule_id = id;
  }
  const json run = Checked(report)["runs"][0];
  ASSERT_EQ(run["tool"]["driver"]["rules"].size(), 3U);
  EXPECT_EQ(run["results"][0]["ruleIndex"], 2);
  EXPECT_EQ(run["results"][1]["ruleIndex"], 0);
}

TEST(SarifReport, LevelsFollowTheVerdictFirst) {
  Report report;
  report.findings = {SampleFinding(), SampleFinding(), Warning(SampleFinding())};
  report.findings[0].severity = Severity::kLow;  // Blocks all the same.
  report.findings[1].blocks = false;
  const json results = Checked(report)["runs"][0]["results"];
  EXPECT_EQ(results[0]["level"], "error");
  EXPECT_EQ(results[1]["level"], "warning");
  EXPECT_EQ(results[2]["level"], "note");
}

TEST(SarifReport, SuppressionsOfAllResultsOrNone) {
  Report report;
  report.findings = {SampleFinding(), Suppressed(SampleFinding(), "from the docs"), Suppressed(SampleFinding(), "")};
  report.findings[2].suppression.kind = "baseline";
  const json results = Checked(report)["runs"][0]["results"];
  EXPECT_EQ(results[0]["suppressions"], json::array());
  EXPECT_EQ(results[1]["suppressions"], json::parse(R"([{"kind": "inSource", "justification": "from the docs"}])"));
  EXPECT_EQ(results[2]["suppressions"], json::parse(R"([{"kind": "external"}])"));
}

TEST(SarifReport, UrisArePercentEncodedAndRelative) {
  struct Case {
    std::string path;
    std::string uri;
  };
  for (const Case& c : {Case{"a b/c#d?e%f", "a%20b/c%23d%3Fe%25f"}, Case{"c:/x", "c%3A/x"}, Case{"ü", "%C3%BC"},
                        Case{"\xFF\n", "%FF%0A"}, Case{"a\\b", "a%5Cb"}, Case{"/etc/x", "file:///etc/x"}}) {
    Report report;
    report.findings = {SampleFinding()};
    report.findings[0].path = c.path;
    const json location = Checked(report)["runs"][0]["results"][0]["locations"][0];
    EXPECT_EQ(location["physicalLocation"]["artifactLocation"]["uri"], c.uri);
  }
}

// A service shows files of the repository, and no member of one.
TEST(SarifReport, WhatIsInAnArchiveIsReportedAtTheArchive) {
  Report report;
  report.findings = {SampleFinding()};
  report.findings[0].path = "d/a.zip!b.tar!x/y.sh";
  report.findings[0].archive = "d/a.zip";
  report.skipped = {{.path = "c.gz!c", .reason = "archive: cut", .incomplete = true, .archive = "c.gz"}};
  const json run = Checked(report)["runs"][0];
  const json& result = run["results"][0];
  EXPECT_EQ(result["message"]["text"], "AWS access key id, in b.tar!x/y.sh of the archive, line 14.");
  EXPECT_EQ(result["locations"][0]["physicalLocation"], json::parse(R"({"artifactLocation": {"uri": "d/a.zip"}})"));
  const json& notification = run["invocations"][0]["toolExecutionNotifications"][0];
  EXPECT_EQ(notification["message"]["text"], "c: not scanned: archive: cut.");
  EXPECT_EQ(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "c.gz");
}

TEST(SarifReport, UnknownColumnsAndLinesAreLeftOut) {
  Report report;
  report.findings = {SampleFinding(), SampleFinding()};
  report.findings[0].utf16_column = 0;
  report.findings[1].line = 0;
  const json results = Checked(report)["runs"][0]["results"];
  EXPECT_EQ(results[0]["locations"][0]["physicalLocation"]["region"],
            json::parse(R"({"startLine": 14, "endLine": 14})"));
  EXPECT_FALSE(results[1]["locations"][0]["physicalLocation"].contains("region"));
}

TEST(SarifReport, TooManyTagsAreCut) {
  Report report;
  report.findings = {SampleFinding()};
  for (int i = 0; i < 50; ++i) report.findings[0].tags.push_back("t" + std::to_string(i % 30));
  Checked(report);
}

TEST(SarifReport, HostileTextsAreHarmlessAndValid) {
  EXPECT_TRUE(HarmlessOnTerminal(Render(HostileReport(), Format::kSarif, {.show_secrets = true})));
  const json run = Checked(HostileReport())["runs"][0];
  EXPECT_FALSE(run["tool"]["driver"]["rules"][0].contains("helpUri"));
  EXPECT_EQ(run["invocations"][0]["executionSuccessful"], false);
}

TEST(SarifReport, HoldsNeitherSnippetNorPreview) {
  Report report;
  report.findings = {SampleFinding()};
  const std::string text = Render(report, Format::kSarif, {});
  EXPECT_EQ(text.find("AKIA"), std::string::npos);
  EXPECT_EQ(text.find("snippet"), std::string::npos);
}

}  // namespace
}  // namespace sluice
