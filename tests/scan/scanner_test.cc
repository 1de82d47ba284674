#include "sluice/scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using tests::FakeAwsKey;
using tests::FakeGithubToken;
using tests::FakePrivateKey;

Scanner DefaultScanner(Scanner::Options options = {}) {
  const Database* const databases[] = {&Database::Default()};
  return *Scanner::Create(databases, options);
}

std::vector<std::string> Ids(const ScanResult& result) {
  std::vector<std::string> ids;
  for (const Finding& finding : result.findings) ids.push_back(finding.rule_id);
  return ids;
}

// Where the findings are, for comparing two ways of scanning the same.
std::vector<std::string> Places(const ScanResult& result) {
  std::vector<std::string> places;
  for (const Finding& f : result.findings) {
    places.push_back(f.rule_id + " " + std::to_string(f.line) + ":" + std::to_string(f.column) + "-" +
                     std::to_string(f.end_line) + ":" + std::to_string(f.end_column) + " @" + std::to_string(f.offset) +
                     "-" + std::to_string(f.end_offset) + " " + f.fingerprint + " " + f.context);
  }
  return places;
}

ScanResult ScanInPieces(Scanner* scanner, const std::string& text, std::size_t piece_bytes) {
  scanner->Begin("a.txt");
  for (std::size_t at = 0; at < text.size(); at += piece_bytes)
    scanner->Append(std::string_view(text).substr(at, piece_bytes));
  return scanner->Finish();
}

std::string Utf16(const std::string& ascii, bool big_endian, bool bom) {
  std::string bytes;
  if (bom) bytes = big_endian ? "\xfe\xff" : "\xff\xfe";
  for (const char c : ascii) {
    if (big_endian) bytes += '\0';
    bytes += c;
    if (!big_endian) bytes += '\0';
  }
  return bytes;
}

std::string Utf32(const std::string& ascii, bool big_endian, bool bom) {
  std::string bytes;
  if (bom) bytes = big_endian ? std::string("\0\0\xfe\xff", 4) : std::string("\xff\xfe\0\0", 4);
  for (const char c : ascii) {
    bytes += big_endian ? std::string(3, '\0') + c : c + std::string(3, '\0');
  }
  return bytes;
}

TEST(Scanner, GivesTheExactPlace) {
  Scanner scanner = DefaultScanner();
  const ScanResult result = scanner.Scan("a\n\tkey = \"" + FakeAwsKey() + "\"\n", "src/a.py");
  ASSERT_EQ(result.findings.size(), 1U);
  const Finding& finding = result.findings[0];
  EXPECT_EQ(finding.rule_id, "aws-access-key-id");
  EXPECT_EQ(finding.path, "src/a.py");
  EXPECT_EQ(finding.line, 2U);
  EXPECT_EQ(finding.column, 9U);
  EXPECT_EQ(finding.end_line, 2U);
  EXPECT_EQ(finding.end_column, 29U);
  EXPECT_EQ(finding.context, "\tkey = \"AKIA********2SWX\"");
  EXPECT_EQ(finding.context_column, 8U);
  EXPECT_TRUE(finding.blocks);
  EXPECT_TRUE(finding.secret.empty());
}

// Whoever reads it took the piece for the whole line.
TEST(Scanner, SaysWhereAContextIsCut) {
  Scanner scanner = DefaultScanner();
  const std::string shown = "key='AKIA********2SWX'";
  const auto context = [&](const std::string& before, const std::string& behind) {
    const Finding finding = scanner.Scan(before + "key='" + FakeAwsKey() + "'" + behind, "a").findings.at(0);
    EXPECT_EQ(finding.context.substr(finding.context_column, finding.context_length), "AKIA********2SWX");
    return finding.context;
  };
  const std::string wide75 = std::string("\t") + "\xe6\x97\xa5\xe6\x9c\xac " + std::string(67, '.');
  EXPECT_EQ(context(wide75, ""), wide75 + shown);
  EXPECT_EQ(context("." + wide75, ""), "…" + wide75 + shown);
  EXPECT_EQ(context("\n" + wide75, std::string(39, '.')), wide75 + shown + std::string(39, '.'));
  EXPECT_EQ(context("", std::string(40, '.')), shown + std::string(39, '.') + "…");
  EXPECT_EQ(context("", std::string(39, '.') + "\r\n"), shown + std::string(39, '.'));
  // Not through a character.
  for (const std::size_t more : {0, 1, 2, 3}) {
    const std::string mark = "\xf0\x9f\x94\x91";
    EXPECT_EQ(context("....." + mark + std::string(71 + more, '.'), ""),
              "…" + std::string(more == 0 ? mark : "") + std::string(71 + more, '.') + shown);
    EXPECT_EQ(context("", std::string(36 + more, '.') + mark + "...."), shown + std::string(36 + more, '.') + "…");
  }
}

