#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::kAlnum;
using generate::Random;

// An access key id in which `account` is hidden: 40 bits from the second of 80.
std::string AwsId(Random* random, const std::string& prefix, std::uint64_t account) {
  std::string bytes = random->Bytes(10);
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < 6; ++i) head = head * 256 + static_cast<unsigned char>(bytes[i]);
  head = (1ULL << 47) | (head & 0x7F) | (account << 7);
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<char>(head >> (40 - 8 * i));
  return prefix + generate::Base32(bytes);
}

void AddAwsIds(std::vector<Sample>* samples) {
  Random random(20);
  const auto add = [&](const std::string& what, const std::string& id, Verdict verdict, const std::string& note = "") {
    samples->push_back({"aws-key-id", what, id, verdict, note});
  };
  // Published by T. Be'ery, 2023 (checksums.md, AWS1).
  add("published vector", std::string("ASIA") + "QNZGKIQY" + "56JQ7WML", Verdict::kPlausible,
      "AWS account 029608264753");
  const std::string id = AwsId(&random, "AKIA", 581039954779);
  add("generated", id, Verdict::kPlausible, "AWS account 581039954779");
  add("of documentation", AwsId(&random, "AKIA", 123456789012), Verdict::kDoubtful,
      "AWS account 123456789012 (documentation)");
  add("older than the scheme", std::string("AKIA") + "I" + id.substr(5), Verdict::kPlausible);
  add("13 digits", AwsId(&random, "AKIA", 1099511627000), Verdict::kUnknown);
  add("sample", id.substr(0, 13) + "EXAMPLE", Verdict::kRejected);
  for (const std::string never : {"0", "1", "8", "9", "a"}) {
    add("with " + never, id.substr(0, 10) + never + id.substr(11), Verdict::kRejected);
  }
  add("too short", id.substr(0, 19), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddAwsSecrets(std::vector<Sample>* samples) {
  Random random(21);
  const auto add = [&](const std::string& what, const std::string& key, Verdict verdict) {
    samples->push_back({"aws-secret-key", what, key, verdict});
  };
  const std::string key = generate::Base64(random.Bytes(30));
  add("random", key, Verdict::kPlausible);
  add("hash", generate::Hex(random.Bytes(20)), Verdict::kRejected);
  add("upper-case hash", generate::Upper(generate::Hex(random.Bytes(20))), Verdict::kRejected);
  add("path", "src/main/resources/Images/icons/folder/x", Verdict::kRejected);
  add("text", generate::Base64("thirty bytes of readable text."), Verdict::kRejected);
  add("camel case", "createDefaultAuthenticationProviderOfUse", Verdict::kDoubtful);
  add("sample", key.substr(0, 30) + "EXAMPLEKEY", Verdict::kRejected);
  add("too short", key.substr(1), Verdict::kRejected);
  add("too long", key + "A", Verdict::kRejected);
  add("foreign character", "-" + key.substr(1), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddBedrock(std::vector<Sample>* samples) {
  Random random(22);
  const auto add = [&](const std::string& what, const std::string& key, Verdict verdict, const std::string& note = "") {
    samples->push_back({"aws-bedrock", what, key, verdict, note});
  };
  const auto long_lived = [](const std::string& text) { return "ABSK" + generate::Base64(text); };
  const std::string secret = generate::Base64(random.Bytes(30));
  add("long-lived", long_lived("BedrockAPIKey-a1b2-at-581039954779:" + secret), Verdict::kPlausible,
      "AWS account 581039954779");
  add("a name with -at-", long_lived("BedrockAPIKey-x-at-y-at-581039954779:" + secret), Verdict::kPlausible,
      "AWS account 581039954779");
  add("no secret", long_lived("BedrockAPIKey-a1b2-at-581039954779:"), Verdict::kRejected);
  add("account of 11 digits", long_lived("BedrockAPIKey-a1b2-at-58103995477:" + secret), Verdict::kRejected);
  add("account of 13 digits", long_lived("BedrockAPIKey-a1b2-at-5810399547790:" + secret), Verdict::kRejected);
  add("another text", long_lived("BedrockAPIkey-a1b2-at-581039954779:" + secret), Verdict::kRejected);
  add("no base64", "ABSK?" + generate::Base64(secret), Verdict::kRejected);
  add("another prefix", "ABSX" + generate::Base64(secret), Verdict::kUnknown);
  const auto short_lived = [](const std::string& url) { return "bedrock-api-key-" + generate::Base64(url); };
  add("short-lived",
      short_lived("bedrock.amazonaws.com/?Action=CallWithBearerToken&X-Amz-Date=20250304T010203Z&X-Amz-Expires=43200"),
      Verdict::kPlausible, "expired 2025-03-05");
  add("short-lived, no date", short_lived("bedrock.amazonaws.com/?Action=CallWithBearerToken"), Verdict::kPlausible);
  add("short-lived, another action", short_lived("bedrock.amazonaws.com/?Action=ListUsers"), Verdict::kRejected);
  add("empty", "", Verdict::kUnknown);
}

std::string JsonString(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) json += c == '\n' ? std::string("\\n") : std::string(1, c);
  return json + "\"";
}

void AddGcp(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "", const std::string& match = "") {
    samples->push_back({"gcp-service-account", what, secret, verdict, note, match});
  };
  const std::string email = "deploy@project-1.iam.gserviceaccount.com";
  const auto account = [](const std::string& type, const std::string& mail, const std::string& pem) {
    return "{\n  \"type\": \"" + type + "\",\n  \"private_key\": " + JsonString(pem) + ",\n  \"client_email\": \"" +
           mail + "\"\n}";
  };
  const std::string& pem = generate::RsaKey().pem;
  const std::string json = account("service_account", email, pem);
  add("whole", json, Verdict::kVerified, "service account " + email);
  add("in base64", generate::Base64(json), Verdict::kVerified, "service account " + email);
  add("secret is a part of the match", "service_account", Verdict::kVerified, "service account " + email, json);
  add("text around it", "const key = " + json + ";", Verdict::kVerified, "service account " + email);
  add("EC key", account("service_account", email, generate::EcKey().pem), Verdict::kPlausible,
      "service account " + email);
  add("sample key", account("service_account", email, "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"),
      Verdict::kRejected);
  add("public key", account("service_account", email, generate::RsaKey().public_pem), Verdict::kRejected);
  add("no key", account("service_account", email, ""), Verdict::kRejected);
  add("another type", account("external_account", email, pem), Verdict::kRejected);
  add("another e-mail", account("service_account", "somebody@example.com", pem), Verdict::kDoubtful);
  add("a piece", json.substr(0, json.find("\"client_email")), Verdict::kVerified);
  add("a piece without a key", "\"type\": \"service_account\"", Verdict::kUnknown);
  const std::string user = "{\"type\": \"authorized_user\", \"client_id\": \"x\", \"refresh_token\": \"";
  add("user credentials", user + "1//0abc\"}", Verdict::kPlausible, "user credentials");
  add("user credentials without a token", user + "\"}", Verdict::kRejected);
  add("empty", "", Verdict::kUnknown);
}

void AddGrafana(std::vector<Sample>* samples) {
  Random random(23);
  const auto service = [&](const std::string& prefix) {
    const std::string covered = prefix + random.Text(32, kAlnum);
    return covered + "_" + generate::Hex(generate::LittleEndian(generate::Crc32(covered)));
  };
  const std::string token = service("glsa_");
  samples->push_back({"grafana-crc32", "service account", token, Verdict::kVerified});
  samples->push_back({"grafana-crc32", "another service", service("glxy_"), Verdict::kVerified});
  samples->push_back({"grafana-crc32", "changed", generate::Changed(token, 10), Verdict::kRejected});
  samples->push_back({"grafana-crc32", "changed checksum", generate::Changed(token, 45), Verdict::kRejected});
  samples->push_back(
      {"grafana-crc32", "no underscore", token.substr(0, 37) + "x" + token.substr(38), Verdict::kRejected});
  samples->push_back({"grafana-crc32", "too short", token.substr(1), Verdict::kUnknown});
  samples->push_back({"grafana-crc32", "empty", "", Verdict::kUnknown});

  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"grafana-cloud-json", what, secret, verdict, note});
  };
  const std::string key = random.Text(24, kAlnum);
  const std::string head = "glc" + std::string("_");
  add("cloud", head + generate::Base64("{\"o\":\"12345\",\"n\":\"x\",\"k\":\"" + key + "\",\"m\":{\"r\":\"eu\"}}"),
      Verdict::kPlausible, "Grafana Cloud organization 12345, region eu");
  add("cloud without region", head + generate::Base64Url("{\"o\":\"12345\",\"n\":\"x\",\"k\":\"" + key + "\"}"),
      Verdict::kPlausible, "Grafana Cloud organization 12345");
  add("cloud without organization", head + generate::Base64("{\"n\":\"x\",\"k\":\"" + key + "\"}"), Verdict::kRejected);
  add("legacy", generate::Base64("{\"k\":\"" + key + "\",\"n\":\"x\",\"id\":1}"), Verdict::kPlausible);
  add("legacy without id", generate::Base64("{\"k\":\"" + key + "\",\"n\":\"x\"}"), Verdict::kRejected);
  add("empty key", head + generate::Base64("{\"o\":\"1\",\"n\":\"x\",\"k\":\"\"}"), Verdict::kRejected);
  add("cut off", head + generate::Base64("{\"o\":\"12345\",\"n\":\"x\",\"k\":\"" + key), Verdict::kRejected);
  add("hostile organization", head + generate::Base64("{\"o\":\"1\\u001b[2J\",\"n\":\"x\",\"k\":\"y\"}"),
      Verdict::kPlausible, "Grafana Cloud organization 1?[2J");
  add("empty", "", Verdict::kRejected);
}

