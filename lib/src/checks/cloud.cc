// Cloud providers other than Microsoft.
#include <algorithm>
#include <array>

#include "checks/clock.h"
#include "checks/crc.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/json.h"

namespace sluice::checks {
namespace {

constexpr std::size_t kAwsIdLength = 20;

// Accounts that stand in AWS's documentation and in emulators.
constexpr std::array<std::string_view, 9> kSampleAccounts = {
    "000000000000", "012345678901", "111111111111", "111122223333", "123456789012",
    "210987654321", "444455556666", "777788889999", "999999999999",
};

// 12 digits out of the 10 bytes of an access key id: 40 bits from the second on.
std::string AwsAccount(std::string_view ten_bytes) {
  std::uint64_t value = 0;
  for (const char c : ten_bytes.substr(0, 6)) value = (value << 8) | static_cast<unsigned char>(c);
  return ToRadix((value & 0x7FFFFFFFFF80ULL) >> 7, "0123456789", 12);
}

bool LooksLikePath(std::string_view text) {
  const auto lower_or_slash = std::count_if(text.begin(), text.end(), [](char c) { return IsLower(c) || c == '/'; });
  return std::count(text.begin(), text.end(), '/') >= 2 &&
         lower_or_slash * 5 >= static_cast<std::ptrdiff_t>(text.size()) * 4;
}

bool DecodesToText(std::string_view base64) {
  const std::optional<std::string> bytes = DecodeBase64(base64);
  return bytes && !bytes->empty() && std::all_of(bytes->begin(), bytes->end(), IsPrintableAscii);
}

// "bedrock-api-key-" and the base64 of a presigned URL.
Outcome AwsBedrockShortLived(std::string_view base64) {
  const std::optional<std::string> url = DecodeBase64(base64, Base64::kEither);
  if (!url || url->find("Action=CallWithBearerToken") == std::string::npos) return Rejected();
  const auto value = [&](std::string_view name) {
    const std::size_t at = url->find(name);
    if (at == std::string::npos) return std::string_view();
    const std::string_view rest = std::string_view(*url).substr(at + name.size());
    return rest.substr(0, rest.find('&'));
  };
  const std::optional<std::int64_t> day = ParseIsoDate(value("X-Amz-Date="), /*separated=*/false);
  // It lives for 12 hours at most, so the day after that of its making is late enough.
  return Plausible(day ? ExpiryNote(*day + 86400) : std::string());
}

// Private key material stands in a JSON object, or in a piece of one that a rule has cut out or a string has escaped.
Outcome GcpOfPem(std::string_view pem, std::string note) {
  Outcome outcome = PrivateKeyPem(pem, pem);
  if (!note.empty() && outcome.verdict != Verdict::kRejected) {
    outcome.note = outcome.note.empty() ? std::move(note) : note + ", " + outcome.note;
  }
  return outcome;
}

Outcome GcpOfJson(const Json& json) {
  const std::string_view type = json.Text("type");
  if (type == "authorized_user") return json.Text("refresh_token").empty() ? Rejected() : Plausible("user credentials");
  if (type != "service_account") return Rejected();
  const std::string_view email = json.Text("client_email");
  const std::string_view key = json.Text("private_key");
  if (key.empty()) return Rejected();
  if (!email.ends_with(".gserviceaccount.com")) return Doubtful();
  return GcpOfPem(key, "service account " + Printable(email, 120));
}

bool EndsInHexCrc(std::string_view covered, std::string_view trailer) {
  return ToHex32(Crc32(covered), kLowerHex) == trailer;
}

}  // namespace

// Four letters and the base32 of 10 bytes, in which the account's number is hidden. There is no checksum; 0, 1, 8 and
// 9 are not in the alphabet.
Outcome AwsKeyId(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != kAwsIdLength) return Unknown();
  const std::optional<std::string> bytes = DecodeBase32(secret.substr(4), kBase32Upper);
  if (!bytes || secret.ends_with("EXAMPLE")) return Rejected();
  // Ids with I or J here are older than the scheme, and decode to nonsense.
  if (secret[4] == 'I' || secret[4] == 'J') return Plausible();
  const std::string account = AwsAccount(*bytes);
  if (account.size() != 12) return Unknown();
  const bool sample = std::find(kSampleAccounts.begin(), kSampleAccounts.end(), account) != kSampleAccounts.end();
  if (sample) return Doubtful("AWS account " + account + " (documentation)");
  return Plausible("AWS account " + account);
}