TEST(Scanner, CountsColumnsInBytesAndUtf16) {
  Scanner scanner = DefaultScanner();
  const ScanResult result = scanner.Scan("\xc3\xa9\xf0\x9f\x98\x80 " + FakeAwsKey(), "a");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].column, 8U);        // 2 + 4 + 1 bytes before.
  EXPECT_EQ(result.findings[0].utf16_column, 5U);  // 1 + 2 + 1 units before.
}

TEST(Scanner, CountsCrLfAsOneBreakAndLoneCrAsNone) {
  Scanner scanner = DefaultScanner();
  const ScanResult result = scanner.Scan("a\r\nb\r\n" + FakeAwsKey() + "\rx\n" + FakeGithubToken(), "a");
  ASSERT_EQ(result.findings.size(), 2U);
  EXPECT_EQ(result.findings[0].line, 3U);
  EXPECT_EQ(result.findings[0].column, 1U);
  EXPECT_EQ(result.findings[1].line, 4U);
}

TEST(Scanner, FindsSeveralOnOneLineAndNextToEachOther) {
  Scanner scanner = DefaultScanner();
  EXPECT_THAT(Ids(scanner.Scan(FakeAwsKey() + " " + FakeAwsKey() + "," + FakeGithubToken(), "a")),
              ::testing::ElementsAre("aws-access-key-id", "aws-access-key-id", "github-classic-pat"));
  EXPECT_EQ(scanner.Scan(FakePrivateKey() + "\n" + FakePrivateKey() + "\n", "key").findings.size(), 2U);
}

TEST(Scanner, MasksEverySecretInEveryContext) {
  Scanner scanner = DefaultScanner();
  const std::string line = "a=" + FakeAwsKey() + " b=" + FakeGithubToken();
  for (const Finding& finding : scanner.Scan(line + "\n" + line, "a").findings) {
    for (const std::string& text : {finding.context, finding.preview, finding.message, finding.note}) {
      EXPECT_EQ(text.find(FakeAwsKey()), std::string::npos) << text;
      EXPECT_EQ(text.find(FakeGithubToken()), std::string::npos) << text;
      EXPECT_EQ(text.find(FakeGithubToken().substr(8, 20)), std::string::npos) << text;
    }
  }
}

// The other half of a pair that no rule knows must not be shown either.
TEST(Scanner, MasksUnknownTokensBesideAFinding) {
  Scanner scanner = DefaultScanner();
  const std::string other = "zX9kQ2mT7vR4wL8pN3bH6jD1";
  const ScanResult result = scanner.Scan("x(" + FakeAwsKey() + ", " + other + ")", "a");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].context.find(other), std::string::npos) << result.findings[0].context;
}

TEST(Scanner, ReadsEveryEncoding) {
  Scanner scanner = DefaultScanner();
  const std::string text = "first line\r\nkey = \"" + FakeAwsKey() + "\"\r\nlast line of the file\r\n";
  const std::string encoded[] = {
      text,
      "\xef\xbb\xbf" + text,
      Utf16(text, false, true),
      Utf16(text, true, true),
      Utf16(text, false, false),
      Utf16(text, true, false),
      Utf32(text, false, true),
      Utf32(text, true, true),
      Utf32(text, false, false),
      Utf32(text, true, false),
  };
  for (std::size_t i = 0; i < std::size(encoded); ++i) {
    const ScanResult result = scanner.Scan(encoded[i], "a.txt");
    ASSERT_EQ(result.findings.size(), 1U) << "encoding " << i;
    EXPECT_EQ(result.findings[0].line, 2U) << "encoding " << i;
    EXPECT_EQ(result.findings[0].column, 8U) << "encoding " << i;
    EXPECT_EQ(Places(ScanInPieces(&scanner, encoded[i], 7)), Places(result)) << "encoding " << i;
  }
}

TEST(Scanner, FindsBesideBytesThatAreNoText) {
  Scanner scanner = DefaultScanner();
  for (const std::string& around : {std::string("\0\0", 2), std::string("\xff\xfe\xfd"), std::string("\xe9\xe8"),
                                    std::string("\xb0\xa1\xb0\xa2")}) {
    EXPECT_EQ(scanner.Scan("line\n" + around + FakeAwsKey() + around + "\n", "a").findings.size(), 1U);
  }
  const std::string late_nul =
      std::string(7000, 'a') + std::string(1, '\0') + std::string(3000, 'b') + "\n" + FakeAwsKey();
  EXPECT_EQ(scanner.Scan(late_nul, "a").findings.size(), 1U);
}

