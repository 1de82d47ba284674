// Tokens that hold a structure which decodes: JSON, protobuf, identifiers, a user name and a password.
#include <algorithm>
#include <array>

#include "checks/clock.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/json.h"

namespace sluice::checks {
namespace {

template <std::size_t kSize>
bool IsOneOf(std::string_view text, const std::array<std::string_view, kSize>& list) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// The groups of a 1Password Secret Key, in each of the two ways it has been printed.
bool HasGroups(std::string_view text, std::initializer_list<std::size_t> sizes) {
  std::size_t groups = 0;
  for (const std::size_t size : sizes) {
    if (groups++ > 0) {
      if (!text.starts_with('-')) return false;
      text.remove_prefix(1);
    }
    const std::string_view group = text.substr(0, text.find('-'));
    if (group.size() != size || !AllOf(group, "23456789ABCDEFGHJKLMNPQRSTVWXYZ")) return false;
    text.remove_prefix(size);
  }
  return text.empty();
}

// Field 1: version 1. Field 2: an HMAC of 32 bytes. Field 3: the inner token, to the end.
bool IsVaultSignedToken(std::string_view bytes) {
  constexpr std::string_view kHead = "\x08\x01\x12\x20";
  constexpr std::size_t kInner = 4 + 32;
  if (!bytes.starts_with(kHead) || bytes.size() < kInner + 2 || bytes[kInner] != '\x1A') return false;
  std::size_t length = static_cast<unsigned char>(bytes[kInner + 1]);
  std::size_t header = 2;
  if (length >= 0x80) {
    if (bytes.size() < kInner + 3) return false;
    length = (length & 0x7F) | (static_cast<std::size_t>(static_cast<unsigned char>(bytes[kInner + 2])) << 7);
    header = 3;
  }
  return bytes.size() == kInner + header + length;
}

constexpr std::array<std::string_view, 16> kSampleUsers = {
    "user", "username", "user_name", "your_username", "your-username", "yourusername", "login",     "name",
    "test", "testuser", "foo",       "admin",         "myuser",        "myusername",   "uservalue", "usr",
};
constexpr std::array<std::string_view, 18> kSamplePasswords = {
    "pass", "password", "pass_word", "passwd", "pwd",        "your_password", "your-password", "yourpassword", "secret",
    "test", "testpass", "bar",       "admin",  "mypassword", "changeme",      "example",       "token",        "pw",
};

bool IsTemplate(std::string_view text) {
  return text.find("${") != std::string_view::npos || text.find("{{") != std::string_view::npos ||
         text.find("%s") != std::string_view::npos || (text.starts_with('<') && text.ends_with('>')) ||
         text.find_first_not_of("*xX.") == std::string_view::npos;
}

// RFC 7617's Aladdin is in every tutorial.
bool IsSampleLogin(std::string_view user, std::string_view password) {
  const std::string lower_user = ToLowerAscii(user);
  if (lower_user == "aladdin" || IsTemplate(password)) return true;
  return IsOneOf(lower_user, kSampleUsers) && IsOneOf(ToLowerAscii(password), kSamplePasswords);
}

Outcome JudgeLogin(std::string_view login) {
  const std::size_t colon = login.find(':');
  if (colon == std::string_view::npos || !IsText(login)) return Rejected();
  const std::string_view user = login.substr(0, colon);
  const std::string_view password = login.substr(colon + 1);
  if (password.empty() || IsSampleLogin(user, password)) return Rejected();
  return Plausible();
}

}  // namespace

// sntrys_, base64 JSON with iat, url, region_url and org, underscore, the base64 of 32 bytes.
Outcome SentryOrg(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kPrefix = "sntrys_";
  constexpr std::size_t kTail = 44;
  if (!secret.starts_with(kPrefix)) return Unknown();
  std::string_view body = secret.substr(kPrefix.size());
  while (body.ends_with('=')) body.remove_suffix(1);
  if (body.size() <= kTail || body[body.size() - kTail] != '_') return Rejected();
  const std::optional<std::string> tail = DecodeBase64(body.substr(body.size() - kTail + 1), Base64::kEither);
  const std::optional<Json> json = ParseBase64JsonObject(body.substr(0, body.size() - kTail));
  if (!tail || !json || !json->Has("iat") || !json->Has("url") || json->Text("org").empty()) return Rejected();
  return Plausible("Sentry organization " + Printable(json->Text("org"), 60));
}

// ops_ and base64url JSON with everything that a service account signs in with.
Outcome OnepasswordToken(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kPrefix = "ops_";
  if (!secret.starts_with(kPrefix)) return Unknown();
  const std::optional<Json> json = ParseBase64JsonObject(secret.substr(kPrefix.size()));
  if (!json || !json->Has("muk") || !json->Has("srpX")) return Rejected();
  const std::string_view account = json->Text("signInAddress");
  return Plausible(account.empty() ? std::string() : "1Password account " + Printable(account));
}

// A3- and 32 characters of an alphabet without 0, 1, I, O and U.
Outcome OnepasswordSecretKey(std::string_view secret, std::string_view /*match*/) {
  if (!secret.starts_with("A3-")) return Unknown();
  const std::string_view groups = secret.substr(3);
  return HasGroups(groups, {6, 6, 5, 5, 5, 5}) || HasGroups(groups, {6, 11, 5, 5, 5}) ? Plausible() : Rejected();
}

// hvs. and the base64url of a protobuf, or 24 characters without structure; hvb. is an encrypted batch token.
Outcome VaultToken(std::string_view secret, std::string_view /*match*/) {
  if (secret.starts_with("hvb.")) return secret.substr(4).starts_with("AAAAAQ") ? Plausible() : Doubtful();
  if (!secret.starts_with("hvs.")) return Unknown();
  const std::string_view body = secret.substr(4);
  if (body.size() < 90 || body.size() > 120) return Unknown();
  const std::optional<std::string> bytes = DecodeBase64(body, Base64::kEither);
  return bytes && IsVaultSignedToken(*bytes) ? Plausible() : Rejected();
}

// pk., sk. or tk., base64url JSON with u(ser), and 22 characters of a signature. pk is for web pages.
Outcome Mapbox(std::string_view secret, std::string_view /*match*/) {
  const std::size_t first = secret.find('.');
  const std::size_t second = secret.find('.', std::min(first, secret.size() - 1) + 1);
  if (secret.empty() || first != 2 || second == std::string_view::npos) return Rejected();
  const std::optional<Json> json = ParseBase64JsonObject(secret.substr(first + 1, second - first - 1));
  if (!json || json->Text("u").empty()) return Rejected();
  std::string note = "Mapbox account " + Printable(json->Text("u"), 60);
  return Plausible(secret.starts_with("pk.") ? note + ", public token" : std::move(note));
}

// The bot's id in base64, a time stamp of 4 bytes, an HMAC. An id tells when it was made: since Discord began and not
// in the future. The epoch of the time stamp differs between libraries, so that it says nothing.
Outcome DiscordBot(std::string_view secret, std::string_view /*match*/) {
  constexpr std::int64_t kDiscordEpoch = 1420070400;
  const std::size_t first = secret.find('.');
  const std::size_t second = secret.rfind('.');
  if (first == std::string_view::npos || second == first) return Rejected();
  const std::optional<std::string> id = DecodeBase64(secret.substr(0, first), Base64::kEither);
  const std::optional<std::string> stamp = DecodeBase64(secret.substr(first + 1, second - first - 1), Base64::kUrl);
  const std::size_t hmac_size = secret.size() - second - 1;
  if (!id || id->size() < 17 || id->size() > 20 || !stamp || stamp->size() != 4 || hmac_size < 27 || hmac_size > 38) {
    return Rejected();
  }
  const std::optional<std::uint64_t> snowflake = FromRadix(*id, "0123456789");
  if (!snowflake) return Rejected();
  const auto made = static_cast<std::int64_t>((*snowflake >> 22) / 1000) + kDiscordEpoch;
  return made <= UnixNow() + 86400 ? Plausible("Discord bot " + *id) : Rejected();
}

// "0", UUID and secret with dots between, a colon, the base64 of 16 bytes.
Outcome Bitwarden(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kSecret = 39;  // After "0.", a UUID and a dot.
  const std::size_t colon = secret.find(':');
  if (colon == std::string_view::npos || colon <= kSecret || !secret.starts_with("0.")) return Rejected();
  const std::string_view client_secret = secret.substr(kSecret, colon - kSecret);
  if (!IsUuid(secret.substr(2, 36)) || secret[kSecret - 1] != '.' || !AllOf(client_secret, kBase62)) return Rejected();
  const std::optional<std::string> key = DecodeBase64(secret.substr(colon + 1));
  return key && key->size() == 16 ? Plausible() : Rejected();
}

// whsec_ and the base64 of 24 to 64 bytes, by the Standard Webhooks specification. Stripe's are made otherwise.
Outcome Svix(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kPrefix = "whsec_";
  if (!secret.starts_with(kPrefix)) return Unknown();
  const std::optional<std::string> key = DecodeBase64(secret.substr(kPrefix.size()));
  return key && key->size() >= 24 && key->size() <= 64 ? Plausible() : Unknown();
}

// What follows "Authorization: Basic": user, colon, password; text, and no tutorial's.
Outcome BasicAuth(std::string_view secret, std::string_view /*match*/) {
  const std::optional<std::string> login = DecodeBase64(secret, Base64::kEither);
  return login ? JudgeLogin(*login) : Rejected();
}

// `auth` of a docker config.json: the same, where Docker ignores NULs at the end of a password; or the whole file in
// base64, as Kubernetes keeps it.
Outcome DockerAuth(std::string_view secret, std::string_view /*match*/) {
  std::optional<std::string> text = DecodeBase64(secret, Base64::kEither);
  if (!text) return Rejected();
  if (const std::optional<Json> config = ParseJsonObject(*text)) {
    return config->Has("auths") ? Plausible() : Rejected();
  }
  while (text->ends_with('\0')) text->pop_back();
  return JudgeLogin(*text);
}

// Many providers hand out random UUIDs. Another version is a sign of an identifier, but no proof.
Outcome UuidV4(std::string_view secret, std::string_view /*match*/) {
  if (!IsUuid(secret)) return Rejected();
  const std::string lower = ToLowerAscii(secret);
  if (lower.find_first_not_of(std::string{lower[0], '-'}) == std::string::npos) return Rejected();
  const bool variant = std::string_view("89ab").find(lower[19]) != std::string_view::npos;
  return lower[14] == '4' && variant ? Plausible() : Doubtful();
}

}  // namespace sluice::checks
