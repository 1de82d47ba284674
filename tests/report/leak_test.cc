// No report holds a secret: every example of every default rule, in every format, in every surrounding that could show
// it once more.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "rules/default_packs.h"
#include "sluice/database.h"
#include "sluice/report.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"
#include "support/git_fixture.h"

namespace sluice {
namespace {

using tests::FakeAwsKey;
using tests::FakeGithubToken;
using tests::FakePrivateKey;

// Shorter ones are words that messages may hold for other reasons.
constexpr std::size_t kMinSecretBytes = 8;

const RuleSet& Rules() {
  static const auto* const kRules = [] {
    const std::vector<RuleFile> packs = DefaultPacks();
    return new RuleSet(*RuleSet::Parse(packs));
  }();
  return *kRules;
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string code;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (std::size_t j = i; j < i + 3; ++j) group = group << 8U | (j < bytes.size() ? bytes[j] & 0xffU : 0);
    for (int shift = 18; shift >= 0; shift -= 6) code += kDigits[group >> static_cast<unsigned>(shift) & 63U];
  }
  for (std::size_t pad = (3 - bytes.size() % 3) % 3, i = 0; i < pad; ++i) code[code.size() - 1 - i] = '=';
  return code;
}

// All strings of a JSON value, as a program reads them: what is escaped in the text is not here.
void AppendStrings(const nlohmann::json& value, std::string* out) {
  if (value.is_string()) *out += value.get<std::string>() + "\n";
  if (value.is_structured()) {
    for (const auto& [key, each] : value.items()) {
      *out += key + "\n";
      AppendStrings(each, out);
    }
  }
}

class Leaks : public ::testing::Test {
 protected:
  Leaks() : scanner_(MakeScanner()) {}

  static Scanner MakeScanner() {
    const Database* const databases[] = {&Database::Default()};
    return *Scanner::Create(databases, {});
  }

  // Everything that any format says of `findings`.
  static std::string Everything(const std::vector<Finding>& findings) {
    Report report;
    report.findings = findings;
    report.files = 1;
    report.bytes = 1;
    report.Sort();
    std::string all;
    for (const bool color : {false, true}) {
      RenderOptions options;
      options.color = color;
      all += Render(report, Format::kText, options);
    }
    for (const Format format : {Format::kJson, Format::kSarif}) {
      const std::string text = Render(report, format, {});
      all += text;
      AppendStrings(nlohmann::json::parse(text), &all);
    }
    return all + SummaryLine(report);
  }

  // The text around the secret, or around a whole line of one of several lines, or "".
  static std::string Leak(const std::string& all, std::string_view secret) {
    while (!secret.empty()) {
      const std::size_t end = std::min(secret.find('\n'), secret.size());
      std::string_view line = secret.substr(0, end);
      // The marks of a key are no secret.
      const bool is_mark = line.find("-----") != std::string_view::npos && line.size() < 80;
      const std::size_t at = line.size() >= kMinSecretBytes && !is_mark ? all.find(line) : std::string::npos;
      if (at != std::string::npos) return all.substr(at - std::min<std::size_t>(at, 80), line.size() + 160);
      secret.remove_prefix(std::min(end + 1, secret.size()));
    }
    return "";
  }

  // Scans `text`; nothing that was found in it, and none of `secrets`, may be in a report. Gives the number of
  // findings.
  std::size_t Check(const std::string& text, const std::string& path, const std::vector<std::string>& secrets,
                    const std::string& what) {
    const std::vector<Finding> findings = scanner_.Scan(text, path).findings;
    if (findings.empty()) return 0;
    const std::string all = Everything(findings);
    for (const Finding& finding : findings) {
      EXPECT_EQ(Leak(all, std::string_view(text).substr(finding.offset, finding.end_offset - finding.offset)), "")
          << what << ": what " << finding.rule_id << " found";
    }
    for (const std::string& secret : secrets) EXPECT_EQ(Leak(all, secret), "") << what;
    return findings.size();
  }

  // Calls `body(rule, example, secrets, path)` for each example that marks a secret.
  template <typename Body>
  static void ForEachExample(Body body) {
    for (const Rule& rule : Rules().rules()) {
      for (const RuleExample& example : rule.examples) {
        std::vector<std::string> secrets;
        for (const auto& [begin, end] : example.secrets) secrets.push_back(example.text.substr(begin, end - begin));
        const std::string where = rule.id + ", example at line " + std::to_string(example.line);
        body(example.text, secrets, example.path.empty() ? "example" : example.path, where);
        if (HasFailure()) return;
      }
    }
  }