// As rows of a database and strings of a pickle lie.
TEST(Scanner, FindsBetweenTextsThatTouchItInBinaryFiles) {
  Scanner scanner = DefaultScanner();
  const std::string rows = "\x04\x17\x35" + std::string("alice") + FakeGithubToken() + "2024-01-01" + "bob" +
                           FakeAwsKey() + "2024-01-02carol" + FakeGithubToken() + "z";
  const std::string binary = std::string(3, '\0') + rows;
  const ScanResult result = scanner.Scan(binary, "a.db");
  EXPECT_THAT(Ids(result), testing::ElementsAre("github-classic-pat", "aws-access-key-id", "github-classic-pat"));
  for (const Finding& finding : result.findings) {
    const std::string value = binary.substr(finding.offset, finding.end_offset - finding.offset);
    EXPECT_THAT(value, testing::AnyOf(FakeGithubToken(), FakeAwsKey()));
  }
  Scanner::Options without_hyperscan;
  without_hyperscan.engine = Scanner::Engine::kRe2;
  EXPECT_EQ(Ids(DefaultScanner(without_hyperscan).Scan(binary, "a.db")), Ids(result));
  // What a compiler makes of long names holds any prefix.
  for (const std::string& name :
       {"_ZNSt6vectorIiE44push" + FakeGithubToken() + "EEvT_", "_ZN9alloc" + FakeGithubToken() + "EEvT_",
        "_RNvC5crate44push" + FakeGithubToken() + "_",
        std::string("_ZN4name3sumIZ5beginEcld") + "tfp_" +
            "3endEscNS0_10assignableIDTplfp0_decldtfp_5beginEEE4typeEfp0"}) {
    EXPECT_THAT(scanner.Scan(std::string(3, '\0') + name + '\0', "a.o").findings, testing::IsEmpty());
  }
  // What only begins like one hides nothing.
  for (const std::string name : {"_Zone", "user_Z4", "_REFRESH", "_ZN4name", "_Z99999999999999999999a", "_Z2024"}) {
    EXPECT_EQ(scanner.Scan(std::string(3, '\0') + name + FakeGithubToken(), "a.db").findings.size(), 1U) << name;
  }
  // In text a letter beside it makes it another word.
  EXPECT_THAT(scanner.Scan(rows.substr(2), "a.txt").findings, testing::IsEmpty());
}

// A rule that has a prefilter, since its letters alone are too common, has a literal all the same.
TEST(Scanner, FindsBetweenTextsWhatAPrefilterAnnounces) {
  Scanner scanner = DefaultScanner();
  std::mt19937 random(7);
  std::string hex;
  for (int i = 0; i < 40; ++i) hex += "0123456789abcdef"[random() % 16];
  const std::string token = "sbp" + ("_" + hex);
  EXPECT_THAT(Ids(scanner.Scan(std::string(3, '\0') + "alice" + token + "2024", "a.db")),
              testing::ElementsAre("supabase-management-token"));
}

// Messages have no zeros, and pickles of protocol 0 are text.
TEST(Scanner, FindsBetweenTextsThatTouchItWithoutZeros) {
  Scanner scanner = DefaultScanner();
  for (const std::string& bytes : {"\x12\x05" + std::string("alice") + "R" + FakeGithubToken() + "Z\x04name",
                                   "(dp0\nVuser\np1\nVbob\np2\nsVtoken\np3\nV" + FakeGithubToken() + "\np4\ns."}) {
    EXPECT_THAT(Ids(scanner.Scan(bytes, "a")), testing::ElementsAre("github-classic-pat")) << bytes;
    EXPECT_THAT(Ids(ScanInPieces(&scanner, bytes, 5)), testing::ElementsAre("github-classic-pat")) << bytes;
  }
  // A page's end and a terminal's colours stand in text, and so does a pickle's first letter.
  for (const char* text : {"\f", "\x1b[31m", "Vs", "V"}) {
    EXPECT_THAT(scanner.Scan(text + ("x" + FakeGithubToken()) + "y\n", "a").findings, testing::IsEmpty()) << text;
  }
}

