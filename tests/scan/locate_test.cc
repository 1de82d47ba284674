#include "scan/locate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::scan {
namespace {

TEST(Preview, ShowsTheEndsOfALongTokenOnly) {
  EXPECT_EQ(Preview("abcd0123456789wxyz99", true), "abcd********yz99");
  EXPECT_EQ(Preview("abcd0123456789wxyz9", true), "********");
  EXPECT_EQ(Preview("abcd0123456789wxyz99", false), "********");
  EXPECT_EQ(Preview("ab\x1b"
                    "d0123456789wxyz99",
                    true),
            "********");
}

// Whichever way it goes.
TEST(LineCounter, CountsFromThePlaceBefore) {
  const std::string text = "one\n\nt\u00e9n \U0001f511 two\r\nthree\u20ac\u20ac four five\n";
  std::mt19937 random(7);
  LineCounter lines(text);
  for (int i = 0; i < 2000; ++i) {
    const std::size_t at = random() % (text.size() + 1);
    const std::string before = text.substr(0, at);
    ASSERT_EQ(lines.Before(at), static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')));
    ASSERT_EQ(lines.line_begin(), before.rfind('\n') + 1);
    std::size_t units = 0;
    for (const char c : before.substr(lines.line_begin())) {
      const auto byte = static_cast<unsigned char>(c);
      units += byte >= 0xf0 ? 2 : (byte & 0xc0) != 0x80 ? 1 : 0;
    }
    ASSERT_EQ(lines.utf16_units(), units);
  }
}

TEST(LineAround, IsTheLineOfTheValue) {
  const std::string text = "one\ntwo three\nfour";
  const LineSpan line = LineAround(text, 8, 13);
  EXPECT_EQ(text.substr(line.begin, line.end - line.begin), "two three");
}

TEST(LineAround, ReachesOnlySoFar) {
  const std::string text(100000, 'x');
  const LineSpan line = LineAround(text, 50000, 50010);
  EXPECT_EQ(line.begin, 50000 - kLineReach);
  EXPECT_EQ(line.end, 50010 + kLineReach);
}

std::string MaskedLine(const std::string& line) { return Masked(line, 0, line.size(), {}); }

// No rule has found them, but they are not shown beside what one has found.
TEST(Masked, HidesWhatStandsWhereASecretStands) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"curl -d \"user=bob&pass=Winter2024!&x=1\"", "curl -d \"user=bob&pass=********&x=1\""},
      {std::string("postgres://svc:My@Pw99") + "@db.acme.io/x", "postgres://svc:********@db.acme.io/x"},
      {"DB_PASSWORD: 'blue whale, 8'", "DB_PASSWORD: '********'"},
      {"{\"passwd\": \"a\\\"b c\", \"n\": 1}", "{\"passwd\": \"********\", \"n\": 1}"},
      {"--password hunter2 -v", "--password ******** -v"},
      {"curl -u bob:hunter2 x", "curl -u bob:******** x"},
      {"Authorization: Bearer abc", "Authorization: Bearer ********"},
      {"password = ${DB_PASSWORD}", "password = ${DB_PASSWORD}"},
      {"const token = readToken", "const token = ********"},
      {"name = bluewhale8", "name = bluewhale8"},
      {"0d5c9a71e4b8f3260d5c9a71 tail", "******** tail"},
  };
  for (const auto& [line, masked] : cases) EXPECT_EQ(MaskedLine(line), masked);
}

// In text of another encoding it ended at the first byte that is no UTF-8, and the rest was shown.
TEST(Masked, HidesTheRestOfAValueBehindBytesOfNoUtf8) {
  EXPECT_EQ(MaskedLine("password=h\xfcnter2 x"), "password=******** x");
  EXPECT_EQ(MaskedLine("password = \"\xe4 b\xffunter2\" x"), "password = \"********\" x");
}

// The reason of an allow comment is what an audit reads.
TEST(Masked, ShowsWhatFollowsARulesName) {
  const std::string line = "# sluice:allow stripe-secret-key a sample made for docs";
  EXPECT_EQ(MaskedLine(line), line);
  EXPECT_EQ(MaskedLine("run --secret-key a1"), "run --secret-key ********");
  EXPECT_EQ(MaskedLine("stripe-secret-key a1 # sluice:allow"), "stripe-secret-key ******** # sluice:allow");
}

