// JSON Web Tokens and JSON Web Keys (RFC 7515 to 7519).
#include <algorithm>
#include <array>
#include <vector>

#include "checks/clock.h"
#include "checks/digests.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/json.h"
#include "checks/mpi.h"

namespace sluice::checks {
namespace {

std::vector<std::string_view> SplitAtDots(std::string_view token) {
  constexpr std::size_t kMaxParts = 6;
  std::vector<std::string_view> parts;
  while (parts.size() < kMaxParts) {
    const std::size_t dot = token.find('.');
    parts.push_back(token.substr(0, dot));
    if (dot == std::string_view::npos) break;
    token.remove_prefix(dot + 1);
  }
  return parts;
}

bool SignatureSizeFits(std::string_view alg, std::size_t bytes) {
  struct Size {
    std::string_view alg;
    std::size_t bytes;
  };
  constexpr std::array<Size, 7> kSizes = {
      {{"HS256", 32}, {"HS384", 48}, {"HS512", 64}, {"ES256", 64}, {"ES384", 96}, {"ES512", 132}, {"ES256K", 64}}};
  for (const Size& size : kSizes) {
    if (size.alg == alg) return size.bytes == bytes;
  }
  if (alg == "EdDSA") return bytes == 64 || bytes == 114;
  if (alg.starts_with("RS") || alg.starts_with("PS")) return bytes >= 128 && bytes <= 1024;
  return true;
}

// Keys of tutorials, libraries' READMEs and jwt.io. A token that one of them has signed opens nothing.
bool IsSignedWithSampleKey(std::string_view alg, std::string_view signed_text, std::string_view signature) {
  constexpr std::array<std::string_view, 18> kKeys = {
      "secret",
      "your-256-bit-secret",
      "your-384-bit-secret",
      "your-512-bit-secret",
      "a-string-secret-at-least-256-bits-long",
      "a-valid-string-secret-that-is-at-least-384-bits-long",
      "a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long",
      "qwertyuiopasdfghjklzxcvbnm123456",
      "shhhhh",
      "secretkey",
      "secret-key",
      "secret_key",
      "my-secret",
      "password",
      "changeme",
      "test",
      "key",
      ""};
  Digest digest = Digest::kSha256;
  if (alg == "HS384") digest = Digest::kSha384;
  if (alg == "HS512") digest = Digest::kSha512;
  if (alg != "HS256" && digest == Digest::kSha256) return false;
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](std::string_view key) { return Hmac(digest, key, signed_text) == signature; });
}

std::string Joined(std::string_view first, std::string_view second) {
  std::string note(first);
  if (!first.empty() && !second.empty()) note += ", ";
  return note.append(second);
}

std::string ClaimsNote(const Json& payload) {
  std::string note;
  if (!payload.Text("iss").empty()) note = "issuer " + Printable(payload.Text("iss"));
  const double expiry = payload.Number("exp").value_or(0);
  // Also keeps the cast below defined.
  const bool is_date = expiry > 0 && expiry < 1e12;
  return Joined(note, is_date ? ExpiryNote(static_cast<std::int64_t>(expiry)) : std::string());
}

// True for a name that no host has (RFC 2606): "https://login.example.com/".
bool IsHostOfDocumentation(std::string_view issuer) {
  if (const std::size_t scheme = issuer.find("://"); scheme != std::string_view::npos) issuer.remove_prefix(scheme + 3);
  std::string host = "." + ToLowerAscii(issuer.substr(0, issuer.find_first_of("/:")));
  constexpr std::array<std::string_view, 5> kEnds = {".example.com", ".example.org", ".example.net", ".example",
                                                     ".test"};
  return std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) { return host.ends_with(end); });
}

bool IsSamplePayload(const Json& payload) {
  return payload.Text("sub") == "1234567890" || payload.Text("name") == "John Doe" ||
         payload.Text("iss") == "supabase-demo" || IsHostOfDocumentation(payload.Text("iss"));
}

bool IsExpired(const Json& payload) {
  const std::optional<double> expiry = payload.Number("exp");
  return expiry && *expiry <= static_cast<double>(UnixNow());
}

struct ParsedJwt {
  Outcome outcome;
  std::optional<Json> payload;  // Where there is one that can be read.
};

ParsedJwt JudgeEncrypted(std::string_view header_text) {
  const std::optional<Json> header = ParseBase64JsonObject(header_text);
  if (!header || header->Text("enc").empty()) return {Rejected(), std::nullopt};
  return {Plausible("encrypted"), std::nullopt};
}

