#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::kAlnum;
using generate::Random;

void AddSentry(std::vector<Sample>* samples) {
  Random random(40);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"sentry-org", what, token, verdict, note});
  };
  const std::string prefix = std::string("sntrys") + "_";
  const std::string json =
      "{\"iat\": 1700000000.1, \"url\": \"https://sentry.io\", \"region_url\": \"https://us.sentry.io\", "
      "\"org\": \"acme\"}";
  const std::string tail = generate::Unpadded(generate::Base64(random.Bytes(32)));
  const std::string token = prefix + generate::Base64(json) + "_" + tail;
  add("right", token, Verdict::kPlausible, "Sentry organization acme");
  add("padded tail", token + "=", Verdict::kPlausible, "Sentry organization acme");
  add("JSON without organization", prefix + generate::Base64("{\"iat\": 1, \"url\": \"x\"}") + "_" + tail,
      Verdict::kRejected);
  add("no JSON", prefix + generate::Base64("hello") + "_" + tail, Verdict::kRejected);
  add("changed JSON", prefix + generate::Base64(json.substr(1)) + "_" + tail, Verdict::kRejected);
  add("shorter tail", token.substr(0, token.size() - 1), Verdict::kRejected);
  add("prefix alone", prefix, Verdict::kRejected);
  add("another prefix", "x" + token, Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddOnepassword(std::vector<Sample>* samples) {
  Random random(41);
  const std::string prefix = std::string("ops") + "_";
  const auto token = [&](const std::string& json) { return prefix + generate::Base64Url(json); };
  const std::string members = "\"muk\":{\"alg\":\"A256GCM\"},\"srpX\":\"00ff\"}";
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"onepassword-token", what, secret, verdict, note});
  };
  add("right", token("{\"signInAddress\":\"acme.1password.com\"," + members), Verdict::kPlausible,
      "1Password account acme.1password.com");
  add("no address", token("{" + members), Verdict::kPlausible);
  add("no muk", token("{\"srpX\":\"00ff\"}"), Verdict::kRejected);
  add("cut off", token("{" + members).substr(0, 40), Verdict::kRejected);
  add("changed", token("[" + members), Verdict::kRejected);
  add("prefix alone", prefix, Verdict::kRejected);
  add("empty", "", Verdict::kUnknown);

  const std::string alphabet = "23456789ABCDEFGHJKLMNPQRSTVWXYZ";
  const auto groups = [&](const std::vector<std::size_t>& sizes) {
    std::string key = "A3";
    for (const std::size_t size : sizes) key += "-" + random.Text(size, alphabet);
    return key;
  };
  const auto add_key = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"onepassword-secret-key", what, secret, verdict});
  };
  const std::string key = groups({6, 6, 5, 5, 5, 5});
  add_key("today's groups", key, Verdict::kPlausible);
  add_key("older groups", groups({6, 11, 5, 5, 5}), Verdict::kPlausible);
  add_key("a group too many", groups({6, 6, 5, 5, 5, 5, 5}), Verdict::kRejected);
  add_key("a group too few", groups({6, 6, 5, 5, 5}), Verdict::kRejected);
  add_key("a hyphen at the end", key + "-", Verdict::kRejected);
  add_key("too short", key.substr(0, key.size() - 1), Verdict::kRejected);
  for (const std::string never : {"0", "1", "I", "O", "U", "a"}) {
    add_key("with " + never, key.substr(0, 5) + never + key.substr(6), Verdict::kRejected);
  }
  add_key("another prefix", "A4" + key.substr(2), Verdict::kUnknown);
  add_key("empty", "", Verdict::kUnknown);
}

