// Makes credentials at test time, so that no file holds one. Written from the formats' descriptions and not with the
// helpers of lib/src/checks: a mistake there must not be made here as well.
#ifndef SLUICE_TESTS_CHECKS_GENERATE_H_
#define SLUICE_TESTS_CHECKS_GENERATE_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace sluice::checks::generate {

inline const std::string kDigits = "0123456789";
inline const std::string kLower = "abcdefghijklmnopqrstuvwxyz";
inline const std::string kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline const std::string kHex = "0123456789abcdef";
inline const std::string kAlnum = kDigits + kUpper + kLower;  // As GitHub's base62 has it, too.

// The same values in each run.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::size_t Below(std::size_t limit) { return static_cast<std::size_t>(engine_() % limit); }
  std::string Text(std::size_t count, std::string_view alphabet);
  std::string Bytes(std::size_t count);
  // 8-4-4-4-12, version 4.
  std::string Uuid();

 private:
  std::mt19937_64 engine_;
};

// Bit by bit, from their polynomials.
std::uint32_t Crc32(std::string_view bytes);
std::uint32_t Crc24(std::string_view bytes);
std::uint32_t Crc16(std::string_view bytes);
// .NET's Marvin, from the description in checksums.md.
std::uint32_t Marvin32(std::string_view bytes, std::string_view eight_letters);

// `value` as `width` digits.
std::string Digits(std::uint64_t value, std::string_view alphabet, std::size_t width);
std::string LittleEndian(std::uint32_t value);
std::string BigEndian(std::uint32_t value);
std::string Hex(std::string_view bytes);

std::string Base64(std::string_view bytes);     // Padded.
std::string Base64Url(std::string_view bytes);  // Not padded.
std::string Unpadded(std::string text);
std::string Base32(std::string_view bytes);  // Upper case, not padded.
std::string Base58(std::string_view bytes);
// Data and checksum in lower case after `prefix` and "1".
std::string Bech32(std::string_view prefix, std::string_view bytes);
// Only for characters of base64 and base64url, padded or not; for taking generated values apart.
std::string FromBase64(std::string_view text);
std::string Lower(std::string text);
std::string Upper(std::string text);

std::string Sha1(std::string_view bytes);
std::string Sha256(std::string_view bytes);
std::string HmacSha1(std::string_view key, std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);
std::string HmacSha512(std::string_view key, std::string_view bytes);

// `text` with another letter or digit of the same kind at `at`.
std::string Changed(std::string text, std::size_t at);

// Base64 in lines of 64 between "-----BEGIN label-----" and its end.
std::string Armored(std::string_view label, std::string_view bytes, std::string_view headers = "",
                    std::string_view trailer = "");

// One DER element.
std::string Der(std::uint8_t tag, std::string_view content);

// Private keys by mbed TLS.
struct KeyPair {
  std::string der;  // PKCS#1, or SEC 1.
  std::string pem;
  std::string public_pem;
};
const KeyPair& RsaKey();  // 1024 bits.
const KeyPair& EcKey();   // P-256.

}  // namespace sluice::checks::generate

#endif  // SLUICE_TESTS_CHECKS_GENERATE_H_
