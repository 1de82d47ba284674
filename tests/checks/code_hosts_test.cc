#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::kAlnum;
using generate::Random;

const std::string kBase36 = generate::kDigits + generate::kLower;

std::string WithBase62Crc(const std::string& prefix, const std::string& body) {
  return prefix + body + generate::Digits(generate::Crc32(body), kAlnum, 6);
}

std::string Friendly(Random* random, std::size_t length) {
  return random->Text(length, "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz123456789-_");
}

std::string WithGitlabCrc(const std::string& head, std::string_view covered) {
  return head + generate::Digits(generate::Crc32(covered), kBase36, 7);
}

std::string RoutablePayload(Random* random, const std::string& routing) {
  return generate::Base64Url(random->Bytes(16) + routing + static_cast<char>(routing.size()));
}

// Everything but the CRC.
std::string RoutableHead(const std::string& prefix, const std::string& payload, const std::string& version = ".01.") {
  return prefix + payload + version + generate::Digits(payload.size(), kBase36, 2);
}

std::string Routable(const std::string& prefix, const std::string& payload, const std::string& version = ".01.") {
  const std::string head = RoutableHead(prefix, payload, version);
  return WithGitlabCrc(head, head);
}

std::string WithHexCrc(const std::string& head) {
  return head + generate::Upper(generate::Hex(generate::BigEndian(generate::Crc32(head))));
}

void AddGithub(std::vector<Sample>* samples) {
  Random random(1);
  // Published by AJ ONeal, 2021 (checksums.md, GH1).
  samples->push_back({"github-crc32", "published vector",
                      std::string("ghp") + "_zQWBuTSOoRi4A9spHc" + "VY5ncnsDkxkJ0mLq17", Verdict::kVerified});
  for (const std::string prefix : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}) {
    const std::string token = WithBase62Crc(prefix, random.Text(prefix == "ghr_" ? 70 : 30, kAlnum));
    const Verdict mismatch = prefix == "ghs_" ? Verdict::kUnknown : Verdict::kRejected;
    samples->push_back({"github-crc32", prefix, token, Verdict::kVerified});
    samples->push_back({"github-crc32", prefix + " changed", generate::Changed(token, 7), mismatch});
    samples->push_back(
        {"github-crc32", prefix + " changed checksum", generate::Changed(token, token.size() - 1), mismatch});
    samples->push_back({"github-crc32", prefix + " too short", token.substr(0, token.size() - 1), Verdict::kUnknown});
    samples->push_back({"github-crc32", prefix + " too long", token + "x", Verdict::kUnknown});
    samples->push_back({"github-crc32", prefix + " alone", prefix, Verdict::kUnknown});
  }
  // A CRC so small that its first digits are zeros: those must be written.
  std::string body;
  do {
    body = random.Text(30, kAlnum);
  } while (generate::Crc32(body) >= 62U * 62 * 62 * 62);
  samples->push_back({"github-crc32", "padded checksum", WithBase62Crc("ghp_", body), Verdict::kVerified});
  samples->push_back(
      {"github-crc32", "longer than today's", WithBase62Crc("ghp_", random.Text(90, kAlnum)), Verdict::kVerified});
  samples->push_back({"github-crc32", "another prefix", WithBase62Crc("ghx_", body), Verdict::kUnknown});

  const std::string npm = WithBase62Crc("npm_", random.Text(30, kAlnum));
  samples->push_back({"npm-crc32", "right", npm, Verdict::kVerified});
  samples->push_back({"npm-crc32", "changed", generate::Changed(npm, 20), Verdict::kRejected});
  samples->push_back({"npm-crc32", "too short", npm.substr(0, 39), Verdict::kUnknown});
}

void AddGithubFineGrained(std::vector<Sample>* samples) {
  Random random(2);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict) {
    samples->push_back({"github-fine-grained", what, token, verdict});
  };
  const std::string prefix = "github_pat_";
  const std::string left = random.Text(22, kAlnum);
  const std::string right = random.Text(53, kAlnum);
  const auto crc = [](const std::string& covered) { return generate::Digits(generate::Crc32(covered), kAlnum, 6); };
  const std::string token = prefix + left + "_" + right + crc(right);
  add("CRC of the right half", token, Verdict::kVerified);
  add("CRC of both halves and the underscore", prefix + left + "_" + right + crc(left + "_" + right),
      Verdict::kVerified);
  add("CRC of both halves", prefix + left + "_" + right + crc(left + right), Verdict::kVerified);
  add("CRC with the prefix", prefix + left + "_" + right + crc(prefix + left + "_" + right), Verdict::kVerified);
  add("no CRC, which is no reason to doubt", generate::Changed(token, 90), Verdict::kUnknown);
  add("underscore elsewhere", prefix + left + "a_" + right.substr(1) + crc(right), Verdict::kRejected);
  add("second underscore", generate::Changed(token, 33).replace(50, 1, "_"), Verdict::kRejected);
  add("too short", token.substr(0, 92), Verdict::kUnknown);
  add("another prefix", "x" + token, Verdict::kUnknown);
}