void AddVault(std::vector<Sample>* samples) {
  Random random(42);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict) {
    samples->push_back({"vault-token", what, token, verdict});
  };
  const std::string service = "hvs" + std::string(".");
  const auto signed_token = [&](const std::string& head, std::size_t inner) {
    return service +
           generate::Base64Url(head + random.Bytes(32) + "\x1A" + static_cast<char>(inner) + random.Bytes(inner));
  };
  const std::string head("\x08\x01\x12\x20", 4);
  const std::string token = signed_token(head, 34);
  add("service", token, Verdict::kPlausible);
  add("service, shorter", signed_token(head, 30), Verdict::kPlausible);
  add("another version", signed_token(std::string("\x08\x02\x12\x20", 4), 34), Verdict::kRejected);
  add("an HMAC of 33", signed_token(std::string("\x08\x01\x12\x21", 4), 34), Verdict::kRejected);
  add("cut off", token.substr(0, token.size() - 4), Verdict::kRejected);
  add("without consistency token", service + random.Text(24, kAlnum), Verdict::kUnknown);
  add("batch", std::string("hvb.") + "AAAAAQ" + random.Text(120, kAlnum), Verdict::kPlausible);
  add("batch with another head", std::string("hvb.") + "BAAAAQ" + random.Text(120, kAlnum), Verdict::kDoubtful);
  add("another prefix", "s." + random.Text(24, kAlnum), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddMapbox(std::vector<Sample>* samples) {
  Random random(43);
  const std::string tail = "." + random.Text(22, kAlnum);
  const auto token = [&](const std::string& kind, const std::string& json) {
    return kind + "." + generate::Base64Url(json) + tail;
  };
  const std::string json = R"({"u":"acme","a":"ck0000000000"})";
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"mapbox", what, secret, verdict, note});
  };
  add("secret", token("sk", json), Verdict::kPlausible, "Mapbox account acme");
  add("temporary", token("tk", json), Verdict::kPlausible, "Mapbox account acme");
  add("public", token("pk", json), Verdict::kPlausible, "Mapbox account acme, public token");
  add("no user", token("sk", R"({"a":"ck0000000000"})"), Verdict::kRejected);
  add("no JSON", token("sk", "x" + json), Verdict::kRejected);
  add("no signature", token("sk", json).substr(0, 30), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
  add("a dot", ".", Verdict::kRejected);
}