void AddUnpublished(std::vector<Sample>* samples) {
  Random random(24);
  const auto crc = [](const std::string& covered) { return generate::Crc32(covered); };
  const auto hex = [&](const std::string& covered) { return generate::Hex(generate::BigEndian(crc(covered))); };
  for (const std::string prefix : {"cfut_", "cfat_", "cfk_"}) {
    const std::string body = random.Text(40, kAlnum);
    const std::string token = prefix + body + hex(body);
    samples->push_back({"cloudflare-crc32", prefix, token, Verdict::kVerified});
    samples->push_back(
        {"cloudflare-crc32", prefix + " with the prefix", prefix + body + hex(prefix + body), Verdict::kVerified});
    samples->push_back({"cloudflare-crc32", prefix + " changed", generate::Changed(token, 10), Verdict::kUnknown});
    samples->push_back({"cloudflare-crc32", prefix + " too short", token.substr(0, 30), Verdict::kUnknown});
  }
  samples->push_back({"cloudflare-crc32", "empty", "", Verdict::kUnknown});
  for (const std::string prefix : {"vcp_", "vca_", "vci_", "vcr_", "vck_"}) {
    const std::string body = random.Text(50, kAlnum);
    const std::string token = prefix + body + generate::Digits(crc(body), kAlnum, 6);
    samples->push_back({"vercel-crc32", prefix, token, Verdict::kVerified});
    samples->push_back({"vercel-crc32", prefix + " changed", generate::Changed(token, 10), Verdict::kUnknown});
    samples->push_back({"vercel-crc32", prefix + " too short", token.substr(0, 59), Verdict::kUnknown});
  }
  samples->push_back({"vercel-crc32", "empty", "", Verdict::kUnknown});

  const std::string body = random.Text(54, kAlnum);
  const std::string confluent =
      std::string("cf") + "lt" + body + generate::Base64(generate::LittleEndian(crc(body))).substr(0, 6);
  samples->push_back({"confluent-crc32", "right", confluent, Verdict::kVerified});
  samples->push_back({"confluent-crc32", "changed", generate::Changed(confluent, 10), Verdict::kUnknown});
  samples->push_back({"confluent-crc32", "too short", confluent.substr(0, 63), Verdict::kUnknown});
  samples->push_back({"confluent-crc32", "empty", "", Verdict::kUnknown});

  const std::string key = random.Text(32, generate::kDigits + generate::kLower);
  const std::string zuplo = std::string("zp") + "ka_" + key + "_" + hex(key);
  samples->push_back({"zuplo-crc32", "right", zuplo, Verdict::kVerified});
  samples->push_back({"zuplo-crc32", "changed", generate::Changed(zuplo, 10), Verdict::kDoubtful});
  samples->push_back({"zuplo-crc32", "no underscore", zuplo.substr(0, 37) + "x" + zuplo.substr(38), Verdict::kUnknown});
  samples->push_back({"zuplo-crc32", "empty", "", Verdict::kUnknown});
}