void AddGitlab(std::vector<Sample>* samples) {
  Random random(3);
  for (const std::string prefix : {"glpat-", "gldt-", "glrt-", "glrt-t1_", "glptt-", "GR1348941"}) {
    const std::string body = Friendly(&random, 20);
    samples->push_back({"gitlab-friendly", prefix, prefix + body, Verdict::kPlausible});
    samples->push_back({"gitlab-friendly", prefix + " too long", prefix + body + "x", Verdict::kUnknown});
    samples->push_back({"gitlab-friendly", prefix + " too short", prefix + body.substr(1), Verdict::kUnknown});
    for (const std::string never : {"l", "I", "O", "0"}) {
      samples->push_back(
          {"gitlab-friendly", prefix + " with " + never, prefix + body.substr(1) + never, Verdict::kRejected});
    }
  }
  samples->push_back({"gitlab-friendly", "agent", "glagent-" + Friendly(&random, 50), Verdict::kPlausible});
  samples->push_back({"gitlab-friendly", "no prefix", Friendly(&random, 20), Verdict::kUnknown});

  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"gitlab-routable", what, token, verdict, note});
  };
  const std::string note = "GitLab organization 1, user 100";
  const std::string token = Routable("glpat-", RoutablePayload(&random, "o:1\nu:2s"));
  add("today's form", token, Verdict::kVerified, note);
  add("first form", Routable("glpat-", RoutablePayload(&random, "o:1\nu:2s"), "."), Verdict::kVerified, note);
  add("all keys", Routable("glpat-", RoutablePayload(&random, "c:1\ng:a\no:b\np:c\nt:d\nu:e")), Verdict::kVerified,
      "GitLab group 10, organization 11, project 12, user 14");
  add("routing that is none", Routable("glpat-", generate::Base64Url(random.Bytes(30))), Verdict::kVerified);
  add("changed", generate::Changed(token, 12), Verdict::kRejected);
  add("changed length", generate::Changed(token, token.size() - 8), Verdict::kRejected);
  add("changed checksum", generate::Changed(token, token.size() - 1), Verdict::kRejected);
  add("no trailer", "glpat-" + Friendly(&random, 20), Verdict::kUnknown);
  add("too short a trailer", token.substr(0, token.size() - 1), Verdict::kUnknown);
  add("no prefix", token.substr(6), Verdict::kUnknown);
  // It is disputed whether the CRC covers the prefix of these.
  const std::string payload = RoutablePayload(&random, "o:1\nu:2s");
  add("runner", Routable("glrt-t3_", payload), Verdict::kVerified, note);
  const std::string head = RoutableHead("", payload);
  const std::string runner = WithGitlabCrc("glrt-t3_" + head, head);
  add("runner, prefix not covered", runner, Verdict::kVerified, note);
  add("runner, changed", generate::Changed(runner, 20), Verdict::kDoubtful);
}

void AddAtlassian(std::vector<Sample>* samples) {
  Random random(4);
  const std::string cloud = WithHexCrc(std::string("ATAT") + "T3" + random.Text(170, kAlnum + "-_") + "=");
  const std::string app = WithHexCrc(std::string("AT") + "BB" + random.Text(24, kAlnum));
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"atlassian-crc32", what, secret, verdict});
  };
  add("app password", app, Verdict::kVerified);
  add("cloud", cloud, Verdict::kVerified);
  add("changed", generate::Changed(app, 9), Verdict::kDoubtful);
  add("lower case", app.substr(0, 28) + "abcdef01", Verdict::kDoubtful);
  add("too short", app.substr(0, 15), Verdict::kDoubtful);
  const std::size_t equals = cloud.size() - 9;
  add("in a URL", cloud.substr(0, equals) + "%3D" + cloud.substr(equals + 1), Verdict::kVerified);
  add("in properties", cloud.substr(0, equals) + "\\" + cloud.substr(equals), Verdict::kVerified);
}

}  // namespace

std::vector<Sample> CodeHostSamples() {
  std::vector<Sample> samples;
  AddGithub(&samples);
  AddGithubFineGrained(&samples);
  AddGitlab(&samples);
  AddAtlassian(&samples);
  return samples;
}

namespace {

TEST(CodeHosts, SaysOfEachSampleWhatItShould) { ExpectVerdicts(CodeHostSamples()); }

TEST(CodeHosts, EveryCharacterOfAGithubTokenCounts) {
  Random random(5);
  const std::string token = WithBase62Crc("ghp_", random.Text(30, kAlnum));
  for (std::size_t i = 4; i < token.size(); ++i) {
    EXPECT_EQ(Name(Judge("github-crc32", generate::Changed(token, i)).verdict), "kRejected") << i;
  }
}

TEST(CodeHosts, EveryCharacterOfARoutableTokenCounts) {
  Random random(6);
  const std::string token = Routable("glpat-", RoutablePayload(&random, "g:1\no:2\nu:3"));
  for (std::size_t i = 6; i < token.size(); ++i) {
    EXPECT_NE(Name(Judge("gitlab-routable", generate::Changed(token, i)).verdict), "kVerified") << i;
  }
}

}  // namespace
}  // namespace sluice::checks
