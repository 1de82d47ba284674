#include "sluice/report.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "report/sample.h"

namespace sluice {
namespace {

TEST(Report, VerdictAndExitCodeTable) {
  const Finding finding = SampleFinding();
  const Skipped incomplete{"a", "object missing", true};
  const Skipped excluded{"b", "submodule", false};
  struct Case {
    std::vector<Finding> findings;
    std::vector<Skipped> skipped;
    Verdict verdict;
    std::string_view name;
    int exit_code;
  };
  for (const Case& c : {
           Case{{}, {}, Verdict::kClean, "clean", 0},
           Case{{}, {excluded}, Verdict::kClean, "clean", 0},
           Case{{Warning(finding)}, {}, Verdict::kClean, "clean", 0},
           Case{{Suppressed(finding, "")}, {}, Verdict::kClean, "clean", 0},
           Case{{finding}, {}, Verdict::kFindings, "findings", 1},
           Case{{Suppressed(finding, ""), finding}, {incomplete}, Verdict::kFindings, "findings", 1},
           Case{{}, {excluded, incomplete}, Verdict::kIncomplete, "incomplete", 3},
           Case{{Warning(finding)}, {incomplete}, Verdict::kIncomplete, "incomplete", 3},
           Case{{Suppressed(finding, "")}, {incomplete}, Verdict::kIncomplete, "incomplete", 3},
       }) {
    Report report;
    report.findings = c.findings;
    report.skipped = c.skipped;
    EXPECT_EQ(report.GetVerdict(), c.verdict) << c.name;
    EXPECT_EQ(ToString(report.GetVerdict()), c.name);
    EXPECT_EQ(ExitCode(report.GetVerdict()), c.exit_code) << c.name;
  }
}

TEST(Report, AValueThatIsNoVerdictIsNotClean) {
  EXPECT_EQ(ExitCode(static_cast<Verdict>(7)), 3);
  EXPECT_EQ(ToString(static_cast<Verdict>(7)), "incomplete");
}

TEST(Report, SortsByPathLineColumnRule) {
  const auto make = [](std::string path, std::size_t line, std::size_t column, std::string rule) {
    Finding finding = SampleFinding();
    finding.path = std::move(path);
    finding.line = line;
    finding.column = column;
    finding.rule_id = std::move(rule);
    return finding;
  };
  // Bytes, not characters: 0xFF comes after every letter. Numbers, not digits: 9 before 10.
  const std::vector<Finding> sorted = {make("a", 9, 1, "x"),   make("a", 10, 2, "x"),  make("a", 10, 2, "y"),
                                       make("a", 10, 10, "a"), make("a/b", 1, 1, "a"), make("\xFF", 1, 1, "a")};
  Report report;
  report.findings = {sorted[3], sorted[5], sorted[1], sorted[4], sorted[2], sorted[0]};
  report.skipped = {{"b", "x", false}, {"a", "y", false}, {"a", "x", true}};
  report.Sort();
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_EQ(report.findings[i].path, sorted[i].path) << i;
    EXPECT_EQ(report.findings[i].line, sorted[i].line) << i;
    EXPECT_EQ(report.findings[i].column, sorted[i].column) << i;
    EXPECT_EQ(report.findings[i].rule_id, sorted[i].rule_id) << i;
  }
  EXPECT_EQ(report.skipped[0].reason, "x");
  EXPECT_EQ(report.skipped[1].reason, "y");
  EXPECT_EQ(report.skipped[2].path, "b");
}

TEST(Report, SameFindingsInAnyOrderGiveTheSameBytes) {
  Report report;
  for (int i = 0; i < 5; ++i) {
    Finding finding = SampleFinding();
    finding.line = static_cast<std::size_t>(1 + i / 2);
    finding.rule_id = "rule-" + std::to_string(i);
    report.findings.push_back(finding);
    report.skipped.push_back({"p" + std::to_string(i), "reason", i % 2 == 0});
  }
  report.Sort();
  for (const Format format : {Format::kText, Format::kJson, Format::kSarif}) {
    const std::string expected = Render(report, format, {});
    Report shuffled = report;
    std::reverse(shuffled.findings.begin(), shuffled.findings.end());
    std::reverse(shuffled.skipped.begin(), shuffled.skipped.end());
    shuffled.milliseconds = 99;
    shuffled.Sort();
    EXPECT_EQ(Render(shuffled, format, {}), expected);
  }
}

TEST(Report, ParsesTheNamesOfFormats) {
  EXPECT_EQ(ParseFormat("text"), Format::kText);
  EXPECT_EQ(ParseFormat("json"), Format::kJson);
  EXPECT_EQ(ParseFormat("sarif"), Format::kSarif);
  for (const std::string_view name : {"", "JSON", "json ", "xml", "jsonl"}) EXPECT_EQ(ParseFormat(name), std::nullopt);
}

TEST(SummaryLine, CountsFilesBytesFindingsTime) {
  Report report;
  report.files = 1;
  report.bytes = 1;
  report.milliseconds = 1.24;
  EXPECT_EQ(SummaryLine(report), "sluice: 1 file, 1 byte, 0 skipped, 0 findings, 1.2 ms");
  report.files = 1000;
  report.bytes = 1234567;
  report.milliseconds = 1000;
  report.findings = {SampleFinding(), SampleFinding(), Warning(SampleFinding()), Suppressed(SampleFinding(), "")};
  EXPECT_EQ(SummaryLine(report),
            "sluice: 1,000 files, 1,234,567 bytes, 0 skipped, 2 findings, 1 warning, 1 suppressed, 1000.0 ms");
}

TEST(SummaryLine, SaysThatNothingWasScanned) {
  Report report;
  EXPECT_EQ(SummaryLine(report), "sluice: nothing to scan (0 files, 0 bytes), 0 skipped, 0 findings, 0.0 ms");
  report.files = 2;  // Empty ones.
  EXPECT_EQ(SummaryLine(report), "sluice: nothing to scan (2 files, 0 bytes), 0 skipped, 0 findings, 0.0 ms");
}

TEST(SummaryLine, GivesTheReasonsOfSkips) {
  Report report;
  report.files = 999;
  report.bytes = 100000;
  report.skipped = {{"a", "submodule", false},
                    {"b", "object missing: 3f2a", true},
                    {"c", "object missing: 77aa", true},
                    {"d", "too large\n\x1b[2J", true}};
  EXPECT_EQ(SummaryLine(report),
            "sluice: 999 files, 100,000 bytes, 4 skipped (2 object missing, 1 submodule, 1 too large\\x0A\\x1B[2J; "
            "3 not known to be clean), 0 findings, 0.0 ms");
  report.skipped = {{"a", "r1", false}, {"b", "r2", false}, {"c", "r3", false}, {"d", "r4", false}, {"e", "r5", false}};
  EXPECT_EQ(SummaryLine(report),
            "sluice: 999 files, 100,000 bytes, 5 skipped (1 r1, 1 r2, 1 r3, 1 r4, …), 0 findings, 0.0 ms");
}

TEST(DisplayPath, ShowsNamesAsATerminalCan) {
  EXPECT_EQ(DisplayPath("src/dir with space/ü😀.txt"), "src/dir with space/ü😀.txt");
  EXPECT_EQ(DisplayPath("-rf * 'q\" \\back"), "-rf * 'q\" \\back");
  EXPECT_EQ(DisplayPath(kHostile), kHostileShown);
  EXPECT_EQ(DisplayPath(std::string("nul\0tab\t", 8)), "nul\\x00tab\\x09");
  EXPECT_EQ(DisplayPath(std::string(4096, 'x')), std::string(4096, 'x'));
}

}  // namespace
}  // namespace sluice