// Of Windows programs and registries: wide texts that touch each other.
TEST(Scanner, FindsBetweenWideTextsThatTouchIt) {
  Scanner scanner = DefaultScanner();
  const std::string wide = Utf16("alice" + FakeGithubToken() + "bob", false, false);
  const std::string bytes =
      "\x7f"
      "ELF\1\2\3 some narrow text in front, more than there is of the other " +
      std::string(300, '\xff') + wide + std::string(8, '\xff');
  EXPECT_THAT(Ids(scanner.Scan(bytes, "a")), testing::ElementsAre("github-classic-pat"));
  EXPECT_THAT(Ids(ScanInPieces(&scanner, bytes, 100)), testing::ElementsAre("github-classic-pat"));
  // In a text in UTF-16 a letter beside it makes it another word, as in any.
  EXPECT_THAT(scanner.Scan(Utf16("alice" + FakeGithubToken() + "bob", false, true), "a").findings, testing::IsEmpty());
}

TEST(Scanner, ExplainsWhatTouchesOthersInBinaryFiles) {
  Scanner scanner = DefaultScanner();
  const auto explanations = scanner.Explain(std::string(3, '\0') + "alice" + FakeGithubToken() + "bob", "a");
  const auto is_kept = [](const Scanner::Explanation& each) {
    return each.kept && each.rule_id == "github-classic-pat";
  };
  EXPECT_EQ(std::count_if(explanations.begin(), explanations.end(), is_kept), 1);
}

TEST(Scanner, FindsAtBothEnds) {
  Scanner scanner = DefaultScanner();
  EXPECT_EQ(scanner.Scan(FakeAwsKey(), "a").findings.size(), 1U);
  EXPECT_EQ(scanner.Scan("x\n" + FakePrivateKey(), "a").findings.size(), 1U);
  EXPECT_EQ(scanner.Scan("", "a").findings.size(), 0U);
}

// Around the boundaries of the windows, and over sizes next to powers of two: nothing is lost, nothing found twice.
TEST(Scanner, FindsTheSameInPiecesAsInOne) {
  Scanner scanner = DefaultScanner();
  constexpr std::size_t kWindow = (1U << 20U) + (192U << 10U);
  const std::string key = " " + FakeAwsKey() + "\n";
  const std::string pem = "\n" + FakePrivateKey() + "\n";
  for (const std::size_t boundary : {std::size_t{4096}, std::size_t{65536}, std::size_t{1U << 20U},
                                     kWindow - (128U << 10U), kWindow, kWindow + (1U << 20U)}) {
    for (const std::size_t back : {std::size_t{0}, std::size_t{1}, std::size_t{10}, std::size_t{21}, std::size_t{22},
                                   std::size_t{100}, std::size_t{250}}) {
      std::string text(boundary + 3000, '.');
      for (std::size_t i = 70; i < text.size(); i += 71) text[i] = '\n';
      const std::string& planted = back > 50 ? pem : key;
      text.replace(boundary - back, planted.size(), planted);
      const ScanResult whole = scanner.Scan(text, "a.txt");
      ASSERT_EQ(whole.findings.size(), 1U) << boundary << " - " << back;
      EXPECT_EQ(Places(ScanInPieces(&scanner, text, 65536)), Places(whole)) << boundary << " - " << back;
    }
  }
}

TEST(Scanner, TakesALineOfTenMegabytes) {
  Scanner scanner = DefaultScanner();
  std::string text(10U << 20U, 'x');
  for (std::size_t i = 5; i < text.size(); i += 9) text[i] = ' ';
  text.replace(text.size() - 100, 22, " " + FakeAwsKey() + " ");
  const ScanResult whole = scanner.Scan(text, "min.js");
  ASSERT_EQ(whole.findings.size(), 1U);
  EXPECT_EQ(whole.findings[0].line, 1U);
  EXPECT_EQ(whole.findings[0].column, text.size() - 98);
  EXPECT_LT(whole.findings[0].context.size(), 400U);
  EXPECT_EQ(Ids(ScanInPieces(&scanner, text, 100000)), Ids(whole));
}

TEST(Scanner, SuppressedFindingsStayInTheResult) {
  Scanner scanner = DefaultScanner();
  const ScanResult result =
      scanner.Scan("k = '" + FakeAwsKey() + "'  # sluice:allow aws-access-key-id a test of ours\n", "a.py");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_EQ(result.findings[0].status, FindingStatus::kSuppressed);
  EXPECT_EQ(result.findings[0].suppression.reason, "a test of ours");
  const ScanResult other = scanner.Scan("k = '" + FakeAwsKey() + "'  # sluice:allow jwt wrong rule\n", "a.py");
  ASSERT_EQ(other.findings.size(), 1U);
  EXPECT_EQ(other.findings[0].status, FindingStatus::kNew);
}

