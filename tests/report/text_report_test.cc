#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "report/sample.h"
#include "sluice/report.h"

namespace sluice {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Text(std::vector<Finding> findings, const RenderOptions& options = {.hints = false}) {
  Report report;
  report.findings = std::move(findings);
  return Render(report, Format::kText, options);
}

TEST(TextReport, NothingToReportIsEmpty) {
  EXPECT_EQ(Render(Report{}, Format::kText, {}), "");
  Report report;
  report.skipped = {{"vendor/lib", "submodule", false}};
  EXPECT_EQ(Render(report, Format::kText, {}), "");
}

// Whoever skipped it says so: the words of the reason are free.
TEST(TextReport, WhatNobodyLeftOutIsNoted) {
  Report report;
  report.skipped = {{.path = "a.zip", .reason = "archive: not looked at", .noted = true},
                    {.path = "b", .reason = "something else", .noted = true},
                    {"c", "archive: excluded", false},
                    {.path = "d", .reason = "unreadable", .incomplete = true, .noted = true}};
  EXPECT_EQ(Render(report, Format::kText, {.hints = false}),
            "a.zip: note: archive: not looked at\n"
            "b: note: something else\n"
            "d: not scanned: unreadable\n");
}

TEST(TextReport, FindingWithNextSteps) {
  EXPECT_EQ(Text({SampleFinding()}, {}), R"(src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]
   14 | key="AKIA************MNOP"
      |      ^~~~~~~~~~~~~~~~~~~~

1 finding to deal with. What to do:
  1. Take the value out of the file, then stage it again:
       git add :/src/deploy.sh
     or leave the file out of this commit (it stays as it is on disk):
       git reset -q -- :/src/deploy.sh
  2. If it was ever pushed, sent or copied, others may know it: replace it.
       aws-access-key-id: Deactivate the key in IAM, then delete it.
  3. If it is no secret, say so and why in a comment on its line, then stage it again:
       sluice:allow aws-access-key-id REASON
)");
}

TEST(TextReport, SeveralFindingsWarningsSuppressedAndNotScanned) {
  Finding other = SampleFinding();
  other.path = "b c/it's.cfg";
  other.line = 123456;
  other.rule_id = "github-classic-pat";
  other.message = "GitHub personal access token (classic)";
  other.remediation = "Revoke it at GitHub > Settings.";
  other.note = "checksum verified";
  Report report;
  report.findings = {SampleFinding(),
                     SampleFinding(),
                     other,
                     Warning(SampleFinding()),
                     Suppressed(SampleFinding(), "sample"),
                     Suppressed(SampleFinding(), "")};
  report.skipped = {{"", "index: cannot read", true},
                    {"big.bin", "object missing: 12ab", true},
                    {"lots", "more than 1000 findings in one file", true, true},
                    {"s", "submodule", false}};
  EXPECT_EQ(Render(report, Format::kText, {}), R"(src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]
   14 | key="AKIA************MNOP"
      |      ^~~~~~~~~~~~~~~~~~~~
src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]
   14 | key="AKIA************MNOP"
      |      ^~~~~~~~~~~~~~~~~~~~
b c/it's.cfg:123456:6: error: GitHub personal access token (classic) [github-classic-pat]
123456 | key="AKIA************MNOP"
       |      ^~~~~~~~~~~~~~~~~~~~
      = checksum verified
src/deploy.sh:14:6: warning: AWS access key id [aws-access-key-id]
   14 | key="AKIA************MNOP"
      |      ^~~~~~~~~~~~~~~~~~~~
src/deploy.sh:14:6: note: suppressed: AWS access key id [aws-access-key-id]: sample
src/deploy.sh:14:6: note: suppressed: AWS access key id [aws-access-key-id] (no reason given)
sluice: not scanned: index: cannot read
big.bin: not scanned: object missing: 12ab
lots: not fully scanned: more than 1000 findings in one file

3 findings to deal with. What to do:
  1. Take the values out of the files, then stage them again:
       git add :/src/deploy.sh ':/b c/it'\''s.cfg'
     or leave the files out of this commit (they stay as they are on disk):
       git reset -q -- :/src/deploy.sh ':/b c/it'\''s.cfg'
  2. If it was ever pushed, sent or copied, others may know it: replace it.
       aws-access-key-id: Deactivate the key in IAM, then delete it.
       github-classic-pat: Revoke it at GitHub > Settings.
  3. If it is no secret, say so and why in a comment on its line, then stage it again:
       sluice:allow RULE-ID REASON
)");
}

