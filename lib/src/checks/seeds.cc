// Short private keys and seeds in text form: age, nostr, WireGuard, NATS, Stellar, Bitcoin.
#include <array>

#include "checks/crc.h"
#include "checks/digests.h"
#include "checks/encodings.h"
#include "checks/families.h"

namespace sluice::checks {
namespace {

// base58 of bytes of which the last 4 are the first 4 of a double SHA-256 over the others; those others.
std::optional<std::string> DecodeBase58Check(std::string_view text) {
  const std::optional<std::string> bytes = DecodeBase58(text);
  if (!bytes || bytes->size() < 5) return std::nullopt;
  const std::string payload = bytes->substr(0, bytes->size() - 4);
  const std::string digest = Hash(Digest::kSha256, Hash(Digest::kSha256, payload));
  if (digest.substr(0, 4) != bytes->substr(payload.size())) return std::nullopt;
  return payload;
}

// base32 of bytes of which the last two are the little-endian CRC-16 of the others; those others.
std::optional<std::string> DecodeBase32Crc16(std::string_view text) {
  const std::optional<std::string> bytes = DecodeBase32(text, kBase32Upper);
  if (!bytes || bytes->size() < 3) return std::nullopt;
  const std::string payload = bytes->substr(0, bytes->size() - 2);
  const std::uint16_t crc = Crc16(payload);
  const std::string expected = {static_cast<char>(crc & 0xFF), static_cast<char>(crc >> 8)};
  return bytes->substr(payload.size()) == expected ? std::optional(payload) : std::nullopt;
}

}  // namespace

// bech32 with a checksum of 30 bits. The readable part says what it is: identities of age and its plugins and of nostr
// are secret, age1… and npub1… are public.
Outcome AgeKey(std::string_view secret, std::string_view /*match*/) {
  const std::optional<Bech32> key = DecodeBech32(secret);
  if (!key) return Rejected();
  if (key->prefix.starts_with("age-plugin-")) return Verified();
  const bool known = key->prefix == "age-secret-key-" || key->prefix == "age-secret-key-pq-" || key->prefix == "nsec";
  return known && key->bytes.size() == 32 ? Verified() : Rejected();
}

// wg genkey clamps 5 bits, which tells its keys from preshared keys. Some tools leave the clamping for later.
Outcome Wireguard(std::string_view secret, std::string_view /*match*/) {
  const std::optional<std::string> key = DecodeBase64(secret);
  if (!key || key->size() != 32 || key->find_first_not_of('\0') == std::string::npos) return Rejected();
  const bool clamped = (key->front() & 7) == 0 && (key->back() & 0xC0) == 0x40;
  return clamped ? Plausible() : Doubtful();
}

// 5 bits "seed", 5 bits of kind, 32 bytes, CRC-16. A public key has one byte in front instead of two.
Outcome NatsSeed(std::string_view secret, std::string_view /*match*/) {
  constexpr std::uint32_t kSeed = 18;  // 'S'
  constexpr std::string_view kKinds = "UAONCX";
  if (secret.size() != 58) return Unknown();
  const std::optional<std::string> bytes = DecodeBase32Crc16(secret);
  if (!bytes || bytes->size() != 34) return Rejected();
  const std::uint32_t head = (static_cast<unsigned char>((*bytes)[0]) << 8U) | static_cast<unsigned char>((*bytes)[1]);
  const char kind = kBase32Upper[(head >> 6) & 31];
  return head >> 11 == kSeed && kKinds.find(kind) != std::string_view::npos ? Plausible() : Rejected();
}

// A byte 0x90, 32 bytes, CRC-16.
Outcome StellarSeed(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != 56) return Unknown();
  const std::optional<std::string> bytes = DecodeBase32Crc16(secret);
  return bytes && bytes->size() == 33 && bytes->front() == '\x90' ? Plausible() : Rejected();
}

// Version 0x80 (test networks: 0xEF), 32 bytes, and 1 when the public key is meant in its short form.
Outcome Wif(std::string_view secret, std::string_view /*match*/) {
  const std::optional<std::string> payload = DecodeBase58Check(secret);
  if (!payload || (payload->front() != '\x80' && payload->front() != '\xEF')) return Rejected();
  const bool short_form = payload->size() == 34 && payload->back() == 1;
  return payload->size() == 33 || short_form ? Verified() : Rejected();
}

// BIP-32: 4 bytes of version, depth, parent, index, chain code, and 33 bytes of key whose first is zero when private.
Outcome Xprv(std::string_view secret, std::string_view /*match*/) {
  constexpr std::array<std::uint32_t, 6> kPrivate = {0x0488ADE4,   // xprv
                                                     0x049D7878,   // yprv
                                                     0x04B2430C,   // zprv
                                                     0x04358394,   // tprv
                                                     0x044A4E28,   // uprv
                                                     0x045F18BC};  // vprv
  const std::optional<std::string> payload = DecodeBase58Check(secret);
  if (!payload || payload->size() != 78 || (*payload)[45] != '\0') return Rejected();
  const std::uint32_t version = ReadBigEndian32(*payload, 0);
  for (const std::uint32_t known : kPrivate) {
    if (version == known) return Verified();
  }
  return Rejected();
}

}  // namespace sluice::checks