  Scanner scanner_;
};

TEST_F(Leaks, EveryExampleInEveryFormat) {
  std::size_t examples = 0;
  std::size_t found = 0;
  ForEachExample([&](const std::string& text, const std::vector<std::string>& secrets, const std::string& path,
                     const std::string& where) {
    ++examples;
    found += Check(text, path, secrets, where) > 0 ? 1 : 0;
  });
  EXPECT_GT(examples, 3000U);
  EXPECT_EQ(found, examples);
}

// The line that is shown holds other secrets, too: each is masked in the context of the others.
TEST_F(Leaks, NeighboursOnTheSameLine) {
  const std::string aws = FakeAwsKey();
  const std::string github = FakeGithubToken();
  ForEachExample([&](const std::string& text, const std::vector<std::string>& secrets, const std::string& path,
                     const std::string& where) {
    if (text.find('\n') != std::string::npos) return;
    std::string line = aws + "," + text + "," + github;
    EXPECT_GE(Check(line, path, {aws, github}, where + ", between two"), 2U) << where;
    line = text + " " + aws + " " + text;
    EXPECT_GE(Check(line, path, {aws}, where + ", twice"), 1U) << where;
    // The value stands there once more, where no rule would look at it.
    for (const std::string& secret : secrets) {
      Check(text + " # was " + secret + ".", path, {secret}, where + ", and in a comment");
      Check("# " + secret + " is in: " + text, path, {secret}, where + ", and before it");
    }
  });
}

// On two lines next to each other, and the last without an end.
TEST_F(Leaks, LinesNextToEachOther) {
  std::size_t examples = 0;
  std::size_t found = 0;
  ForEachExample([&](const std::string& text, const std::vector<std::string>& secrets, const std::string& path,
                     const std::string& where) {
    ++examples;
    std::string crlf;
    for (const char c : text) crlf += c == '\n' ? "\r\n" : std::string(1, c);
    found += Check("first\r\n" + crlf + "\r\n" + crlf, path, secrets, where) > 1 ? 1 : 0;
  });
  EXPECT_GT(found, examples * 9 / 10);
}

// Neither the code nor what it decodes to.
TEST_F(Leaks, DecodedValues) {
  std::size_t examples = 0;
  std::size_t found = 0;
  ForEachExample([&](const std::string& text, const std::vector<std::string>& secrets, const std::string& path,
                     const std::string& where) {
    ++examples;
    found += Check("data = \"" + Base64(text) + "\"\n", path, secrets, where) > 0 ? 1 : 0;
  });
  EXPECT_GT(found, examples / 2);
}

// What a person wrote behind an allow comment is in the report.
TEST_F(Leaks, ReasonsOfSuppressions) {
  std::size_t examples = 0;
  std::size_t found = 0;
  ForEachExample([&](const std::string& text, const std::vector<std::string>& secrets, const std::string& path,
                     const std::string& where) {
    if (text.find('\n') != std::string::npos) return;
    for (const std::string& secret : secrets) {
      ++examples;
      const std::string line = text + "  # sluice:allow the value " + secret + " is revoked";
      found += Check(line, path, {secret}, where) > 0 ? 1 : 0;
    }
  });
  EXPECT_GT(found, examples * 9 / 10);
}

TEST_F(Leaks, KeysOfSeveralLines) {
  const std::string key = FakePrivateKey();
  std::string escaped;
  for (const char c : key) escaped += c == '\n' ? "\\n" : std::string(1, c);
  std::string indented;
  for (const char c : key) indented += c == '\n' ? "\n    " : std::string(1, c);
  for (const std::string& text : {key, key + "\n" + key, "{\"key\": \"" + escaped + "\"}", "key: |\n    " + indented,
                                  "KEY=$(cat <<E\n" + key + "\nE\n", Base64(key),
                                  "const k = `" + key + "`; const t = \"" + FakeGithubToken() + "\";"}) {
    EXPECT_GE(Check(text, "a", {key, FakeGithubToken()}, text), 1U) << text;
  }
}

}  // namespace
}  // namespace sluice