// A comment would break the file, or be part of the key.
TEST(TextReport, WhereNoCommentCanStandTheFileIsLeftOut) {
  Finding json = SampleFinding();
  json.path = "config/app.json";
  EXPECT_NE(
      Text({json}, {})
          .find("  3. If it is no secret, leave the file out in .sluice.toml (first line: format = 1), and stage that; "
                "nothing in it is looked at then:\n"
                "       exclude = [\"/config/app.json\"]\n"),
      std::string::npos);
  Finding member = SampleFinding();
  member.path = "a[1].zip!deploy.sh";
  member.archive = "a[1].zip";
  Finding masked = json;
  masked.path = "password=********.json";
  masked.path_is_masked = true;
  EXPECT_NE(Text({SampleFinding(), json, member, json, masked}, {.staged = false})
                .find("  3. If it is no secret, say so and why in a comment on its line:\n"
                      "       sluice:allow aws-access-key-id REASON\n"
                      "     Where no comment can stand, leave the file out in .sluice.toml (first line: format = 1); "
                      "nothing in it is looked at then:\n"
                      "       exclude = [\"/config/app.json\", \"/a\\\\[1].zip\", \"PATH\"]\n"),
            std::string::npos);
}

// What the advice offers for one finding: a comment, leaving the file out, or the choice of the two.
std::string Offers(const Finding& finding) {
  const std::string text = Text({finding}, {});
  return std::string(text.find("       sluice:allow ") != std::string::npos ? "comment " : "") +
         (text.find("       exclude = [\"/" + finding.path + "\"]\n") != std::string::npos ? "exclude" : "");
}

TEST(TextReport, ACommentIsOfferedWhereOneCanStand) {
  const std::pair<const char*, const char*> cases[] = {
      {"a.py", "comment "},
      {"a.yml", "comment "},
      {"Makefile", "comment "},
      {"monkey", "comment "},
      {"a.plist", "comment "},
      {"js/a.map", "exclude"},
      {"a.jsonl", "exclude"},
      {"a.ndjson", "exclude"},
      {"a.har", "exclude"},
      {"a.geojson", "exclude"},
      {"a.webmanifest", "exclude"},
      {".pgpass", "exclude"},
      {"a.properties", "exclude"},
      {"a.service", "exclude"},
      {"A.JSON", "exclude"},
      {".env", "comment exclude"},
      {"b/.env.local", "comment exclude"},
      {"prod.env", "comment exclude"},
      {"env.list", "comment exclude"},
      {"Dockerfile", "comment exclude"},
      {"b/Dockerfile.dev", "comment exclude"},
      {"a.dockerfile", "comment exclude"},
      {"Containerfile", "comment exclude"},
  };
  for (const auto& [path, offers] : cases) {
    Finding finding = SampleFinding();
    finding.path = path;
    EXPECT_EQ(Offers(finding), offers) << path;
  }
  Finding binary = SampleFinding();
  binary.path = "a.bin";
  binary.in_text = false;
  EXPECT_EQ(Offers(binary), "exclude");
  Finding key = SampleFinding();
  key.path = "id_rsa";
  key.line = key.column = 1;
  key.end_line = 5;
  key.offset = 0;
  EXPECT_EQ(Offers(key), "exclude");
}

// A comment on the line that is shown would be part of the key.
TEST(TextReport, ACommentToAValueOfSeveralLinesStandsAboveIt) {
  Finding key = SampleFinding();
  key.end_line = 20;
  const std::string lead = "  3. If it is no secret, say so and why in a comment ";
  const std::string rest = ", then stage it again:\n       sluice:allow aws-access-key-id REASON\n";
  EXPECT_NE(Text({key}, {}).find(lead + "alone on the line above it" + rest), std::string::npos);
  EXPECT_NE(Text({key, SampleFinding()}, {}).find(lead + "on its line (above it, where it has several lines)" + rest),
            std::string::npos);
}

TEST(TextReport, HintsStandBelowTheFinding) {
  Finding finding = SampleFinding();
  finding.hint = "line 14: there is no rule";
  EXPECT_NE(Text({finding}).find("~\n      = line 14: there is no rule\n"), std::string::npos) << Text({finding});
}