TEST(Scanner, TheReasonOfASuppressionHoldsNoSecret) {
  Scanner scanner = DefaultScanner();
  const std::string token = FakeGithubToken();
  for (const std::string& line : {"{\"//\": \"sluice:allow github-classic-pat fixture\", \"token\": \"" + token + "\"}",
                                  "t=" + token + " # sluice:allow github-classic-pat was " + token + " before",
                                  "t=" + token + " # sluice:allow github-classic-pat and " + FakeAwsKey()}) {
    const ScanResult result = scanner.Scan(line, "a");
    ASSERT_FALSE(result.findings.empty());
    EXPECT_EQ(result.findings[0].status, FindingStatus::kSuppressed);
    for (const Finding& finding : result.findings) {
      EXPECT_EQ(finding.suppression.reason.find(token), std::string::npos) << finding.suppression.reason;
      EXPECT_EQ(finding.suppression.reason.find(FakeAwsKey()), std::string::npos) << finding.suppression.reason;
    }
  }
}

TEST(Scanner, TheSpecificRuleNamesAndTheSurestDecides) {
  const std::string toml = R"TOML(
format = 1
pack = "acme"
[[credential]]
id = "acme-key"
provider = "Acme"
kind = "key"
about = "sells anvils"
near = ["acme"]
shape = "{base62:24}"
severity = "high"
confidence = "low"
revoke = "r"
reference = "https://acme.example"
[[rule]]
id = "any-key"
description = "d"
remediation = "r"
regex = 'key = "([0-9A-Za-z]{20,40})"'
group = 1
fallback = true
confidence = "medium"
)TOML";
  const RuleFile file = {"acme.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  const ScanResult result =
      scanner.Scan("acme_key = \"q8Zr1Lw7Xc2Vb9Nm4Kj6Hg3F\"\nkey = \"Pw3Zr1Lw7Xc2Vb9Nm4Kj6H\"\n", "a");
  ASSERT_THAT(Ids(result), ::testing::ElementsAre("acme-key", "any-key"));
  EXPECT_EQ(result.findings[0].confidence, Confidence::kMedium);
  EXPECT_TRUE(result.findings[0].blocks);
}

// Keys that are made for tests warn there; the same key elsewhere blocks.
TEST(Scanner, WhatIsOftenMadeForTestsOnlyWarnsThere) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'OWN[0-9]{8}'\nfixtures = true\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  for (const char* path : {"src/key.pem", "contest/key.pem", "latest.pem"}) {
    EXPECT_TRUE(scanner.Scan("OWN46820173", path).findings.at(0).blocks) << path;
  }
  for (const char* path : {"tests/key.pem", "a/testdata/b/key.pem", "src/tls_test.go", "docs/tls.md"}) {
    const ScanResult result = scanner.Scan("OWN46820173", path);
    EXPECT_EQ(result.findings.at(0).confidence, Confidence::kLow) << path;
    EXPECT_FALSE(result.findings.at(0).blocks) << path;
  }
}

// Windows and macOS do not tell the case of a name, and people write it as they like.
TEST(Scanner, ARulesPathsAreForNamesOfAnyCase) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'OWN[0-9]{8}'\npaths = [\"*.env\", \"Dockerfile*\", \"deploy/[a-m]*.PEM\"]\n"
      "exclude_paths = [\"**/Lang/**\"]\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  for (const char* path : {"prod.env", "PROD.ENV", ".Env", "a/dockerfile", "DOCKERFILE.prod", "Deploy/Key.pem"}) {
    EXPECT_EQ(scanner.Scan("OWN46820173", path).findings.size(), 1U) << path;
  }
  for (const char* path : {"env", "deploy/Xkey.pem", "lang/prod.env", "a/LANG/b/.env"}) {
    EXPECT_TRUE(scanner.Scan("OWN46820173", path).findings.empty()) << path;
  }
  Scanner defaults = DefaultScanner();
  const std::string password = "DB_PASSWORD=" + std::string("tY7#kq") + "2Lw!9zRb\n";
  for (const char* path : {".env", ".ENV", "prod.ENV", "SETTINGS.INI", "dockerfile", "MAKEFILE"}) {
    EXPECT_EQ(defaults.Scan(password, path).findings.size(), 1U) << path;
  }
}

