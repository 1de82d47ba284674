#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::Random;

std::string Packet(char field, const std::string& data) {
  // Lengths from 128 on take two bytes.
  std::string length(1, static_cast<char>(data.size() % 128));
  if (data.size() >= 128) length = {static_cast<char>(0x80 | data.size() % 128), static_cast<char>(data.size() / 128)};
  return field + length + data;
}

struct Pypi {
  std::string location = std::string("pypi") + ".org";
  std::vector<std::string> caveats = {"{\"version\": 1, \"permissions\": \"user\"}"};
  std::size_t signature = 32;
  std::string after = {};

  std::string Token() const {
    const std::string end(1, '\0');
    std::string bytes = "\x02" + Packet(1, location) + Packet(2, "01234567-89ab-cdef-0123-456789abcdef") + end;
    for (const std::string& caveat : caveats) bytes += Packet(2, caveat) + end;
    bytes += end + Packet(6, Random(30).Bytes(signature)) + after;
    return "pypi-" + generate::Base64Url(bytes);
  }
};

void AddPypi(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"pypi-macaroon", what, token, verdict, note});
  };
  const std::string index = Pypi().location;
  const std::string token = Pypi().Token();
  add("of a user", token, Verdict::kPlausible, index);
  add("padded", token + std::string((4 - (token.size() - 5) % 4) % 4, '='), Verdict::kPlausible, index);
  Pypi pypi;
  pypi.location = "test." + index;
  add("of the test index", pypi.Token(), Verdict::kPlausible, "test." + index);
  pypi = Pypi();
  pypi.caveats = {};
  add("no caveat", pypi.Token(), Verdict::kPlausible, index);
  pypi.caveats = {"{\"version\": 1, \"permissions\": {\"projects\": [\"alpha\", \"beta\"]}}", "[0, 1, 2]"};
  add("of projects", pypi.Token(), Verdict::kPlausible, index + ", project alpha beta");
  pypi.caveats = {"[0, 1700000000, 1600000000]", "[1, [\"alpha\"]]"};
  add("of a project, as since 2022", pypi.Token(), Verdict::kPlausible, index + ", project alpha");
  pypi.caveats = {"[1, [\"" + std::string(150, 'x') + "\"]]"};
  add("caveat of more than 127 bytes", pypi.Token(), Verdict::kPlausible, index + ", project " + std::string(60, 'x'));
  pypi.caveats = {"no JSON"};
  add("caveat that is no JSON", pypi.Token(), Verdict::kPlausible, index);
  pypi = Pypi();
  pypi.signature = 31;
  add("signature of 31 bytes", pypi.Token(), Verdict::kRejected);
  pypi = Pypi();
  pypi.after = "x";
  add("something after it", pypi.Token(), Verdict::kRejected);
  pypi = Pypi();
  pypi.location = "example.org";
  add("another location", pypi.Token(), Verdict::kRejected);
  add("cut off", token.substr(0, token.size() - 8), Verdict::kRejected);
  add("no base64", "pypi-" + std::string(60, '!'), Verdict::kRejected);
  add("changed length", generate::Changed(token, 9), Verdict::kRejected);
  add("prefix alone", "pypi-", Verdict::kRejected);
  add("empty", "", Verdict::kUnknown);
}

void AddNuget(std::vector<Sample>* samples) {
  Random random(31);
  const auto key = [](const std::string& id, const std::string& password) {
    return generate::Lower(generate::Base32(id) + generate::Base32(password));
  };
  std::string id = "v4";
  for (int i = 0; i < 10; ++i) id += static_cast<char>(1 + random.Below(255));
  const std::string password = random.Bytes(16);
  const std::string good = key(id, password);
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"nuget-key", what, secret, verdict});
  };
  add("right", good, Verdict::kPlausible);
  add("zero byte", key(id.substr(0, 11) + std::string(1, '\0'), password), Verdict::kRejected);
  add("spare bits of the first half", good.substr(0, 19) + (good[19] == 'a' ? "b" : "r") + good.substr(20),
      Verdict::kRejected);
  add("spare bits of the second half", good.substr(0, 45) + "b", Verdict::kRejected);
  add("foreign character", good.substr(0, 30) + "1" + good.substr(31), Verdict::kRejected);
  add("version 5", key("v5" + id.substr(2), password), Verdict::kRejected);
  add("too short", good.substr(0, 45), Verdict::kUnknown);
  add("another prefix", "x" + good.substr(1), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddJfrog(std::vector<Sample>* samples) {
  Random random(32);
  const auto add = [&](const std::string& what, const std::string& text, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"jfrog-reference", what, generate::Base64(text), verdict, note});
  };
  const std::string tail = random.Text(27, generate::kAlnum);
  add("never expires", "reftkn:01:0000000000:" + tail, Verdict::kPlausible);
  add("expired", "reftkn:01:1700000000:" + tail, Verdict::kPlausible, "expired 2023-11-14");
  add("expires", "reftkn:01:9700000000:" + tail, Verdict::kPlausible, "expires 2277-05-19");
  add("no version", "reftkn:xx:1700000000:" + tail, Verdict::kDoubtful);
  add("no expiry", "reftkn:01:170000000x:" + tail, Verdict::kDoubtful);
  add("cut off", "reftkn:01:1700000000", Verdict::kDoubtful);
  add("another text", "reftok:01:1700000000:" + tail, Verdict::kDoubtful);
  samples->push_back({"jfrog-reference", "no base64", "cmVmdGtu!", Verdict::kDoubtful});
  samples->push_back({"jfrog-reference", "empty", "", Verdict::kDoubtful});

  // A number of 54 bytes whose base58 begins with these letters: random digits after the prefix are one.
  const std::string base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  const std::string key = std::string("AK") + "Cp" + random.Text(69, base58);
  samples->push_back({"jfrog-api-key", "right", key, Verdict::kPlausible});
  samples->push_back({"jfrog-api-key", "not in the alphabet", key.substr(0, 72) + "0", Verdict::kDoubtful});
  samples->push_back({"jfrog-api-key", "too short", key.substr(0, 72), Verdict::kUnknown});
  samples->push_back({"jfrog-api-key", "another prefix", "x" + key.substr(1), Verdict::kUnknown});
  samples->push_back({"jfrog-api-key", "empty", "", Verdict::kUnknown});
}

}  // namespace

std::vector<Sample> RegistrySamples() {
  std::vector<Sample> samples;
  AddPypi(&samples);
  AddNuget(&samples);
  AddJfrog(&samples);
  return samples;
}

namespace {

TEST(Registries, SaysOfEachSampleWhatItShould) { ExpectVerdicts(RegistrySamples()); }

TEST(Registries, TokensOfPypiBeginAsAllDo) {
  EXPECT_TRUE(Pypi().Token().starts_with(std::string("pypi-") + "AgEIcHlwaS5vcmcCJ"));
}

TEST(Registries, EveryTruncatedMacaroonIsRejected) {
  const std::string token = Pypi().Token();
  for (std::size_t size = 5; size < token.size(); ++size) {
    EXPECT_EQ(Name(Judge("pypi-macaroon", token.substr(0, size)).verdict), "kRejected") << size;
  }
}

}  // namespace
}  // namespace sluice::checks