TEST(TextReport, OutsideGitTheHintsNameNoGit) {
  const std::string text = Text({SampleFinding()}, {.staged = false});
  EXPECT_EQ(text.find("git "), std::string::npos) << text;
  EXPECT_NE(text.find("1. Take the value out of the file; let the program read it"), std::string::npos) << text;
}

// No file of an archive: a name may have the sign, too.
TEST(TextReport, AFileIsLeftOutUnderItsWholeName) {
  Finding finding = SampleFinding();
  finding.path = "wow!.json";
  EXPECT_THAT(Text({finding}, {}), HasSubstr("       exclude = [\"/wow!.json\"]\n"));
}

// "git add :/f0 :/f1 :/f2 …" was no command.
TEST(TextReport, CommandsForManyFilesAreWhole) {
  std::vector<Finding> findings(20, SampleFinding());
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].path = "f" + std::to_string(i);
  const std::string names = " :/f0 :/f1 :/f2 :/f3 :/f4 :/f5 :/f6 :/f7 :/f8 :/f9 :/f10 :/f11 :/f12";
  const std::string text = Text(findings, {});
  EXPECT_THAT(text, HasSubstr("       git add" + names));
  EXPECT_THAT(text, HasSubstr(" :/f19\n     or leave the files out of this commit"));
  EXPECT_THAT(text, HasSubstr("       git reset -q --" + names));
  EXPECT_THAT(text, Not(HasSubstr("…")));
  // Of very many, none is named, and what else the command does is said.
  findings.push_back(SampleFinding());
  const std::string more = Text(findings, {});
  EXPECT_THAT(more, HasSubstr("with whatever else has changed in files that git knows:\n       git add -u :/\n"));
  EXPECT_THAT(more, HasSubstr("       git reset -q\n"));
  EXPECT_THAT(more, Not(HasSubstr("…")));
}

TEST(TextReport, ALongListOfExcludesSaysWhatIsMissing) {
  std::vector<Finding> findings(23, SampleFinding());
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].path = "f" + std::to_string(i) + ".json";
  EXPECT_THAT(Text(findings, {}), HasSubstr("\"/f19.json\"]  # and 3 more files\n"));
}

// With a masked name, a command would name no file, or others.
TEST(TextReport, NoCommandHoldsAMaskedName) {
  Report report;
  report.findings = {SampleFinding(), SampleFinding()};
  report.findings[1].path = "password=********.txt";
  report.findings[1].path_is_masked = true;
  const std::string both = Render(report, Format::kText, {});
  EXPECT_THAT(both, HasSubstr("stage it again:\n       git add :/src/deploy.sh\n"
                              "     and so each file whose name holds a value, which is not shown here\n"));
  EXPECT_THAT(both, HasSubstr("git reset -q\n"));
  report.findings.erase(report.findings.begin());
  const std::string alone = Render(report, Format::kText, {});
  EXPECT_THAT(alone, HasSubstr("stage it again\n     or unstage everything"));
  EXPECT_THAT(alone, Not(HasSubstr("git add")));
  EXPECT_THAT(alone, HasSubstr("git reset -q\n"));
}

TEST(TextReport, NeverAdvertisesTheWayAroundTheCheck) {
  EXPECT_EQ(Text({SampleFinding()}, {}).find("no-verify"), std::string::npos);
}

TEST(TextReport, WarningsAloneNeedNoNextSteps) {
  EXPECT_EQ(Text({Warning(SampleFinding())}, {}), R"(src/deploy.sh:14:6: warning: AWS access key id [aws-access-key-id]
   14 | key="AKIA************MNOP"
      |      ^~~~~~~~~~~~~~~~~~~~
)");
}

TEST(TextReport, IncompleteSaysWhyItStops) {
  Report report;
  report.skipped = {{"a.bin", "object missing: 12ab", true}};
  EXPECT_EQ(Render(report, Format::kText, {}), R"(a.bin: not scanned: object missing: 12ab

What was not scanned is not known to be clean, so this stops here. What to do:
  - Remove the cause named above, then try again.
  - Where a file need not be scanned, leave it out in .sluice.toml (first line: format = 1), and stage that; nothing in it is looked at then:
       exclude = ["/a.bin"]
)");
}