// Whatever looks for its places. A value within the limit may begin inside of one that is not.
TEST(Scanner, DropsWhatIsLongerThanItsRuleSays) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'OWN-[0-9A-Z-]{8,}'\nmax_length = 24\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  const std::string inside = "OWN-9X4K";
  for (const Scanner::Engine engine : {Scanner::Engine::kAuto, Scanner::Engine::kRe2}) {
    Scanner::Options options;
    options.engine = engine;
    Scanner scanner = *Scanner::Create(databases, options);
    EXPECT_EQ(scanner.Scan("k = 'OWN-46820173Q'\n", "a").findings.size(), 1U);
    EXPECT_TRUE(scanner.Scan("k = 'OWN-" + std::string(21, '7') + "'\n", "a").findings.empty());
    const std::string longer = "k = '" + inside + "-OWN-46820173-Q5590XW21'\n";
    const ScanResult result = scanner.Scan(longer, "a");
    ASSERT_EQ(result.findings.size(), 1U);
    EXPECT_EQ(result.findings[0].offset, 5 + inside.size() + 1);
    EXPECT_EQ(scanner.Explain(longer, "a").front().outcome, "it is longer than the rule's 24 bytes");
  }
}

TEST(Scanner, ShowsALineWithoutItsEnd) {
  const Database* const databases[] = {&Database::Default()};
  Scanner scanner = *Scanner::Create(databases, {});
  const ScanResult result = scanner.Scan("key = \"" + tests::FakeAwsKey() + "\"\r\nnext\r\n", "a");
  ASSERT_EQ(result.findings.size(), 1U);
  EXPECT_THAT(result.findings[0].context, ::testing::EndsWith("********" + tests::FakeAwsKey().substr(16) + "\""));
}

TEST(Scanner, StrongPasswordsAreSurerOrAllThatCounts) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"surer\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'surer (\\S{6,20})'\ngroup = 1\nconfidence = \"low\"\nstrong = \"surer\"\n[[rule]]\nid = "
      "\"required\"\ndescription = \"d\"\nremediation = \"r\"\nregex = 'required (\\S{6,20})'\ngroup = 1\n"
      "strong = \"required\"\n";
  const RuleFile file = {"own.toml", toml};
  const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1});
  ASSERT_TRUE(rules) << rules.error().front().ToString();
  const Result<Database> database = Database::Compile(*rules);
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  const ScanResult strong = scanner.Scan("surer Zx4!kT5Dbq\nrequired Zx4!kT5Dbq\n", "a");
  ASSERT_THAT(Ids(strong), ::testing::ElementsAre("surer", "required"));
  EXPECT_EQ(strong.findings[0].confidence, Confidence::kMedium);
  EXPECT_EQ(strong.findings[1].confidence, Confidence::kHigh);
  const ScanResult weak = scanner.Scan("surer kite-harbour\nrequired kite-harbour\n", "a");
  ASSERT_THAT(Ids(weak), ::testing::ElementsAre("surer"));
  EXPECT_EQ(weak.findings[0].confidence, Confidence::kLow);
}

TEST(Scanner, PartsOfOneCredentialAreSurerTogether) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-id\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'OWN[0-9]{8}'\nconfidence = \"high\"\n[[rule]]\nid = \"own-secret\"\ndescription = \"d\"\n"
      "remediation = \"r\"\nregex = 'own-secret ([0-9a-f]{8})'\ngroup = 1\nconfidence = \"low\"\npairs = "
      "[\"own-id\"]\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  const std::string secret = "own-secret 1a2b3c4d\n";
  EXPECT_EQ(scanner.Scan(secret, "a").findings.at(0).confidence, Confidence::kLow);
  const std::string lines(11, '\n');
  for (const std::string& text : {"OWN46820173\n" + lines + secret, secret + lines + "OWN46820173\n"}) {
    for (const Finding& finding : scanner.Scan(text, "a").findings) {
      if (finding.rule_id != "own-secret") continue;
      EXPECT_EQ(finding.confidence, Confidence::kHigh);
      EXPECT_TRUE(finding.blocks);
      ASSERT_EQ(finding.parts.size(), 1U);
      EXPECT_THAT(finding.note,
                  ::testing::HasSubstr("its other part is on line " + std::to_string(finding.parts[0].first)));
    }
  }
  EXPECT_EQ(scanner.Scan("OWN46820173\n\n" + lines + secret, "a").findings.at(1).confidence, Confidence::kLow);
}