// 40 characters of base64 that are 30 random bytes: no hash in hexadecimal, no path, no text.
Outcome AwsSecretKey(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != 40 || !std::all_of(secret.begin(), secret.end(), IsBase64Char)) return Rejected();
  // Random text has all of these; one without upper or lower case letters is one in a thousand million.
  const bool mixed_case =
      std::any_of(secret.begin(), secret.end(), IsUpper) && std::any_of(secret.begin(), secret.end(), IsLower);
  const bool hex = std::all_of(secret.begin(), secret.end(), IsHexDigit);
  if (!mixed_case || hex || LooksLikePath(secret) || DecodesToText(secret)) return Rejected();
  if (secret.find("EXAMPLE") != std::string_view::npos) return Rejected();
  // Letters alone are an identifier in camel case, more often than the one key in 4,000 that has no digit or sign.
  const bool letters = std::all_of(secret.begin(), secret.end(), [](char c) { return IsUpper(c) || IsLower(c); });
  return letters ? Doubtful() : Plausible();
}

// ABSK and the base64 of "BedrockAPIKey-<name>-at-<account>:<secret>".
Outcome AwsBedrock(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kShortLived = "bedrock-api-key-";
  if (secret.starts_with(kShortLived)) return AwsBedrockShortLived(secret.substr(kShortLived.size()));
  if (!secret.starts_with("ABSK")) return Unknown();
  const std::optional<std::string> text = DecodeBase64(secret.substr(4));
  if (!text || !text->starts_with("BedrockAPIKey-")) return Rejected();
  const std::size_t colon = text->find(':');
  if (colon == std::string::npos || colon + 1 == text->size()) return Rejected();
  const std::size_t at = text->rfind("-at-", colon);
  if (at == std::string::npos || colon - at != 16 || !AllDigits(text->substr(at + 4, 12))) return Rejected();
  return Plausible("AWS account " + text->substr(at + 4, 12));
}

// {"type": "service_account", "private_key": "-----BEGIN…", "client_email": …}, whole, in base64, or a piece of it.
// Without a private key in sight there is nothing to say.
Outcome GcpServiceAccount(std::string_view secret, std::string_view match) {
  const std::string_view text = match.size() > secret.size() ? match : secret;
  if (text.size() > kMaxInputBytes) return Unknown();
  const std::string_view from_brace = text.substr(std::min(text.find('{'), text.size()));
  const std::string_view object = from_brace.substr(0, from_brace.rfind('}') + 1);
  if (const std::optional<Json> json = ParseJsonObject(object)) return GcpOfJson(*json);
  if (const std::optional<Json> json = ParseBase64JsonObject(secret)) return GcpOfJson(*json);
  const std::size_t pem = text.find("-----BEGIN ");
  if (pem == std::string_view::npos) return Unknown();
  return GcpOfPem(text.substr(pem), {});
}

// glsa_ (gl and a service's two letters), 32 characters, underscore, and the CRC-32 of all before the underscore as 4
// little-endian bytes in hexadecimal.
Outcome GrafanaCrc32(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kLength = 46;
  if (secret.size() != kLength || !secret.starts_with("gl")) return Unknown();
  const std::size_t underscore = kLength - 9;
  if (secret[underscore] != '_') return Rejected();
  const std::uint32_t crc = ByteSwap32(Crc32(secret.substr(0, underscore)));
  return ToHex32(crc, kLowerHex) == ToLowerAscii(secret.substr(underscore + 1)) ? Verified() : Rejected();
}

