#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "checks/generate.h"
#include "checks/samples.h"

namespace sluice::checks {
namespace {

using generate::Base64Url;
using generate::Random;

std::string Signed(const std::string& alg, const std::string& payload, const std::string& signature) {
  return Base64Url("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}") + "." + Base64Url(payload) + "." + Base64Url(signature);
}

std::string Hs256(const std::string& payload, const std::string& key) {
  std::string token = Signed("HS256", payload, "");
  token.pop_back();
  return token + "." + Base64Url(generate::HmacSha256(key, token));
}

const std::string kClaims = R"({"sub":"4711","iss":"https://login.acme.io","exp":9700000000})";
const std::string kNote = "issuer https://login.acme.io, expires 2277-05-19";

void AddJwt(std::vector<Sample>* samples) {
  Random random(50);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"jwt", what, token, verdict, note});
  };
  const std::string key = random.Bytes(32);
  const std::string token = Hs256(kClaims, key);
  add("HS256", token, Verdict::kPlausible, kNote);
  add("no claims", Hs256("{}", key), Verdict::kPlausible);
  add("expired", Hs256(R"({"exp":1700000000})", key), Verdict::kDoubtful, "expired 2023-11-14");
  for (const std::string issuer : {"https://login.example.com/", "https://EXAMPLE.org:8443", "idp.example"}) {
    add("issued by " + issuer, Hs256("{\"iss\":\"" + issuer + "\"}", key), Verdict::kDoubtful,
        "sample payload, issuer " + issuer);
  }
  add("issued by another", Hs256(R"({"iss":"https://notexample.com/"})", key), Verdict::kPlausible,
      "issuer https://notexample.com/");
  add("an expiry beyond all dates", Hs256(R"({"exp":1e300})", key), Verdict::kPlausible);
  add("an expiry that is no number", Hs256(R"({"exp":"soon"})", key), Verdict::kPlausible);
  add("hostile issuer", Hs256(R"({"iss":"a\u001b]0;b"})", key), Verdict::kPlausible, "issuer a?]0;b");

  struct Alg {
    std::string name;
    std::vector<std::size_t> right;
    std::vector<std::size_t> wrong;
  };
  for (const Alg& alg : std::vector<Alg>{{"HS256", {32}, {31, 33, 64}},
                                         {"HS384", {48}, {32}},
                                         {"HS512", {64}, {32}},
                                         {"ES256", {64}, {32, 70}},
                                         {"ES384", {96}, {64}},
                                         {"ES512", {132}, {64}},
                                         {"EdDSA", {64, 114}, {32}},
                                         {"RS256", {128, 256, 384, 512}, {32, 64}},
                                         {"PS512", {256}, {64}},
                                         {"of tomorrow", {7}, {}}}) {
    for (const std::size_t size : alg.right) {
      add(alg.name + " of " + std::to_string(size), Signed(alg.name, kClaims, random.Bytes(size)), Verdict::kPlausible,
          kNote);
    }
    for (const std::size_t size : alg.wrong) {
      add(alg.name + " of " + std::to_string(size), Signed(alg.name, kClaims, random.Bytes(size)), Verdict::kDoubtful,
          "signature of the wrong size, " + kNote);
    }
  }
  add("unsigned", Signed("none", kClaims, ""), Verdict::kDoubtful, "unsigned, " + kNote);
  for (const std::string sample : {"secret", "your-256-bit-secret", "", "shhhhh"}) {
    add("signed with '" + sample + "'", Hs256(kClaims, sample), Verdict::kDoubtful,
        "signed with a sample key, " + kNote);
  }
  std::string hs512 = Signed("HS512", kClaims, "");
  hs512.pop_back();
  add("HS512 signed with a sample key", hs512 + "." + Base64Url(generate::HmacSha512("secret", hs512)),
      Verdict::kDoubtful, "signed with a sample key, " + kNote);
  add("jwt.io's payload", Hs256(R"({"sub":"1234567890","name":"John Doe","iat":1516239022})", key), Verdict::kDoubtful,
      "sample payload");
  add("jwt.io's token", Hs256(R"({"sub":"1234567890","name":"John Doe"})", "your-256-bit-secret"), Verdict::kRejected,
      "sample");

  add("header that is no JSON", Base64Url("alg: HS256") + token.substr(token.find('.')), Verdict::kRejected);
  add("header without alg", Base64Url("{\"typ\":\"JWT\"}") + token.substr(token.find('.')), Verdict::kRejected);
  add("payload that is no JSON", Signed("HS256", kClaims.substr(1), key), Verdict::kRejected);
  add("payload that is no object", Signed("HS256", "[1]", key), Verdict::kRejected);
  add("two parts", token.substr(0, token.rfind('.')), Verdict::kRejected);
  add("four parts", token + ".x", Verdict::kRejected);
  add("seven parts", token + ".x.x.x.x", Verdict::kRejected);
  // Header, no key, initialization vector, text, tag.
  const std::string parts =
      ".." + Base64Url(random.Bytes(12)) + "." + Base64Url(random.Bytes(40)) + "." + Base64Url(random.Bytes(16));
  add("encrypted", Base64Url(R"({"alg":"dir","enc":"A256GCM"})") + parts, Verdict::kPlausible, "encrypted");
  add("five parts, not encrypted", Base64Url(R"({"alg":"dir"})") + parts, Verdict::kRejected);
  add("dots", "..", Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

void AddSupabase(std::vector<Sample>* samples) {
  const std::string key = Random(51).Bytes(32);
  const auto add = [&](const std::string& what, const std::string& token, Verdict verdict,
                       const std::string& note = "") {
    samples->push_back({"supabase-jwt", what, token, verdict, note});
  };
  const auto claims = [](const std::string& iss, const std::string& role) {
    return "{\"iss\":\"" + iss + "\",\"ref\":\"abcdefghijklmnopqrst\",\"role\":\"" + role + "\"}";
  };
  add("service role", Hs256(claims("supabase", "service_role"), key), Verdict::kPlausible,
      "Supabase service_role of project abcdefghijklmnopqrst, issuer supabase");
  add("public role", Hs256(claims("supabase", "anon"), key), Verdict::kDoubtful,
      "Supabase anon of project abcdefghijklmnopqrst");
  add("another issuer", Hs256(claims("auth0", "service_role"), key), Verdict::kRejected);
  add("the local demo", Hs256(claims("supabase-demo", "service_role"), key), Verdict::kDoubtful,
      "Supabase service_role of project abcdefghijklmnopqrst, sample payload, issuer supabase-demo");
  add("no token", "a.b.c", Verdict::kRejected);
  add("empty", "", Verdict::kRejected);
}

// The numbers of a PKCS#1 key: version, n, e, d, p, q, …
std::vector<std::string> RsaNumbers() {
  const std::string& der = generate::RsaKey().der;
  std::vector<std::string> numbers;
  for (std::size_t at = 4; at < der.size();) {  // After the SEQUENCE and its length of two bytes.
    std::size_t size = static_cast<unsigned char>(der[at + 1]);
    at += 2;
    if (size == 0x81) size = static_cast<unsigned char>(der[at++]);
    numbers.push_back(der.substr(at, size));
    at += size;
  }
  return numbers;
}

void AddJwk(std::vector<Sample>* samples) {
  Random random(52);
  const auto add = [&](const std::string& what, const std::string& secret, Verdict verdict,
                       const std::string& match = "") {
    samples->push_back({"private-jwk", what, secret, verdict, "", match});
  };
  const auto okp = [&](const std::string& type, const std::string& curve, std::size_t bytes) {
    return "{\"kty\":\"" + type + "\",\"crv\":\"" + curve + "\",\"x\":\"" + Base64Url(random.Bytes(32)) +
           "\",\"d\":\"" + Base64Url(random.Bytes(bytes)) + "\"}";
  };
  add("P-256", okp("EC", "P-256", 32), Verdict::kPlausible);
  add("P-521", okp("EC", "P-521", 66), Verdict::kPlausible);
  add("Ed25519", okp("OKP", "Ed25519", 32), Verdict::kPlausible);
  add("a curve of tomorrow", okp("OKP", "X999", 20), Verdict::kPlausible);
  add("P-256 of 31 bytes", okp("EC", "P-256", 31), Verdict::kRejected);
  add("d without value", okp("EC", "P-256", 0), Verdict::kRejected);
  add("public EC key", R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})", Verdict::kRejected);
  add("symmetric", R"({"kty":"oct","k":")" + Base64Url(random.Bytes(32)) + "\"}", Verdict::kPlausible);
  add("symmetric without k", R"({"kty":"oct"})", Verdict::kRejected);

  const std::vector<std::string> numbers = RsaNumbers();
  const auto rsa = [&](const std::string& p, const std::string& q) {
    return "{\"kty\":\"RSA\",\"n\":\"" + Base64Url(numbers[1].substr(1)) + "\",\"e\":\"AQAB\",\"d\":\"" +
           Base64Url(numbers[3]) + "\",\"p\":\"" + Base64Url(p) + "\",\"q\":\"" + Base64Url(q) + "\"}";
  };
  const std::string key = rsa(numbers[4], numbers[5]);
  add("RSA", key, Verdict::kVerified);
  add("RSA in base64", generate::Base64(key), Verdict::kVerified);
  add("RSA, the match is the key", "RSA", Verdict::kVerified, key);
  std::string other = numbers[5];
  other.back() = static_cast<char>(other.back() ^ 2);
  add("RSA with another factor", rsa(numbers[4], other), Verdict::kRejected);
  // 1 times n is n, and no key.
  add("RSA with a factor of 1", rsa("\x01", numbers[1]), Verdict::kRejected);
  add("RSA without factors", rsa("", ""), Verdict::kPlausible);
  add("RSA with factors too large to multiply", rsa(random.Bytes(3000), random.Bytes(3000)), Verdict::kPlausible);
  add("public RSA key", R"({"kty":"RSA","n":"AQAB","e":"AQAB"})", Verdict::kRejected);
  add("RSA without n", R"({"kty":"RSA","d":"AQAB"})", Verdict::kRejected);
  add("another type", R"({"kty":"AKP","priv":"AQAB"})", Verdict::kUnknown);
  add("a piece", R"("kty":"RSA","n":"AQAB")", Verdict::kUnknown);
  add("empty", "", Verdict::kUnknown);
}

}  // namespace

std::vector<Sample> JwtSamples() {
  std::vector<Sample> samples;
  AddJwt(&samples);
  AddSupabase(&samples);
  AddJwk(&samples);
  return samples;
}

namespace {

TEST(Jwt, SaysOfEachSampleWhatItShould) { ExpectVerdicts(JwtSamples()); }

}  // namespace
}  // namespace sluice::checks
