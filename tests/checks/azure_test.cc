#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::kAlnum;
using generate::Random;

// Random bytes, the signature 10 characters before the end, and the checksum in the last 4 bytes. The bits of the last
// character of the signature that reach into the checksum's first byte are written twice, as Microsoft's library does.
std::string Identifiable(Random* random, std::size_t bytes, const std::string& signature, const std::string& seed) {
  std::string text = generate::Base64(random->Bytes(bytes));
  text.replace(generate::Unpadded(text).size() - 10, 4, signature);
  std::string key = generate::FromBase64(text);
  key.resize(bytes - 4);
  return generate::Base64(key + generate::LittleEndian(generate::Marvin32(key, seed)));
}

void AddIdentifiable(std::vector<Sample>* samples) {
  struct Kind {
    std::string signature;
    std::size_t bytes;
    std::string note;
    std::vector<std::string> seeds;
  };
  const std::vector<std::string> bus = {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"};
  const std::vector<Kind> kinds = {
      {"+ASt", 64, "Azure Storage account key", {"Default0"}},
      {"+ABa", 64, "Azure Batch account key", {"AbAcct00"}},
      {"AzFu", 40, "Azure Functions key", {"Master00", "System00", "Functi00"}},
      {"ACDb",
       64,
       "Azure Cosmos DB key",
       {"SysAll00", "Resour00", "MastRO00", "SystRO00", "Encryp00", "MastRW00", "SystRW00"}},
      {"AzCa", 32, "Azure Cache for Redis key", {"Access00"}},
      {"AzSe", 39, "Azure AI Search key", {"Query000", "PAdmin00"}},
      {"+ACR", 39, "Azure Container Registry key", {"ACRDflt0"}},
      {"+AMC", 64, "Azure ML Studio (classic) key", {"Classic0"}},
      {"AIoT", 32, "Azure IoT key", {"IoTHub00", "DpsKey00", "Device00"}},
      {"APIM", 64, "Azure API Management key", {"Tenant00", "IoTHub00", "Gatewy00", "GitKey00"}},
      {"+ASb", 32, "Azure Service Bus key", bus},
      {"+AEh", 32, "Azure Event Hubs key", bus},
      {"+ARm", 32, "Azure Relay key", bus},
      {"AZEG", 32, "Azure Event Grid key", {"SendRecv"}},
  };
  Random random(10);
  const std::string_view name = "azure-identifiable";
  for (const Kind& kind : kinds) {
    for (const std::string& seed : kind.seeds) {
      const std::string key = Identifiable(&random, kind.bytes, kind.signature, seed);
      samples->push_back({name, kind.signature + " " + seed, key, Verdict::kVerified, kind.note});
      samples->push_back({name, kind.signature + " changed", generate::Changed(key, 3), Verdict::kRejected});
    }
    samples->push_back({name, kind.signature + " with another's seed",
                        Identifiable(&random, kind.bytes, kind.signature, "Wrong000"), Verdict::kRejected});
  }
  const std::string storage = Identifiable(&random, 64, "+ASt", "Default0");
  std::string url = generate::Base64Url(generate::FromBase64(Identifiable(&random, 40, "AzFu", "Master00")));
  samples->push_back({name, "base64url without padding", url, Verdict::kVerified, "Azure Functions key"});
  samples->push_back(
      {name, "in a URL", storage.substr(0, 86) + "%3D%3D", Verdict::kVerified, "Azure Storage account key"});
  samples->push_back({name, "64 bytes from before the scheme", generate::Base64(random.Bytes(64)), Verdict::kUnknown});
  samples->push_back({name, "32 bytes from before the scheme", generate::Base64(random.Bytes(32)), Verdict::kUnknown});
  samples->push_back({name, "wrong length", generate::Base64(random.Bytes(48)), Verdict::kDoubtful});
  samples->push_back({name, "no base64", "!" + storage.substr(1), Verdict::kRejected});
  samples->push_back({name, "empty", "", Verdict::kDoubtful});
  samples->push_back({name, "too long", std::string(257, 'A'), Verdict::kUnknown});
  for (const std::string emulator : {"Eby8vdM02x", "C2y6yDjf5"}) {
    const std::string key = emulator + random.Text(86 - emulator.size(), kAlnum) + "==";
    samples->push_back({name, "emulator " + emulator, key, Verdict::kRejected});
  }
}

// 80 characters: without the checksum.
std::string CaskBody(Random* random, const std::string& mark, const std::string& date, const std::string& provider) {
  return random->Text(52, kAlnum) + mark + date + random->Text(16, kAlnum) + provider;
}

// Base62 of the checksum's bytes, each zero byte in front as "0", filled up at the end to 6, through base64 and back.
std::string CaskChecksum(const std::string& body) {
  const std::uint32_t hash = generate::Marvin32(generate::FromBase64(body), "Default0");
  std::string bytes = generate::LittleEndian(hash);
  std::uint32_t value = 0;
  for (const char c : bytes) value = value * 256 + static_cast<unsigned char>(c);
  std::string digits;
  for (; value != 0; value /= 62) digits.insert(digits.begin(), kAlnum[value % 62]);
  for (std::size_t i = 0; i < 3 && bytes[i] == '\0'; ++i) digits.insert(digits.begin(), '0');
  digits.resize(6, '0');
  return generate::Base64(generate::FromBase64(digits)).substr(0, 6);
}

void AddCask(std::vector<Sample>* samples) {
  Random random(11);
  const auto add = [&](const std::string& what, const std::string& key, Verdict verdict, const std::string& note = "") {
    samples->push_back({"azure-cask", what, key, verdict, note});
  };
  const std::string devops = CaskBody(&random, "JQQJ99", "BK", "AZDO");
  const std::string note = "Azure DevOps key, made in 2025-11";
  const std::string key = devops + CaskChecksum(devops).substr(0, 4);
  add("84 characters", key, Verdict::kVerified, note);
  add("88 characters", devops + CaskChecksum(devops) + "==", Verdict::kVerified, note);
  const std::uint32_t hash = generate::Marvin32(generate::FromBase64(devops), "Default0");
  const std::string plain = generate::Base64(generate::LittleEndian(hash));
  if (plain.substr(0, 4).find_first_of("+/") == std::string::npos) {
    add("checksum in base64", devops + plain.substr(0, 4), Verdict::kVerified, note);
  }
  add("changed checksum: the layout stands", generate::Changed(key, 83), Verdict::kUnknown, note);
  add("changed random part", generate::Changed(key, 5), Verdict::kUnknown, note);
  for (const std::string mark : {"JQQJ9D", "JQQJ9H"}) {
    const std::string body = CaskBody(&random, mark, "AA", "ACOG");
    add(mark, body + CaskChecksum(body).substr(0, 4), Verdict::kVerified,
        "Azure Cognitive Services or OpenAI key, made in 2024-01");
  }
  const std::string other = CaskBody(&random, "JQQJ99", "CL", "ZZZZ");
  add("a provider of tomorrow", other + CaskChecksum(other).substr(0, 4), Verdict::kVerified,
      "Azure key, made in 2026-12");
  add("another mark", CaskBody(&random, "JQQJ98", "BK", "AZDO") + "abcd", Verdict::kRejected);
  add("month 13", CaskBody(&random, "JQQJ99", "BM", "AZDO") + "abcd", Verdict::kRejected);
  add("foreign character", "-" + key.substr(1), Verdict::kRejected);
  add("too short", key.substr(0, 83), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddEntra(std::vector<Sample>* samples) {
  Random random(12);
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"azure-entra", what, secret, verdict});
  };
  const std::string alphabet = generate::kLower + generate::kUpper + "1234567890.-_~";
  for (int i = 0; i < 8; ++i) {
    const std::string covered = random.Text(3, alphabet) + "8Q~" + random.Text(31, alphabet);
    const std::string secret =
        covered + generate::Digits(generate::Marvin32(covered, "AadPwd00"), alphabet, 6).substr(0, 3);
    add("right", secret, Verdict::kVerified);
    add("changed", generate::Changed(secret, 1), Verdict::kRejected);
    add("changed checksum", generate::Changed(secret, 39), Verdict::kRejected);
    add("too short", secret.substr(0, 39), Verdict::kUnknown);
    add("foreign character", secret.substr(0, 20) + "+" + secret.substr(21), Verdict::kRejected);
  }
  add("the generation before", random.Text(3, kAlnum) + "7Q~" + random.Text(34, kAlnum), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

std::string DevopsPat(Random* random, std::uint32_t mask) {
  std::string bytes = random->Bytes(32);
  const std::string covered = bytes.substr(0, 2) + bytes.substr(3, 4) + bytes.substr(9, 13) + bytes.substr(23);
  const std::string stored = generate::LittleEndian(generate::Crc32(covered) ^ mask);
  bytes[22] = stored[0];
  bytes[8] = stored[1];
  bytes[7] = stored[2];
  bytes[2] = stored[3];
  return generate::Lower(generate::Base32(bytes));
}

void AddDevopsPat(std::vector<Sample>* samples) {
  Random random(13);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict) {
    samples->push_back({"azure-devops-pat", what, token, verdict});
  };
  const std::string token = DevopsPat(&random, 0xE0B9692D);
  add("of a user", token, Verdict::kVerified);
  add("of an application", DevopsPat(&random, 0x1019F92E), Verdict::kVerified);
  add("of nobody", DevopsPat(&random, 0), Verdict::kRejected);
  add("random", random.Text(51, generate::kLower + "234567") + "a", Verdict::kRejected);
  add("upper case", generate::Upper(token), Verdict::kRejected);
  add("foreign character", "1" + token.substr(1), Verdict::kRejected);
  add("too short", token.substr(1), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddSas(std::vector<Sample>* samples) {
  Random random(14);
  std::string raw = random.Bytes(32);
  raw[0] = '\xFB';  // "+" in base64, so that the escaped form differs.
  const std::string plain = generate::Base64(raw);
  std::string escaped;
  for (const char c : plain) {
    if (c == '+' || c == '/' || c == '=') {
      escaped += "%" + generate::Upper(generate::Hex(std::string(1, c)));
    } else {
      escaped += c;
    }
  }
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "", const std::string& match = "") {
    samples->push_back({"azure-sas", what, secret, verdict, note, match});
  };
  add("signature", plain, Verdict::kPlausible);
  add("escaped", escaped, Verdict::kPlausible);
  const std::string query = "https://x.example/c?sv=2022-11-02&se=2024-02-03T00%3A00%3A00Z&sp=r&sig=" + escaped;
  add("query", query, Verdict::kPlausible, "expired 2024-02-03");
  add("match around it", escaped, Verdict::kPlausible, "expired 2024-02-03", query);
  add("far away", query.substr(0, query.find("&se=")) + "&se=2999-01-01&sig=" + escaped + "&x=1", Verdict::kPlausible,
      "expires 2999-01-01");
  add("in JSON", R"(sv=2022-11-02\u0026se=2999-01-01\u0026sig=)" + escaped + R"(\u0026sp=r)", Verdict::kPlausible,
      "expires 2999-01-01");
  add("seconds since 1970", "SharedAccessSignature sr=x&sig=" + escaped + "&se=1700000000&skn=y", Verdict::kPlausible,
      "expired 2023-11-14");
  add("no date", "se=soon&sig=" + escaped, Verdict::kPlausible);
  add("31 bytes", generate::Base64(raw.substr(1)), Verdict::kRejected);
  add("no base64", "sig=<signature>", Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

}  // namespace

std::vector<Sample> AzureSamples() {
  std::vector<Sample> samples;
  AddIdentifiable(&samples);
  AddCask(&samples);
  AddEntra(&samples);
  AddDevopsPat(&samples);
  AddSas(&samples);
  return samples;
}

namespace {

TEST(Azure, SaysOfEachSampleWhatItShould) { ExpectVerdicts(AzureSamples()); }

TEST(Azure, EveryCharacterOfADevopsPatCounts) {
  Random random(15);
  const std::string token = DevopsPat(&random, 0xE0B9692D);
  for (std::size_t i = 0; i < token.size(); ++i) {
    EXPECT_EQ(Name(Judge("azure-devops-pat", generate::Changed(token, i)).verdict), "kRejected") << i;
  }
}

TEST(Azure, EveryCaskChecksumHolds) {
  Random random(16);
  for (int i = 0; i < 300; ++i) {  // One checksum in 256 has a zero byte in front.
    const std::string body = CaskBody(&random, "JQQJ99", "BA", "AZCS");
    EXPECT_EQ(Name(Judge("azure-cask", body + CaskChecksum(body) + "==").verdict), "kVerified") << i;
  }
}

}  // namespace
}  // namespace sluice::checks
