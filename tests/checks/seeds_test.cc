#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::Random;

void AddAge(std::vector<Sample>* samples) {
  Random random(60);
  const auto add = [&](const std::string& what, const std::string& key, Verdict verdict) {
    samples->push_back({"age-key", what, key, verdict});
  };
  const std::string bytes = random.Bytes(32);
  const std::string key = generate::Upper(generate::Bech32("age-secret-key-", bytes));
  add("age", key, Verdict::kVerified);
  add("age, lower case", generate::Lower(key), Verdict::kVerified);
  add("age, post-quantum", generate::Upper(generate::Bech32("age-secret-key-pq-", bytes)), Verdict::kVerified);
  add("plugin", generate::Upper(generate::Bech32("age-plugin-yubikey-", random.Bytes(9))), Verdict::kVerified);
  add("nostr", generate::Bech32("nsec", bytes), Verdict::kVerified);
  add("public age key", generate::Bech32("age", bytes), Verdict::kRejected);
  add("public nostr key", generate::Bech32("npub", bytes), Verdict::kRejected);
  add("31 bytes", generate::Bech32("nsec", bytes.substr(1)), Verdict::kRejected);
  add("mixed case", generate::Lower(key.substr(0, 30)) + key.substr(30), Verdict::kRejected);
  add("changed", key.substr(0, 20) + (key[20] == 'Q' ? "P" : "Q") + key.substr(21), Verdict::kRejected);
  add("too short", key.substr(0, key.size() - 1), Verdict::kRejected);
  add("prefix alone", "AGE-SECRET-KEY-1", Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddWireguard(std::vector<Sample>* samples) {
  Random random(61);
  const auto add = [&](const std::string& what, const std::string& key, Verdict verdict) {
    samples->push_back({"wireguard", what, key, verdict});
  };
  std::string bytes = random.Bytes(32);
  bytes[0] = static_cast<char>(bytes[0] & 0xF8);
  bytes[31] = static_cast<char>((bytes[31] & 0x3F) | 0x40);
  add("clamped", generate::Base64(bytes), Verdict::kPlausible);
  std::string low = bytes;
  low[0] = static_cast<char>(low[0] | 1);
  add("low bit", generate::Base64(low), Verdict::kDoubtful);
  std::string high = bytes;
  high[31] = static_cast<char>(high[31] | 0x80);
  add("high bit", generate::Base64(high), Verdict::kDoubtful);
  add("31 bytes", generate::Base64(bytes.substr(1)), Verdict::kRejected);
  add("zeros", generate::Base64(std::string(32, '\0')), Verdict::kRejected);
  add("no base64", "!" + generate::Base64(bytes).substr(1), Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

std::string WithCrc16(const std::string& bytes) {
  return generate::Base32(bytes + generate::LittleEndian(generate::Crc16(bytes)).substr(0, 2));
}

// 5 bits of "seed", 8 bits of kind, of which 5 count, 3 bits of nothing.
std::string Nats(char kind, const std::string& bytes) {
  const auto value = static_cast<unsigned>(kind - 'A') << 3;
  return WithCrc16(std::string{static_cast<char>(0x90 | value >> 5), static_cast<char>(value << 3)} + bytes);
}

void AddBase32Seeds(std::vector<Sample>* samples) {
  Random random(62);
  const std::string bytes = random.Bytes(32);
  const auto add_nats = [&](const std::string& what, const std::string& seed, Verdict verdict) {
    samples->push_back({"nats-seed", what, seed, verdict});
  };
  for (const char kind : std::string("UAONCX")) {
    const std::string seed = Nats(kind, bytes);
    ASSERT_TRUE(seed.starts_with(std::string("S") + kind));
    add_nats(std::string("kind ") + kind, seed, Verdict::kPlausible);
    add_nats(std::string("changed ") + kind, seed.substr(0, 20) + (seed[20] == 'A' ? "B" : "A") + seed.substr(21),
             Verdict::kRejected);
  }
  add_nats("another kind", Nats('Z', bytes), Verdict::kRejected);
  add_nats("public key", WithCrc16(std::string(1, static_cast<char>(20 << 3)) + bytes), Verdict::kUnknown);
  add_nats("no seed", WithCrc16("\x08" + random.Bytes(33)), Verdict::kRejected);
  add_nats("lower case", generate::Lower(Nats('U', bytes)), Verdict::kRejected);
  add_nats("too short", Nats('U', bytes).substr(1), Verdict::kUnknown);
  add_nats("empty", "", Verdict::kUnknown);

  const auto add_stellar = [&](const std::string& what, const std::string& seed, Verdict verdict) {
    samples->push_back({"stellar-seed", what, seed, verdict});
  };
  const std::string stellar = WithCrc16("\x90" + bytes);
  add_stellar("right", stellar, Verdict::kPlausible);
  add_stellar("changed", generate::Changed(stellar, 20), Verdict::kRejected);
  add_stellar("public key", WithCrc16("\x30" + bytes), Verdict::kRejected);
  add_stellar("lower case", generate::Lower(stellar), Verdict::kRejected);
  add_stellar("too short", stellar.substr(1), Verdict::kUnknown);
  add_stellar("empty", "", Verdict::kUnknown);
}

std::string Base58Check(const std::string& payload) {
  return generate::Base58(payload + generate::Sha256(generate::Sha256(payload)).substr(0, 4));
}

void AddBase58Keys(std::vector<Sample>* samples) {
  Random random(63);
  const std::string bytes = random.Bytes(32);
  const auto add_wif = [&](const std::string& what, const std::string& key, Verdict verdict) {
    samples->push_back({"wif", what, key, verdict});
  };
  // From the Bitcoin wiki's page on the format.
  add_wif("published vector", std::string("5HueCGU8rMjxEXxiPuD5BDk") + "u4MkFqeZyd4dZ1jvhTVqvbTLvyTJ",
          Verdict::kVerified);
  const std::string key = Base58Check("\x80" + bytes + "\x01");
  add_wif("long form", Base58Check("\x80" + bytes), Verdict::kVerified);
  add_wif("short form", key, Verdict::kVerified);
  add_wif("of a test network", Base58Check("\xEF" + bytes + "\x01"), Verdict::kVerified);
  add_wif("another suffix", Base58Check("\x80" + bytes + "\x02"), Verdict::kRejected);
  add_wif("address", Base58Check(std::string(1, '\0') + bytes.substr(12)), Verdict::kRejected);
  add_wif("changed", key.substr(0, 20) + (key[20] == 'a' ? "b" : "a") + key.substr(21), Verdict::kRejected);
  add_wif("too short", key.substr(0, key.size() - 1), Verdict::kRejected);
  add_wif("not in the alphabet", "0" + key.substr(1), Verdict::kRejected);
  add_wif("too long", std::string(200, 'z'), Verdict::kRejected);
  add_wif("empty", "", Verdict::kRejected);

  const auto add_xprv = [&](const std::string& what, const std::string& xprv, Verdict verdict) {
    samples->push_back({"xprv", what, xprv, verdict});
  };
  // BIP-32, test vector 1, chain m.
  const std::string vector = std::string("xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4st") +
                             "bPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGtRBeJgk33yuGBxrMPHi";
  add_xprv("published vector", vector, Verdict::kVerified);
  const std::string rest = std::string(9, '\0') + random.Bytes(32);
  const std::string secret = std::string(1, '\0') + bytes;
  for (const std::uint32_t version : {0x0488ADE4U, 0x049D7878U, 0x04B2430CU, 0x04358394U, 0x044A4E28U, 0x045F18BCU}) {
    const std::string generated = Base58Check(generate::BigEndian(version) + rest + secret);
    add_xprv(generated.substr(0, 4), generated, Verdict::kVerified);
  }
  add_xprv("public", Base58Check(generate::BigEndian(0x0488B21E) + rest + "\x02" + bytes), Verdict::kRejected);
  add_xprv("public key with a private version", Base58Check(generate::BigEndian(0x0488ADE4) + rest + "\x02" + bytes),
           Verdict::kRejected);
  add_xprv("another version", Base58Check(generate::BigEndian(0x0488ADE5) + rest + secret), Verdict::kRejected);
  add_xprv("changed", generate::Changed(vector, 50), Verdict::kRejected);
  add_xprv("too short", vector.substr(0, vector.size() - 1), Verdict::kRejected);
  add_xprv("empty", "", Verdict::kRejected);
}

}  // namespace

std::vector<Sample> SeedSamples() {
  std::vector<Sample> samples;
  AddAge(&samples);
  AddWireguard(&samples);
  AddBase32Seeds(&samples);
  AddBase58Keys(&samples);
  return samples;
}

namespace {

TEST(Seeds, SaysOfEachSampleWhatItShould) { ExpectVerdicts(SeedSamples()); }

TEST(Seeds, EveryCharacterOfAnAgeKeyCounts) {
  const std::string key = generate::Bech32("age-secret-key-", Random(64).Bytes(32));
  for (std::size_t i = 0; i < key.size(); ++i) {
    std::string changed = key;
    changed[i] = changed[i] == 'q' ? 'p' : 'q';
    EXPECT_EQ(Name(Judge("age-key", changed).verdict), "kRejected") << i;
  }
}

}  // namespace
}  // namespace sluice::checks