// What a placeholder takes up must not hide the value behind or inside of it.
TEST(Scanner, ADecoyHidesNothing) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n"
      "regex = 'own=([0-9A-Za-z=]{8,60})(?:[^0-9A-Za-z=]|$)'\ngroup = 1\n";
  const RuleFile file = {"own.toml", toml};
  const Result<Database> database = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&*database};
  Scanner scanner = *Scanner::Create(databases, {});
  const std::string value = "q8Zr1Lw7Xc2V";
  for (const std::string& text : {"own=xxxxxxxxxxxx own=" + value + "\n", "own=xxxxxxxxxxxxxxxxown=" + value + "\n"}) {
    const ScanResult result = scanner.Scan(text, "a");
    ASSERT_EQ(result.findings.size(), 1U) << text;
    EXPECT_EQ(text.substr(result.findings[0].offset, result.findings[0].end_offset - result.findings[0].offset), value);
  }
  // Bounded: a text of nothing else.
  std::string decoys;
  while (decoys.size() < 200000) decoys += "own=xxxxxxxxxxxx";
  EXPECT_TRUE(scanner.Scan(decoys, "a").findings.empty());
}

TEST(Scanner, OneValueInOnePlaceIsOneFinding) {
  Scanner scanner = DefaultScanner();
  EXPECT_THAT(Ids(scanner.Scan("token = \"" + FakeGithubToken() + "\"", "a.py")),
              ::testing::ElementsAre("github-classic-pat"));
}

TEST(Scanner, FingerprintFollowsRulePathAndValue) {
  Scanner scanner = DefaultScanner();
  const auto fingerprint = [&](const std::string& text, const char* path) {
    return scanner.Scan(text, path).findings.at(0).fingerprint;
  };
  const std::string base = fingerprint(FakeAwsKey(), "a");
  EXPECT_EQ(fingerprint("\n\n  " + FakeAwsKey() + "\n", "a"), base);
  EXPECT_NE(fingerprint(FakeAwsKey(), "b"), base);
  std::string changed = FakeAwsKey();
  changed[10] = changed[10] == 'Q' ? 'R' : 'Q';
  EXPECT_NE(fingerprint(changed, "a"), base);
}

TEST(Scanner, LaterDatabaseReplacesARuleOfTheSameId) {
  const std::string toml =
      "format = 1\npack = \"own\"\n[[rule]]\nid = \"aws-access-key-id\"\ndescription = \"Ours\"\nremediation = \"r\"\n"
      "regex = 'OWN[0-9]{8}'\n";
  const RuleFile file = {"own.toml", toml};
  const auto own = Database::Compile(*RuleSet::Parse({&file, 1}));
  const Database* const databases[] = {&Database::Default(), &*own};
  Scanner scanner = *Scanner::Create(databases, {});
  EXPECT_TRUE(scanner.Scan(FakeAwsKey(), "a").findings.empty());
  EXPECT_THAT(Ids(scanner.Scan("OWN46820173", "a")), ::testing::ElementsAre("aws-access-key-id"));
}

// Nothing in a configuration says that these make the default rules find less.
TEST(Scanner, ARuleOfAnotherDatabaseThatOnlyWarnsReplacesNoneThatBlocks) {
  const auto with = [](const std::string& keys, const std::string& text) {
    const std::string toml =
        "format = 1\npack = \"own\"\n[[rule]]\nid = \"own-key\"\ndescription = \"d\"\nremediation = \"r\"\n" + keys;
    const RuleFile file = {"own.toml", toml};
    const auto own = Database::Compile(*RuleSet::Parse({&file, 1}));
    const Database* const databases[] = {&Database::Default(), &*own};
    return Scanner::Create(databases, {})->Scan(text, "a");
  };
  const std::string text = "k = " + FakeAwsKey() + "\n";
  // The value, more than it, a part of it.
  for (const char* whole :
       {"regex = 'A[KS]IA[0-9A-Z]{16}'\n", "regex = 'k = A[KS]IA[0-9A-Z]{16}'\n", "regex = 'A[KS]IA[0-9A-Z]{4}'\n"}) {
    for (const char* level : {"severity = \"low\"\n", "confidence = \"low\"\n",
                              "severity = \"low\"\npairs = [\"aws-secret-access-key\"]\n"}) {
      const ScanResult result = with(std::string(whole) + level, text);
      ASSERT_THAT(Ids(result), ::testing::ElementsAre("aws-access-key-id")) << whole << level;
      EXPECT_TRUE(result.findings[0].blocks) << whole << level;
    }
  }
  const std::string regex = "regex = 'k = A[KS]IA[0-9A-Z]{16}'\n";
  // It may name what blocks all the same, but a comment that accepts that is none for the default rule.
  EXPECT_THAT(Ids(with(regex, text)), ::testing::ElementsAre("own-key"));
  const ScanResult accepted = with(regex, "k = " + FakeAwsKey() + "  # sluice:allow own-key no secret\n");
  ASSERT_THAT(Ids(accepted), ::testing::ElementsAre("aws-access-key-id"));
  EXPECT_EQ(accepted.findings[0].status, FindingStatus::kNew);
  // One about a part of the value, which may have been there before the rest.
  EXPECT_THAT(Ids(with("regex = 'A[KS]IA[0-9A-Z]{4}'\nseverity = \"critical\"\n", text)),
              ::testing::ElementsAre("aws-access-key-id"));
  // What is of no default rule is its own.
  EXPECT_THAT(Ids(with("regex = 'OWN[0-9]{8}'\nseverity = \"low\"\n", "OWN46820173")),
              ::testing::ElementsAre("own-key"));
}