ParsedJwt JudgeJwt(std::string_view token) {
  if (token.size() > kMaxInputBytes) return {Unknown(), std::nullopt};
  const std::vector<std::string_view> parts = SplitAtDots(token);
  if (parts.size() == 5) return JudgeEncrypted(parts[0]);
  if (parts.size() != 3) return {Rejected(), std::nullopt};
  const std::optional<Json> header = ParseBase64JsonObject(parts[0]);
  std::optional<Json> payload = ParseBase64JsonObject(parts[1]);
  const std::optional<std::string> signature = DecodeBase64(parts[2], Base64::kEither);
  const std::string_view alg = header ? header->Text("alg") : std::string_view();
  if (alg.empty() || !payload) return {Rejected(), std::nullopt};
  std::string note = ClaimsNote(*payload);
  const bool is_sample = IsSamplePayload(*payload);
  std::string_view doubt;
  if (ToLowerAscii(alg) == "none") {
    doubt = "unsigned";
  } else if (!signature || !SignatureSizeFits(alg, signature->size())) {
    doubt = "signature of the wrong size";
  } else if (IsSignedWithSampleKey(alg, token.substr(0, token.size() - parts[2].size() - 1), *signature)) {
    // Both are samples: it was made to be shown.
    if (is_sample) return {{Verdict::kRejected, "sample"}, std::nullopt};
    doubt = "signed with a sample key";
  } else if (is_sample) {
    doubt = "sample payload";
  }
  // The note says already that it is expired.
  if (!doubt.empty() || IsExpired(*payload)) return {Doubtful(Joined(doubt, note)), std::move(payload)};
  return {Plausible(std::move(note)), std::move(payload)};
}

std::size_t PrivateSizeOfCurve(std::string_view curve) {
  struct Curve {
    std::string_view name;
    std::size_t bytes;
  };
  constexpr std::array<Curve, 8> kCurves = {{{"P-256", 32},
                                             {"P-384", 48},
                                             {"P-521", 66},
                                             {"secp256k1", 32},
                                             {"Ed25519", 32},
                                             {"X25519", 32},
                                             {"Ed448", 57},
                                             {"X448", 56}}};
  for (const Curve& known : kCurves) {
    if (known.name == curve) return known.bytes;
  }
  return 0;
}

Outcome JudgeRsaJwk(const Json& key) {
  const auto number = [&](std::string_view name) { return DecodeBase64(key.Text(name), Base64::kUrl); };
  const std::optional<std::string> p = number("p");
  const std::optional<std::string> q = number("q");
  const std::optional<std::string> n = number("n");
  if (!n || n->empty()) return Rejected();
  if (!p || !q || p->empty() || q->empty()) return Plausible();
  const std::optional<bool> holds = AreFactors(*p, *q, *n);
  if (!holds) return Plausible();
  return *holds ? Verified() : Rejected();
}

}  // namespace

// Header and payload are JSON objects, the header has an algorithm, and the signature has that algorithm's size.
// Samples are recognized by no signature, one of the wrong size, a well-known key, or a well-known payload; what has
// expired opens nothing any more.
Outcome Jwt(std::string_view secret, std::string_view /*match*/) { return JudgeJwt(secret).outcome; }

// Supabase's two keys of old: service_role may do everything, anon is for web pages.
Outcome SupabaseJwt(std::string_view secret, std::string_view /*match*/) {
  ParsedJwt jwt = JudgeJwt(secret);
  if (jwt.outcome.verdict == Verdict::kRejected || !jwt.payload) return jwt.outcome;
  if (jwt.payload->Text("iss").find("supabase") == std::string_view::npos) return Rejected();
  const std::string_view role = jwt.payload->Text("role");
  std::string note = "Supabase " + Printable(role, 40);
  const std::string_view project = jwt.payload->Text("ref");
  if (!project.empty()) note += " of project " + Printable(project, 40);
  if (role == "anon") return Doubtful(std::move(note));
  jwt.outcome.note = Joined(note, jwt.outcome.note);
  return jwt.outcome;
}

// {"kty": "RSA", …} with d, {"kty": "EC" or "OKP"} with d of the curve's size, {"kty": "oct"} with k. Without these it
// is a public key. A piece of such an object says nothing.
Outcome PrivateJwk(std::string_view secret, std::string_view match) {
  std::optional<Json> key = ParseJsonObject(secret);
  if (!key) key = ParseJsonObject(match);
  if (!key) key = ParseBase64JsonObject(secret);
  if (!key) return Unknown();
  const std::string_view type = key->Text("kty");
  const std::optional<std::string> d = DecodeBase64(key->Text("d"), Base64::kUrl);
  const bool has_d = d && !d->empty();
  if (type == "oct") return key->Text("k").empty() ? Rejected() : Plausible();
  if (type == "RSA") return has_d ? JudgeRsaJwk(*key) : Rejected();
  if (type != "EC" && type != "OKP") return Unknown();
  const std::size_t size = PrivateSizeOfCurve(key->Text("crv"));
  return has_d && (size == 0 || size == d->size()) ? Plausible() : Rejected();
}

}  // namespace sluice::checks