void AddFlyio(std::vector<Sample>* samples) {
  Random random(25);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict) {
    samples->push_back({"flyio-token", what, token, verdict});
  };
  // MessagePack: an array of 4: nonce, location, caveats, 32 bytes.
  const auto item = [&](const std::string& array_head, const std::string& tail_head) {
    return std::string("fm") + "2_" +
           generate::Base64(array_head + "\x93\xC4\x10" + random.Bytes(16) +
                            std::string("\xA3"
                                        "fly\x90",
                                        5) +
                            tail_head + random.Bytes(32));
  };
  const std::string four = "\x94";
  const std::string bytes_32 = "\xC4\x20";
  const std::string one = item(four, bytes_32);
  add("one", one, Verdict::kPlausible);
  add("with the scheme", "FlyV1 " + one, Verdict::kPlausible);
  add("two", "FlyV1 " + one + "," + item(four, bytes_32), Verdict::kPlausible);
  add("two, of which one is broken", "FlyV1 " + one + "," + item("\x93", bytes_32), Verdict::kDoubtful);
  add("array of 3", item("\x93", bytes_32), Verdict::kDoubtful);
  add("tail of 33", item(four, "\xC4\x21"), Verdict::kDoubtful);
  add("too short", one.substr(0, 24), Verdict::kDoubtful);
  add("no base64", one.substr(0, 20) + "!" + one.substr(21), Verdict::kDoubtful);
  add("another prefix", "fo1_" + one.substr(4), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

}  // namespace

std::vector<Sample> CloudSamples() {
  std::vector<Sample> samples;
  AddAwsIds(&samples);
  AddAwsSecrets(&samples);
  AddBedrock(&samples);
  AddGcp(&samples);
  AddGrafana(&samples);
  AddUnpublished(&samples);
  AddFlyio(&samples);
  return samples;
}

namespace {

TEST(Cloud, SaysOfEachSampleWhatItShould) { ExpectVerdicts(CloudSamples()); }

TEST(Cloud, DropsHardlyAnyRandomAwsSecretKey) {
  Random random(26);
  int kept = 0;
  for (int i = 0; i < 20000; ++i) {
    const std::string key = generate::Base64(random.Bytes(30));
    if (Judge("aws-secret-key", key).verdict == Verdict::kPlausible) ++kept;
  }
  EXPECT_GE(kept, 19980);
}

}  // namespace
}  // namespace sluice::checks
