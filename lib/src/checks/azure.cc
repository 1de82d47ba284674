// Microsoft's keys, as its own security-utilities library makes and checks them.
#include <algorithm>
#include <array>

#include "checks/clock.h"
#include "checks/crc.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/marvin.h"

namespace sluice::checks {
namespace {

// Four characters of base64 near the end of a key say whose it is; the checksum is seeded with a word for each kind.
struct AzureService {
  std::string_view signature;
  std::string_view name;
  std::array<std::string_view, 7> seeds;
};
constexpr std::array kAzureServices = {
    AzureService{"+ASt", "Azure Storage account key", {"Default0"}},
    AzureService{"+ABa", "Azure Batch account key", {"AbAcct00"}},
    AzureService{"AzFu", "Azure Functions key", {"Master00", "System00", "Functi00"}},
    AzureService{"ACDb",
                 "Azure Cosmos DB key",
                 {"SysAll00", "Resour00", "MastRO00", "SystRO00", "Encryp00", "MastRW00", "SystRW00"}},
    AzureService{"AzCa", "Azure Cache for Redis key", {"Access00"}},
    AzureService{"AzSe", "Azure AI Search key", {"Query000", "PAdmin00"}},
    AzureService{"+ACR", "Azure Container Registry key", {"ACRDflt0"}},
    AzureService{"+AMC", "Azure ML Studio (classic) key", {"Classic0"}},
    AzureService{"AIoT", "Azure IoT key", {"IoTHub00", "DpsKey00", "Device00"}},
    AzureService{"APIM", "Azure API Management key", {"Tenant00", "IoTHub00", "Gatewy00", "GitKey00"}},
    AzureService{"+ASb", "Azure Service Bus key", {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"}},
    AzureService{"+AEh", "Azure Event Hubs key", {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"}},
    AzureService{"+ARm", "Azure Relay key", {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"}},
    AzureService{"AZEG", "Azure Event Grid key", {"SendRecv"}},
};

const AzureService* FindService(std::string_view signature) {
  const auto* const found = std::find_if(kAzureServices.begin(), kAzureServices.end(),
                                         [&](const AzureService& s) { return s.signature == signature; });
  return found == kAzureServices.end() ? nullptr : found;
}

bool AnySeedHolds(const AzureService& service, std::string_view key) {
  const std::string_view covered = key.substr(0, key.size() - 4);
  const std::uint32_t expected = ReadLittleEndian32(key, covered.size());
  return std::any_of(service.seeds.begin(), service.seeds.end(), [&](std::string_view seed) {
    return !seed.empty() && Marvin32(covered, MarvinSeed(seed)) == expected;
  });
}

// The storage and the Cosmos DB emulator have one key each, which is the same everywhere and in every tutorial.
bool IsEmulatorKey(std::string_view key) { return key.starts_with("Eby8vdM02x") || key.starts_with("C2y6yDjf5"); }

struct CaskProvider {
  std::string_view tag;
  std::string_view name;
};
constexpr std::array kCaskProviders = {
    CaskProvider{"AZAC", "Azure App Configuration"},
    CaskProvider{"AZCS", "Azure Communication Services"},
    CaskProvider{"AZDO", "Azure DevOps"},
    CaskProvider{"ACOG", "Azure Cognitive Services or OpenAI"},
    CaskProvider{"AZEG", "Azure Event Grid"},
    CaskProvider{"AZFR", "Microsoft Fabric real-time"},
    CaskProvider{"AZMP", "Azure Maps"},
    CaskProvider{"AZMR", "Azure Mixed Reality"},
    CaskProvider{"msql", "Azure SQL"},
};

std::string CaskNote(std::string_view key) {
  const auto* const provider = std::find_if(kCaskProviders.begin(), kCaskProviders.end(),
                                            [&](const CaskProvider& p) { return p.tag == key.substr(76, 4); });
  std::string note(provider == kCaskProviders.end() ? "Azure" : provider->name);
  note += " key";
  if (!IsUpper(key[58])) return note;
  note += ", made in " + std::to_string(2024 + key[58] - 'A') + "-";
  return note + ToRadix(static_cast<std::uint64_t>(key[59] - 'A') + 1, "0123456789", 2);
}

// Base62 as the .NET package has it: leading zero bytes stay zeros; filled up with zeros at the end; then through
// base64 and back, which clears the spare bits.
std::string CaskBase62(std::string_view four_bytes) {
  const std::uint32_t number = ReadBigEndian32(four_bytes, 0);
  const std::size_t zero_bytes =
      std::min<std::size_t>(3, std::min(four_bytes.find_first_not_of('\0'), four_bytes.size()));
  std::string digits = std::string(zero_bytes, '0') + ToRadix(number, kBase62, 1);
  digits.resize(6, '0');
  return EncodeBase64(DecodeBase64(digits).value_or("")).substr(0, 6);
}

// The library has written the same checksum in three ways over the years.
bool CaskChecksumHolds(std::string_view key) {
  const std::optional<std::string> covered = DecodeBase64(key.substr(0, 80));
  if (!covered) return false;
  const std::uint32_t checksum = Marvin32(*covered, MarvinSeed("Default0"));
  const std::string little = LittleEndian32(checksum);
  const std::string_view trailer = key.substr(80, key.size() == 88 ? 6 : 4);
  return CaskBase62(little).starts_with(trailer) || EncodeBase64(little).starts_with(trailer) ||
         CaskBase62(LittleEndian32(ByteSwap32(checksum))).starts_with(trailer);
}

// The value of a query parameter ("se") in `text`, up to the next separator.
std::string_view QueryValue(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const std::size_t value = at + name.size();
    // JSON may escape the '&' before it.
    const bool starts = at == 0 || !IsAlnum(text[at - 1]) || text.substr(0, at).ends_with("\\u0026");
    if (!starts || value >= text.size() || text[value] != '=') continue;
    const std::string_view rest = text.substr(value + 1);
    return rest.substr(0, rest.find_first_of("&;\\\"' \t\r\n<>`"));
  }
  return {};
}

// `se` is a date, or for Service Bus and Event Hubs a number of seconds since 1970.
std::string SasExpiryNote(std::string_view text) {
  const std::string expiry = DecodePercent(QueryValue(text, "se"));
  if (const std::optional<std::int64_t> day = ParseIsoDate(expiry)) return ExpiryNote(*day);
  const std::optional<std::uint64_t> seconds = FromRadix(expiry, "0123456789");
  return seconds && *seconds < (1ULL << 40) ? ExpiryNote(static_cast<std::int64_t>(*seconds)) : std::string();
}

}  // namespace

// A key in base64, or base64url: random bytes, the service's signature 10 characters before the end, and in the last 4
// bytes the Marvin32 of all others. Keys from before that scheme are 64 or 32 random bytes.
Outcome AzureIdentifiable(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() > 256) return Unknown();
  std::string text = DecodePercent(secret);
  if (IsEmulatorKey(text)) return Rejected();
  const std::optional<std::string> key = DecodeBase64(text, Base64::kEither);
  if (!key) return Rejected();
  while (text.ends_with('=')) text.pop_back();
  const std::size_t size = key->size();
  const bool known_size = size == 64 || size == 40 || size == 39 || size == 32;
  if (const AzureService* service = known_size ? FindService(text.substr(text.size() - 10, 4)) : nullptr) {
    return AnySeedHolds(*service, *key) ? Verified(std::string(service->name)) : Rejected();
  }
  return size == 64 || size == 32 ? Unknown() : Doubtful();
}

// 52 random characters, JQQJ9, the kind, year and month, 12 characters of the platform and 4 of the provider, the
// provider's signature, and 4 (or 6 and ==) of a checksum. The layout alone is near-proof, and the library has changed
// how it writes the checksum, so that a mismatch is no reason to drop it.
Outcome AzureCask(std::string_view secret, std::string_view /*match*/) {
  const bool long_form = secret.size() == 88 && secret.ends_with("==");
  if (!long_form && secret.size() != 84) return Rejected();
  const std::string_view body = secret.substr(0, long_form ? 86 : 84);
  const std::string_view mark = secret.substr(52, 6);
  const bool marked = mark == "JQQJ99" || mark == "JQQJ9D" || mark == "JQQJ9H";
  const char month = secret[59];
  if (!AllOf(body, kBase62) || !marked || month < 'A' || month > 'L') return Rejected();
  std::string note = CaskNote(secret);
  return CaskChecksumHolds(secret) ? Verified(std::move(note)) : Outcome{Verdict::kUnknown, std::move(note)};
}

// 40 characters with 8Q~ at the fourth: the last 3 are the first 3 digits of the Marvin32 of all before them, in an
// alphabet of 66. The generation before it (7Q~) has no checksum.
Outcome AzureEntra(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
  constexpr std::size_t kLength = 40;
  if (secret.size() != kLength || secret.substr(3, 3) != "8Q~") return Unknown();
  if (!AllOf(secret, kAlphabet)) return Rejected();
  const std::string_view covered = secret.substr(0, kLength - 3);
  const std::string digits = ToRadix(Marvin32(covered, MarvinSeed("AadPwd00")), kAlphabet, 6);
  // The digits are 18 bits and the fixed mark another 18: together as sure as a checksum of 32.
  return secret.ends_with(digits.substr(0, 3)) ? Verified() : Rejected();
}

// 52 characters of base32 are 32 bytes, of which bytes 22, 8, 7 and 2 are the CRC-32 of the other 28, XORed with a
// constant for users or one for applications.
Outcome AzureDevopsPat(std::string_view secret, std::string_view /*match*/) {
  constexpr std::uint32_t kUser = 0xE0B9692D;
  constexpr std::uint32_t kApplication = 0x1019F92E;
  if (secret.size() != 52) return Unknown();
  const std::optional<std::string> bytes = DecodeBase32(secret, kBase32Lower);
  if (!bytes) return Rejected();
  const std::string covered = bytes->substr(0, 2) + bytes->substr(3, 4) + bytes->substr(9, 13) + bytes->substr(23, 9);
  const std::string stored = {(*bytes)[22], (*bytes)[8], (*bytes)[7], (*bytes)[2]};
  const std::uint32_t mask = ReadLittleEndian32(stored, 0) ^ Crc32(covered);
  return mask == kUser || mask == kApplication ? Verified() : Rejected();
}

// `sig` is the base64 of an HMAC-SHA-256, escaped for a URL. The secret is that value, or a query that has it.
Outcome AzureSas(std::string_view secret, std::string_view match) {
  if (secret.size() > kMaxInputBytes || match.size() > kMaxInputBytes) return Unknown();
  const std::string_view in_query = QueryValue(secret, "sig");
  const std::optional<std::string> signature =
      DecodeBase64(DecodePercent(in_query.empty() ? secret : in_query), Base64::kEither);
  if (!signature || signature->size() != 32) return Rejected();
  return Plausible(SasExpiryNote(match.empty() ? secret : match));
}

}  // namespace sluice::checks