// glc_ and base64 JSON with o(rganization), n(ame) and k(ey); before that a bare {"k", "n", "id"}.
Outcome GrafanaCloudJson(std::string_view secret, std::string_view /*match*/) {
  const bool cloud = secret.starts_with("glc_");
  const std::optional<Json> json = ParseBase64JsonObject(cloud ? secret.substr(4) : secret);
  if (!json || json->Text("k").empty() || !json->Has("n")) return Rejected();
  if (!cloud) return json->Has("id") ? Plausible() : Rejected();
  if (!json->Has("o")) return Rejected();
  std::string note = "Grafana Cloud organization " + Printable(json->Text("o"), 20);
  const Json* region = json->Find("m");
  if (region != nullptr && !region->Text("r").empty()) note += ", region " + Printable(region->Text("r"), 40);
  return Plausible(std::move(note));
}

// cfut_, cfat_ or cfk_, 40 characters, and 8 hexadecimal digits which the vendor calls a checksum without saying of
// what.
Outcome CloudflareCrc32(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kBody = 40;
  constexpr std::size_t kTrailer = 8;
  const std::size_t underscore = secret.find('_');
  if (underscore == std::string_view::npos || secret.size() != underscore + 1 + kBody + kTrailer) return Unknown();
  const std::string_view covered = secret.substr(0, secret.size() - kTrailer);
  const std::string_view trailer = secret.substr(covered.size());
  const bool holds = EndsInHexCrc(covered.substr(underscore + 1), trailer) || EndsInHexCrc(covered, trailer);
  return holds ? Verified() : Unknown();
}

// vcp_ and its like, 50 characters, and their CRC-32 in 6 digits of base62, as a third party has it.
Outcome VercelCrc32(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kTrailer = 6;
  if (secret.size() != 60 || !secret.starts_with("vc") || secret[3] != '_') return Unknown();
  const std::string_view covered = secret.substr(4, 50);
  return ToRadix(Crc32(covered), kBase62, kTrailer) == secret.substr(54) ? Verified() : Unknown();
}

// cflt, 54 characters, and the base64 of their CRC-32 as 4 little-endian bytes, as third parties have it.
Outcome ConfluentCrc32(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != 64 || !secret.starts_with("cflt")) return Unknown();
  const std::string trailer = EncodeBase64(LittleEndian32(Crc32(secret.substr(4, 54))));
  return secret.substr(58) == trailer.substr(0, 6) ? Verified() : Unknown();
}

// zpka_, 32 characters, underscore, 8 hexadecimal digits: a checksum, says the vendor; of the 32, say third parties.
Outcome ZuploCrc32(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != 46 || !secret.starts_with("zpka_") || secret[37] != '_') return Unknown();
  return EndsInHexCrc(secret.substr(5, 32), secret.substr(38)) ? Verified() : Doubtful();
}

// "FlyV1 " and a list of fm2_ items, each the base64 of a MessagePack array of 4 that ends in 32 bytes.
Outcome FlyioToken(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kItem = "fm2_";
  constexpr std::string_view kArrayOf4 = "\x94";
  constexpr std::string_view kBytesOf32 = "\xC4\x20";
  if (secret.starts_with("FlyV1 ")) secret.remove_prefix(6);
  if (!secret.starts_with(kItem)) return Unknown();
  while (!secret.empty()) {
    const std::string_view item = secret.substr(0, secret.find(','));
    secret.remove_prefix(std::min(secret.size(), item.size() + 1));
    if (!item.starts_with(kItem)) continue;
    const std::optional<std::string> bytes = DecodeBase64(item.substr(kItem.size()), Base64::kEither);
    if (!bytes || bytes->size() < 36 || !bytes->starts_with(kArrayOf4)) return Doubtful();
    if (bytes->substr(bytes->size() - 34, 2) != kBytesOf32) return Doubtful();
  }
  return Plausible();
}

}  // namespace sluice::checks