// "Remove the cause" was all it said.
TEST(TextReport, IncompleteSaysWhatToDoForEachReason) {
  Report report;
  report.skipped = {
      {.path = "a.zip!b", .reason = "archive: more than 100000 members", .incomplete = true, .archive = "a.zip"},
      {.path = "a.zip!c", .reason = "archive: more than 3 archives deep", .incomplete = true, .archive = "a.zip"},
      {.path = "b.gz!b", .reason = "archive: truncated", .incomplete = true, .archive = "b.gz"},
      {.path = "locked", .reason = "Permission denied", .incomplete = true},
      {.path = "conflict", .reason = "unmerged: resolve the conflict first", .incomplete = true},
      {.path = "sub", .reason = "submodule"}};
  EXPECT_THAT(Render(report, Format::kText, {.staged = false}), HasSubstr(R"(What to do:
  - An archive is over a limit: unpack it, and scan what comes out.
  - An archive cannot be read (damaged, cut off, with a password): unpack it, and scan what comes out.
  - A file may not be read by you: change its permissions (chmod u+r FILE), then try again.
  - Resolve the conflict, stage the file, and try again.
  - Where a file need not be scanned, leave it out in .sluice.toml (first line: format = 1); nothing in it is looked at then:
       exclude = ["/a.zip", "/b.gz", "/locked"]
)"));
}

TEST(TextReport, CaretStandsUnderTheSecret) {
  Finding finding = SampleFinding();
  finding.context = "\tn\xC3\xA9\xE6\x97\xA5 = \xFF\x01 AK**\xC3\xA9*";  // Tab, é, a wide 日, a bad and a control byte.
  finding.context_column = 13;
  finding.context_length = 7;
  finding.note = "";
  EXPECT_EQ(Text({finding}),
            "src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]\n"
            "   14 | \tn\xC3\xA9\xE6\x97\xA5 = \\xFF\\x01 AK**\xC3\xA9*\n"
            "      | \t                ^~~~~~\n");
}

TEST(TextReport, AContextThatDoesNotFitIsShownWithoutCaret) {
  for (const auto& [column, length] : {std::pair<std::size_t, std::size_t>{26, 1}, {1000, 5}, {5, 0}}) {
    Finding finding = SampleFinding();
    finding.context_column = column;
    finding.context_length = length;
    EXPECT_EQ(Text({finding}),
              "src/deploy.sh:14:6: error: AWS access key id [aws-access-key-id]\n"
              "   14 | key=\"AKIA************MNOP\"\n");
  }
  Finding overlong = SampleFinding();
  overlong.context_length = ~std::size_t{0};
  EXPECT_NE(Text({overlong}).find("      |      ^~~~~~~~~~~~~~~~~~~~~\n"), std::string::npos);
}

TEST(TextReport, WithoutContextThePreviewIsShown) {
  Finding finding = SampleFinding();
  finding.context.clear();
  finding.line = 0;
  EXPECT_EQ(Text({finding}),
            "src/deploy.sh: error: AWS access key id [aws-access-key-id]\n"
            "      = AKIA************MNOP\n");
}

TEST(TextReport, SecretsOnlyWhenAskedAndNeverRaw) {
  Finding finding = SampleFinding();
  finding.secret = "AKIA" + std::string("QWERTYUIOP") + "\x1b[2J\nMNOP";
  EXPECT_EQ(Text({finding}).find("QWERTY"), std::string::npos);
  const std::string text = Text({finding}, {.show_secrets = true, .hints = false});
  EXPECT_NE(text.find("      = secret: AKIAQWERTYUIOP\\x1B[2J\\x0AMNOP\n"), std::string::npos) << text;
}

TEST(TextReport, ColoursOnlyWhenAsked) {
  EXPECT_EQ(Text({SampleFinding()}, {.color = true, .hints = false}),
            "\x1b[1msrc/deploy.sh:14:6:\x1b[0m \x1b[1;31merror:\x1b[0m AWS access key id [aws-access-key-id]\n"
            "   14 | key=\"AKIA************MNOP\"\n"
            "      | \x1b[1;31m     ^~~~~~~~~~~~~~~~~~~~\x1b[0m\n");
}

TEST(TextReport, HostileTextsNeverReachTheTerminalRaw) {
  const std::string text = Render(HostileReport(), Format::kText, {.show_secrets = true});
  EXPECT_TRUE(HarmlessOnTerminal(text)) << text;
  // No line that a newline in a name or message would have forged.
  EXPECT_EQ(text.find("\nb.c:1:1"), std::string::npos) << text;
  EXPECT_EQ(text.rfind(std::string(kHostileShown) + ":14:6: error: ", 0), 0U) << text;
}

}  // namespace
}  // namespace sluice