// Names in many languages stand before one, or none.
TEST(Masked, HidesStrongPasswordsWhateverStandsBefore) {
  const std::string secret = std::string("9E1BJi9I") + "h0pg%o";
  for (const char* line : {"pw = \"@\"; x", "connect(\"root\", \"@\", x)", "bob,@",
                           "contrase\xc3\xb1"
                           "a = '@'",
                           "<Value>@</Value>", "zip -P @ a.zip", "the word is @"}) {
    std::string text = line;
    text.replace(text.find('@'), 1, secret);
    EXPECT_EQ(MaskedLine(text).find(secret), std::string::npos) << line;
    EXPECT_EQ(MaskedMessage(text).find(secret), std::string::npos) << line;
  }
  const std::string code = "const camelCase2Name = getElementById(\"mainTable3\").innerHTML2;";
  EXPECT_EQ(MaskedLine(code), code);
}

// The ranges of `name` as "name with [value] marked".
std::string MarkedName(std::string name) {
  std::vector<std::pair<std::size_t, std::size_t>> secrets = SecretsInName(name);
  for (auto secret = secrets.rbegin(); secret != secrets.rend(); ++secret) {
    name.insert(secret->second, "]").insert(secret->first, "[");
  }
  return name;
}

TEST(SecretsInName, AreTheValuesAlone) {
  for (const char* marked : {"password=[hunter2Xq].txt", "export?token=[a1]&format=csv", "passwd:[hunter2Xq]",
                             "My password: [hunter2].md", "db_password_prod=[hunter2!x;y].yaml",
                             "q%3Fsecret%3D[hunter2]", "secretKey=[hunter2&3].json", "password=[Tr0ub4dor&3]",
                             "https:__bob:[hunter2]@host.log", "API-KEY2 = [k3Jx9]", "token=[\xff\xfehunter2].gz"}) {
    std::string name = marked;
    name.erase(name.find('['), 1);
    name.erase(name.find(']'), 1);
    EXPECT_EQ(MarkedName(name), marked);
  }
  for (const char* name :
       {"passwd_1%3a4.13+dfsg1-1.deb", "author=smith", "tokenizer=bert,lr=0.1", "password.txt", "token=${TOKEN}.tpl",
        "2026-03-04T10:11:12Z.log", "foo@2x.png", "libfoo.so:amd64", "secrets", "lib@1.2", "a:b/c@d"}) {
    EXPECT_EQ(MarkedName(name), name);
  }
}

TEST(MaskedText, HidesWhatStandsWhereASecretStands) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"rules/password=hunter2.toml: no such file", "rules/password=********.toml: no such file"},
      {"token=hunter2.toml:7:3: 'regex' is missing", "token=********.toml:7:3: 'regex' is missing"},
      {"no option --api-key='hunter2'; see", "no option --api-key='********'; see"},
      {"fetch https://bob:hunter2@host/x: refused", "fetch https://bob:********@host/x: refused"},
      {"own-token: its secret is not found: the expression", "own-token: its secret is not found: the expression"},
      {"password=********", "password=********"},
  };
  for (const auto& [line, masked] : cases) EXPECT_EQ(MaskedText(line), masked);
}

TEST(MaskedMessage, HidesValuesOnly) {
  const std::string value = "ghx_yXBHMoc5L40zBANMAAcNPMM/v7FQw42kWkIk";
  EXPECT_EQ(MaskedMessage("missing ): (" + value + " at its end"), "missing ): (******** at its end");
  for (const char* message :
       {"own-token: the regex has no bound: use {n,m}", "no such rule file: tools/v2/acme2-rules.toml",
        "unknown key 'excludes'; did you mean 'exclude'?", "…"}) {
    EXPECT_EQ(MaskedMessage(message), message);
  }
}

// What the edge of the shown part cuts off is judged as a whole.
TEST(Masked, HidesHalvesToo) {
  const std::string line = "pass=Winter2024! 0d5c9a71e4b8f3260d5c9a71";
  EXPECT_EQ(Masked(line, 9, line.size(), {}), "******** ********");
  EXPECT_EQ(Masked(line, 0, 24, {}), "pass=******** ********");
  EXPECT_EQ(Masked("a\n" + line, 0, 1, {}), "a");
}

TEST(MaskedText, KeepsPlacesInRuleFiles) {
  EXPECT_EQ(MaskedText("acme-api-key: duplicate id; it is also at acme.toml:4"),
            "acme-api-key: duplicate id; it is also at acme.toml:4");
}

}  // namespace
}  // namespace sluice::scan