void AddDiscord(std::vector<Sample>* samples) {
  Random random(44);
  const auto token = [&](const std::string& id, std::size_t stamp, std::size_t hmac) {
    return generate::Base64Url(id) + "." + generate::Base64Url(random.Bytes(stamp)) + "." +
           random.Text(hmac, kAlnum + "-_");
  };
  const auto id_of = [](std::uint64_t milliseconds) { return std::to_string((milliseconds - 1420070400000) << 22); };
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"discord-bot", what, secret, verdict, note});
  };
  const std::string id = id_of(1600000000000);
  add("right", token(id, 4, 38), Verdict::kPlausible, "Discord bot " + id);
  add("older", token(id, 4, 27), Verdict::kPlausible, "Discord bot " + id);
  add("of the future", token(id_of(4000000000000), 4, 38), Verdict::kRejected);
  add("id of letters", token("abcdefghijklmnopqr", 4, 38), Verdict::kRejected);
  add("id of 16 digits", token("1234567890123456", 4, 38), Verdict::kRejected);
  add("more than 64 bits", token("99999999999999999999", 4, 38), Verdict::kRejected);
  add("stamp of 5 bytes", token(id, 5, 38), Verdict::kRejected);
  add("HMAC of 26", token(id, 4, 26), Verdict::kRejected);
  add("one dot", generate::Base64Url(id) + "." + random.Text(38, kAlnum), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddBitwarden(std::vector<Sample>* samples) {
  Random random(45);
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"bitwarden", what, secret, verdict});
  };
  const std::string key = generate::Base64(random.Bytes(16));
  const std::string token = "0." + random.Uuid() + "." + random.Text(30, kAlnum) + ":" + key;
  add("right", token, Verdict::kPlausible);
  add("not padded", generate::Unpadded(token), Verdict::kPlausible);
  add("version 1", "1" + token.substr(1), Verdict::kRejected);
  add("no UUID", token.substr(0, 5) + "x" + token.substr(6), Verdict::kRejected);
  add("foreign character", token.substr(0, 45) + "_" + token.substr(46), Verdict::kRejected);
  add("key of 15 bytes", token.substr(0, 70) + generate::Base64(random.Bytes(15)), Verdict::kRejected);
  add("no secret", token.substr(0, 39) + ":" + key, Verdict::kRejected);
  add("no colon", token.substr(0, 69), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddSvix(std::vector<Sample>* samples) {
  Random random(46);
  const auto token = [&](std::size_t bytes) {
    return "whsec" + std::string("_") + generate::Base64(random.Bytes(bytes));
  };
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"svix", what, secret, verdict});
  };
  add("24 bytes", token(24), Verdict::kPlausible);
  add("64 bytes", token(64), Verdict::kPlausible);
  add("23 bytes: may be Stripe's", token(23), Verdict::kUnknown);
  add("65 bytes", token(65), Verdict::kUnknown);
  add("no base64", token(24) + "!", Verdict::kUnknown);
  add("another prefix", "x" + token(24), Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

void AddLogins(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& login, Verdict verdict) {
    samples->push_back({"base64-basic-auth", what, generate::Base64(login), verdict});
    samples->push_back({"docker-auth", what, generate::Base64(login), verdict});
  };
  const std::string password = Random(47).Text(20, kAlnum);
  add("right", "deploy:" + password, Verdict::kPlausible);
  add("UTF-8", "jürgen:" + password, Verdict::kPlausible);
  add("no user", ":" + password, Verdict::kPlausible);
  add("a password with colons", "deploy:a:" + password, Verdict::kPlausible);
  add("user alone", "deploy:", Verdict::kRejected);
  add("no colon", "deploy" + password, Verdict::kRejected);
  add("no text", "deploy:\x01\x02" + password, Verdict::kRejected);
  add("Latin-1", "j\xFCrgen:" + password, Verdict::kRejected);
  add("RFC 7617", "Aladdin:open sesame", Verdict::kRejected);
  add("sample", "user:password", Verdict::kRejected);
  add("sample in upper case", "USERNAME:PASSWORD", Verdict::kRejected);
  add("template", "deploy:${PASSWORD}", Verdict::kRejected);
  add("masked", "deploy:********", Verdict::kRejected);
  add("a sample's user with a real password", "admin:" + password, Verdict::kPlausible);
  for (const std::string check : {"base64-basic-auth", "docker-auth"}) {
    const std::string_view name = Find(check)->name;
    samples->push_back({name, "no base64", "deploy:" + password, Verdict::kRejected});
    samples->push_back({name, "empty", "", Verdict::kRejected});
  }
  const auto add_docker = [&](const std::string& what, const std::string& text, Verdict verdict) {
    samples->push_back({"docker-auth", what, generate::Base64(text), verdict});
  };
  add_docker("NULs at the end", "deploy:" + password + std::string(3, '\0'), Verdict::kPlausible);
  add_docker("config.json", R"({"auths": {"ghcr.io": {"auth": "eA=="}}})", Verdict::kPlausible);
  add_docker("another JSON", R"({"a": "b"})", Verdict::kRejected);
}

void AddUuid(std::vector<Sample>* samples) {
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict) {
    samples->push_back({"uuid-v4", what, secret, verdict});
  };
  const std::string uuid = Random(48).Uuid();
  add("random", uuid, Verdict::kPlausible);
  add("upper case", generate::Upper(uuid), Verdict::kPlausible);
  add("version 1", uuid.substr(0, 14) + "1" + uuid.substr(15), Verdict::kDoubtful);
  add("another variant", uuid.substr(0, 19) + "c" + uuid.substr(20), Verdict::kDoubtful);
  add("nil", "00000000-0000-0000-0000-000000000000", Verdict::kRejected);
  add("all f", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", Verdict::kRejected);
  add("hyphen elsewhere", uuid.substr(1) + "0", Verdict::kRejected);
  add("too short", uuid.substr(1), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

}  // namespace

std::vector<Sample> TokenSamples() {
  std::vector<Sample> samples;
  AddSentry(&samples);
  AddOnepassword(&samples);
  AddVault(&samples);
  AddMapbox(&samples);
  AddDiscord(&samples);
  AddBitwarden(&samples);
  AddSvix(&samples);
  AddLogins(&samples);
  AddUuid(&samples);
  return samples;
}

namespace {

TEST(Tokens, SaysOfEachSampleWhatItShould) { ExpectVerdicts(TokenSamples()); }

}  // namespace
}  // namespace sluice::checks