TEST(Scanner, DisabledRuleFindsNothing) {
  Scanner::Options options;
  options.disabled = {"aws-access-key-id"};
  EXPECT_TRUE(DefaultScanner(options).Scan(FakeAwsKey(), "a").findings.empty());
}

TEST(Scanner, SaysWhenThereAreMoreFindingsThanItKeeps) {
  Scanner scanner = DefaultScanner();
  std::string text;
  for (int i = 0; i < 3000; ++i) text += FakeAwsKey() + "\n";
  const ScanResult result = scanner.Scan(text, "a");
  EXPECT_EQ(result.findings.size(), Scanner::kMaxFindingsPerFile);
  EXPECT_NE(result.incomplete, "");
}

// All of them were looked for, and then dropped: a zip of 233 kB took half a minute.
// RE2 tells what a group holds by steps through all of an expression: each took milliseconds where that was large.
TEST(Scanner, IsQuickWhereALargeExpressionMatchesOften) {
  std::string manifests;
  std::string settings;
  for (int i = 0; i < 500; ++i) {
    manifests +=
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ntype: Opaque\ndata:\n  username: YWRtaW4=\n"
        "  password: MWYyZDFlMmU2N2Rm\n";
    settings += "secure: \"" + std::string(40, 'a') + std::string(500, 'Q') + std::to_string(i) + "\"\n";
  }
  Scanner scanner = DefaultScanner();
  for (const std::string& text : {manifests, settings}) {
    const std::clock_t start = std::clock();
    (void)scanner.Scan(text, "a.yml");
    EXPECT_LT((std::clock() - start) / CLOCKS_PER_SEC, 4) << text.substr(0, 20);
  }
}

TEST(Scanner, StopsLookingWhenThereAreMoreFindingsThanItKeeps) {
  Scanner scanner = DefaultScanner();
  std::string text;
  while (text.size() < (std::size_t{1} << 20U)) text += FakeAwsKey() + "\n";
  const std::clock_t start = std::clock();
  scanner.Begin("a");
  for (int i = 0; i < 128; ++i) scanner.Append(text);
  const ScanResult result = scanner.Finish();
  EXPECT_EQ(result.findings.size(), Scanner::kMaxFindingsPerFile);
  EXPECT_EQ(result.incomplete, "more than 1000 findings in one file");
  EXPECT_EQ(result.bytes, 128 * text.size());
  EXPECT_LT((std::clock() - start) / CLOCKS_PER_SEC, 10);
  // The same in one piece, and on one line: each column was counted from the beginning of the line.
  std::string line;
  while (line.size() < (std::size_t{8} << 20U)) line += FakeAwsKey() + " ";
  const ScanResult first = scanner.Scan(line.substr(0, 21 * 1500), "a");
  const ScanResult whole = scanner.Scan(line, "a");
  EXPECT_EQ(whole.incomplete, "more than 1000 findings in one file");
  ASSERT_EQ(whole.findings.size(), first.findings.size());
  for (std::size_t i = 0; i < whole.findings.size(); ++i) {
    EXPECT_EQ(whole.findings[i].offset, first.findings[i].offset);
    EXPECT_EQ(whole.findings[i].column, first.findings[i].column);
  }
}

TEST(Scanner, SecretsAreKeptOnlyOnRequest) {
  Scanner::Options options;
  options.keep_secrets = true;
  EXPECT_EQ(DefaultScanner(options).Scan(FakeAwsKey(), "a").findings.at(0).secret, FakeAwsKey());
}

}  // namespace
}  // namespace sluice
