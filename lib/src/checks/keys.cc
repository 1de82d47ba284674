// Private keys in PEM, OpenSSH's, OpenPGP's and PuTTY's files.
#include <algorithm>

#include "checks/armor.h"
#include "checks/crc.h"
#include "checks/digests.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/private_der.h"
#include "checks/wire_reader.h"

namespace sluice::checks {
namespace {

// The shortest private key, an Ed25519 one in PKCS#8, has 64 characters. Below this there is none in the block: it is
// code that looks for keys, or an elided sample.
constexpr std::size_t kMinBody = 24;
constexpr std::string_view kBegin = "-----BEGIN ";

// Whichever of the two the block stands in; the secret where it stands in neither.
std::string_view TextWithBlock(std::string_view secret, std::string_view match) {
  const bool only_in_match =
      secret.find(kBegin) == std::string_view::npos && match.find(kBegin) != std::string_view::npos;
  return only_in_match ? match : secret;
}

Outcome Encrypted() { return Plausible("encrypted"); }

// What can be said before looking at the bytes; nullopt when there is a body to look at.
std::optional<Outcome> JudgeBlock(const Armor& armor) {
  if (armor.label.find("PRIVATE KEY") == std::string::npos) return Rejected();
  // Headers and body may have been folded into one line, which then counts as a header.
  if (armor.encrypted && armor.content_bytes >= 64) return Encrypted();
  if (armor.body.size() >= kMinBody) return std::nullopt;
  return armor.has_end ? Rejected() : Unknown();
}

// A block that was cut off by the rule's window says nothing about the key; one that ends too early is a sample.
Outcome Incomplete(const Armor& armor) { return armor.has_end || !armor.clean ? Doubtful("truncated") : Unknown(); }

Outcome JudgeDer(std::string_view bytes, const Armor& armor) {
  switch (ClassifyDer(bytes)) {
    case DerKind::kConsistentRsa:
      return Verified();
    case DerKind::kPrivate:
      return Plausible();
    case DerKind::kEncrypted:
      return Encrypted();
    case DerKind::kPublic:
      return Rejected();
    case DerKind::kForgedRsa:
      return armor.clean ? Rejected() : Doubtful("malformed");
    case DerKind::kTruncated:
      return Incomplete(armor);
    case DerKind::kBroken:
      return armor.has_end ? Doubtful("malformed") : Unknown();
  }
  return Unknown();
}

Outcome JudgeOpenssh(std::string_view bytes, const Armor& armor) {
  constexpr std::string_view kMagic("openssh-key-v1\0", 15);
  if (!bytes.starts_with(kMagic)) return armor.has_end ? Doubtful("malformed") : Unknown();
  WireReader reader(bytes.substr(kMagic.size()));
  const std::string_view cipher = reader.String();
  const std::string_view kdf = reader.String();
  reader.String();  // Options of the key derivation.
  const std::uint32_t count = reader.Uint32();
  reader.String();  // Public key.
  const std::string_view secret = reader.String();
  if (!reader.ok() || !reader.at_end()) return Incomplete(armor);
  if (count != 1 || (cipher == "none") != (kdf == "none")) return Rejected();
  if (cipher != "none") return Encrypted();
  if (secret.size() < 16 || secret.size() % 8 != 0 || secret.substr(0, 4) != secret.substr(4, 4)) return Rejected();
  // Padding is 1, 2, 3, …; where there is none, a comment's last character or a length stands there.
  const std::size_t padding = static_cast<unsigned char>(secret.back());
  for (std::size_t i = 0; padding < 16 && i < padding; ++i) {
    if (static_cast<unsigned char>(secret[secret.size() - 1 - i]) != padding - i) return Rejected();
  }
  return Verified();
}

// One OpenPGP packet: a secret key's, with its S2K usage, when it is that.
enum class PgpKind : std::uint8_t { kBroken, kOther, kSecret, kProtected };

// Takes the packet header off; 0 when none stands there. Partial lengths are not allowed for keys.
unsigned TakePgpHeader(WireReader* reader, std::string_view* body) {
  const unsigned head = reader->Byte();
  if ((head & 0x80) == 0) return 0;
  const bool new_format = (head & 0x40) != 0;
  const unsigned tag = new_format ? head & 0x3F : (head >> 2) & 0x0F;
  std::size_t length = 0;
  if (new_format) {
    const unsigned first = reader->Byte();
    length = first < 192 ? first : first < 224 ? ((first - 192) << 8) + reader->Byte() + 192 : reader->Uint32();
    if (first >= 224 && first < 255) return 0;
  } else {
    const unsigned size_type = head & 3;
    length = size_type == 0 ? reader->Byte() : size_type == 1 ? reader->Uint16() : reader->Uint32();
    if (size_type == 3) return 0;
  }
  *body = reader->Bytes(length);
  return reader->ok() ? tag : 0;
}

// Multi-precision integers: a length in bits, then the bytes.
void SkipMpis(WireReader* reader, int count) {
  for (int i = 0; i < count; ++i) reader->Bytes((reader->Uint16() + 7U) / 8U);
}

// Skips the public half of a key, by its algorithm's number; false for an algorithm that we do not know.
bool SkipPgpPublicKey(unsigned algorithm, WireReader* reader) {
  switch (algorithm) {
    case 1:
    case 2:
    case 3:
      SkipMpis(reader, 2);  // RSA
      return true;
    case 16:
      SkipMpis(reader, 3);  // ElGamal
      return true;
    case 17:
      SkipMpis(reader, 4);  // DSA
      return true;
    case 18:
    case 19:
    case 22:  // Elliptic curves: OID, point; ECDH has parameters of its key derivation, too.
      reader->Bytes(reader->Byte());
      SkipMpis(reader, 1);
      if (algorithm == 18) reader->Bytes(reader->Byte());
      return true;
    case 25:
    case 27:
      reader->Bytes(32);  // X25519, Ed25519
      return true;
    case 26:
      reader->Bytes(56);  // X448
      return true;
    case 28:
      reader->Bytes(57);  // Ed448
      return true;
    default:
      return false;
  }
}

PgpKind ClassifyPgp(std::string_view bytes) {
  constexpr unsigned kSecretKey = 5;
  WireReader reader(bytes);
  std::string_view body;
  const unsigned tag = TakePgpHeader(&reader, &body);
  if (tag == 0) return PgpKind::kBroken;
  if (tag != kSecretKey) return PgpKind::kOther;
  WireReader key(body);
  const unsigned version = key.Byte();
  key.Uint32();  // Time of creation.
  if (version < 4) key.Uint16();
  const unsigned algorithm = key.Byte();
  if (version > 4) key.Uint32();  // Length of the public half.
  if (!SkipPgpPublicKey(algorithm, &key)) return PgpKind::kSecret;
  const unsigned s2k_usage = key.Byte();
  if (!key.ok()) return PgpKind::kBroken;
  return s2k_usage == 0 ? PgpKind::kSecret : PgpKind::kProtected;
}

Outcome JudgePgp(std::string_view bytes, const Armor& armor) {
  const std::optional<std::string> checksum = DecodeBase64(armor.checksum);
  const bool has_checksum = armor.has_end && checksum && checksum->size() == 3;
  const std::string crc = ToRadix(Crc24(bytes), kLowerHex, 6);
  const bool holds = has_checksum && ToRadix(ReadBigEndian32(std::string(1, '\0') + *checksum, 0), kLowerHex, 6) == crc;
  const PgpKind kind = ClassifyPgp(bytes);
  if (kind == PgpKind::kOther) return Rejected();
  if (kind == PgpKind::kBroken) return Incomplete(armor);
  if (has_checksum && !holds) return armor.clean ? Rejected() : Doubtful("malformed");
  const std::string note = kind == PgpKind::kProtected ? "encrypted" : "";
  // An encrypted key stays as sure as its rule says: what is certain is that it opens nothing without its password.
  return holds && kind == PgpKind::kSecret ? Verified() : Plausible(note);
}

// The value of "Name: value" in a PuTTY file; empty when there is none.
std::string_view PuttyHeader(std::string_view file, std::string_view name) {
  for (std::size_t at = file.find(name); at != std::string_view::npos; at = file.find(name, at + 1)) {
    if (at != 0 && file[at - 1] != '\n') continue;
    const std::string_view rest = file.substr(at + name.size());
    if (!rest.starts_with(": ")) continue;
    const std::string_view value = rest.substr(2, rest.find('\n') - 2);
    return value.ends_with('\r') ? value.substr(0, value.size() - 1) : value;
  }
  return {};
}

// The bytes of as many base64 lines as the header of that name says, which follow it.
std::optional<std::string> PuttyLines(std::string_view file, std::string_view name) {
  const std::string_view count_text = PuttyHeader(file, name);
  const std::optional<std::uint64_t> count = FromRadix(count_text, "0123456789");
  if (!count || *count == 0 || *count > 1000) return std::nullopt;
  const auto end_of_count = static_cast<std::size_t>(count_text.data() + count_text.size() - file.data());
  std::string_view rest = file.substr(end_of_count);
  std::string base64;
  for (std::uint64_t i = 0; i <= *count; ++i) {  // The first is what is left of the header's own line.
    const std::size_t size = std::min(rest.find('\n'), rest.size());
    for (const char c : rest.substr(0, size)) {
      if (!IsSpace(c)) base64.push_back(c);
    }
    rest.remove_prefix(std::min(rest.size(), size + 1));
  }
  return DecodeBase64(base64);
}

// The MAC of an unencrypted file has a key that everybody knows.
bool PuttyMacHolds(std::string_view file, char version, std::string_view public_blob, std::string_view private_blob) {
  const std::string_view algorithm = PuttyHeader(file, std::string("PuTTY-User-Key-File-") + version);
  std::string covered;
  for (const std::string_view part :
       {algorithm, std::string_view("none"), PuttyHeader(file, "Comment"), public_blob, private_blob}) {
    covered += LittleEndian32(ByteSwap32(static_cast<std::uint32_t>(part.size())));
    covered += part;
  }
  const std::string mac = version == '2'
                              ? Hmac(Digest::kSha1, Hash(Digest::kSha1, "putty-private-key-file-mac-key"), covered)
                              : Hmac(Digest::kSha256, "", covered);
  std::string hex;
  for (const char c : mac) hex += ToRadix(static_cast<unsigned char>(c), kLowerHex, 2);
  return hex == ToLowerAscii(PuttyHeader(file, "Private-MAC"));
}

// A key in base64 without its lines: the whole PEM file encoded once more, or DER.
Outcome JudgeUnarmored(std::string_view secret) {
  std::string base64;
  for (const char c : secret) {
    if (!IsSpace(c)) base64.push_back(c);
  }
  while (base64.ends_with('=')) base64.pop_back();
  base64.resize(base64.size() - (base64.size() % 4 == 1 ? 1 : 0));
  const std::optional<std::string> bytes = DecodeBase64(base64, Base64::kEither);
  if (!bytes || bytes->size() < 16) return Unknown();
  if (bytes->find(kBegin) != std::string::npos) return PrivateKeyPem(*bytes, *bytes);
  if (ClassifyDer(*bytes) == DerKind::kBroken) return Doubtful("malformed");
  return JudgeDer(*bytes, Armor{});  // An armour without an end: what is cut off may be the rule's window.
}

}  // namespace

// The DER between the lines is a private key; for RSA the factors fit. OpenSSH's and OpenPGP's blocks are sent to
// their own checks, since rules match all of these alike.
Outcome PrivateKeyPem(std::string_view secret, std::string_view match) {
  const std::string_view text = TextWithBlock(secret, match);
  if (text.size() > kMaxInputBytes) return Unknown();
  const std::optional<Armor> armor = FindArmor(text);
  if (!armor) return text.find(kBegin) == std::string_view::npos ? JudgeUnarmored(secret) : Unknown();
  if (armor->label.starts_with("PGP ")) return PgpPrivateKey(secret, match);
  if (armor->label.starts_with("OPENSSH ")) return OpensshPrivateKey(secret, match);
  if (const std::optional<Outcome> outcome = JudgeBlock(*armor)) return *outcome;
  const std::string bytes = DecodeBase64(armor->body).value_or("");
  // Cosign and sigstore keep JSON in an "ENCRYPTED … PRIVATE KEY".
  if (bytes.starts_with('{') && armor->label.find("ENCRYPTED") != std::string::npos) return Encrypted();
  return JudgeDer(bytes, *armor);
}

// openssh-key-v1: cipher, key derivation, public and private part; in an unencrypted private part two random integers
// are equal, so that ssh can tell a wrong password.
Outcome OpensshPrivateKey(std::string_view secret, std::string_view match) {
  const std::optional<Armor> armor = FindArmor(TextWithBlock(secret, match));
  if (!armor) return Unknown();
  if (const std::optional<Outcome> outcome = JudgeBlock(*armor)) return *outcome;
  return JudgeOpenssh(DecodeBase64(armor->body).value_or(""), *armor);
}

// A secret key's packet, and the armour's CRC-24 where it has one.
Outcome PgpPrivateKey(std::string_view secret, std::string_view match) {
  const std::optional<Armor> armor = FindArmor(TextWithBlock(secret, match));
  if (!armor) return Unknown();
  if (const std::optional<Outcome> outcome = JudgeBlock(*armor)) return *outcome;
  return JudgePgp(DecodeBase64(armor->body).value_or(""), *armor);
}

// Versions 2 and 3 of PuTTY's text file. What a rule cut off before its private lines cannot be judged.
Outcome PuttyPrivateKey(std::string_view secret, std::string_view match) {
  constexpr std::string_view kHead = "PuTTY-User-Key-File-";
  const std::string_view whole = secret.find(kHead) == std::string_view::npos ? match : secret;
  const std::size_t at = whole.find(kHead);
  if (whole.size() > kMaxInputBytes || at == std::string_view::npos || at + kHead.size() >= whole.size())
    return Unknown();
  const std::string_view file = whole.substr(at);
  const char version = file[kHead.size()];
  const std::string_view encryption = PuttyHeader(file, "Encryption");
  const std::string_view mac = PuttyHeader(file, "Private-MAC");
  if (encryption.empty() || mac.empty()) return Unknown();
  const std::optional<std::string> public_blob = PuttyLines(file, "Public-Lines");
  const std::optional<std::string> private_blob = PuttyLines(file, "Private-Lines");
  if (!public_blob || !private_blob || (version != '2' && version != '3')) return Doubtful("malformed");
  if (encryption != "none") return Encrypted();
  return PuttyMacHolds(file, version, *public_blob, *private_blob) ? Verified() : Doubtful("malformed");
}

}  // namespace sluice::checks
