#include "checks/generate.h"

#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace sluice::checks::generate {
namespace {

const std::string kBase64 = kUpper + kLower + kDigits + "+/";
const std::string kBase32 = kUpper + "234567";
const std::string kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const std::string kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

unsigned Byte(char c) { return static_cast<unsigned char>(c); }
const unsigned char* Data(std::string_view bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

// The bits of `bytes`, most significant first, as numbers of `width` bits; zeros fill up the last.
std::vector<unsigned> Groups(std::string_view bytes, unsigned width) {
  std::vector<unsigned> groups((bytes.size() * 8 + width - 1) / width);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    const unsigned value = (Byte(bytes[bit / 8]) >> (7 - bit % 8)) & 1U;
    groups[bit / width] |= value << (width - 1 - bit % width);
  }
  return groups;
}

std::string InAlphabet(const std::vector<unsigned>& groups, std::string_view alphabet) {
  std::string text;
  for (const unsigned group : groups) text += alphabet[group];
  return text;
}

std::uint32_t Bech32Checksum(const std::vector<unsigned>& values) {
  std::uint32_t sum = 1;
  for (const unsigned value : values) {
    const std::uint32_t top = sum >> 25;
    sum = ((sum & 0x1FFFFFFU) << 5) ^ value;
    if (top & 1) sum ^= 0x3B6A57B2U;
    if (top & 2) sum ^= 0x26508E6DU;
    if (top & 4) sum ^= 0x1EA119FAU;
    if (top & 8) sum ^= 0x3D4233DDU;
    if (top & 16) sum ^= 0x2A1462B3U;
  }
  return sum;
}

std::uint32_t RotateLeft(std::uint32_t value, int by) { return (value << by) | (value >> (32 - by)); }

std::string Mac(mbedtls_md_type_t type, std::string_view key, std::string_view bytes) {
  const mbedtls_md_info_t* info = mbedtls_md_info_from_type(type);
  std::string mac(mbedtls_md_get_size(info), '\0');
  mbedtls_md_hmac(info, Data(key), key.size(), Data(bytes), bytes.size(), reinterpret_cast<unsigned char*>(mac.data()));
  return mac;
}

std::string Hash(mbedtls_md_type_t type, std::string_view bytes) {
  const mbedtls_md_info_t* info = mbedtls_md_info_from_type(type);
  std::string hash(mbedtls_md_get_size(info), '\0');
  mbedtls_md(info, Data(bytes), bytes.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

int FillRandom(void* random, unsigned char* out, std::size_t count) {
  const std::string bytes = static_cast<Random*>(random)->Bytes(count);
  std::copy(bytes.begin(), bytes.end(), out);
  return 0;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

KeyPair Describe(mbedtls_pk_context* key) {
  std::array<unsigned char, 4096> buffer{};
  KeyPair pair;
  const int size = mbedtls_pk_write_key_der(key, buffer.data(), buffer.size());  // To the end of the buffer.
  Require(size > 0);
  pair.der.assign(reinterpret_cast<const char*>(buffer.data() + buffer.size()) - size, static_cast<std::size_t>(size));
  Require(mbedtls_pk_write_key_pem(key, buffer.data(), buffer.size()) == 0);
  pair.pem = reinterpret_cast<const char*>(buffer.data());
  Require(mbedtls_pk_write_pubkey_pem(key, buffer.data(), buffer.size()) == 0);
  pair.public_pem = reinterpret_cast<const char*>(buffer.data());
  return pair;
}

KeyPair MakeKey(mbedtls_pk_type_t type) {
  Random random(type);
  mbedtls_pk_context key;
  mbedtls_pk_init(&key);
  Require(mbedtls_pk_setup(&key, mbedtls_pk_info_from_type(type)) == 0);
  if (type == MBEDTLS_PK_RSA) {
    Require(mbedtls_rsa_gen_key(mbedtls_pk_rsa(key), FillRandom, &random, 1024, 65537) == 0);
  } else {
    Require(mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(key), FillRandom, &random) == 0);
  }
  KeyPair pair = Describe(&key);
  mbedtls_pk_free(&key);
  return pair;
}

}  // namespace

std::string Random::Text(std::size_t count, std::string_view alphabet) {
  std::string text;
  while (text.size() < count) text += alphabet[Below(alphabet.size())];
  return text;
}

std::string Random::Bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) bytes += static_cast<char>(Below(256));
  return bytes;
}

std::string Random::Uuid() {
  return Text(8, kHex) + "-" + Text(4, kHex) + "-4" + Text(3, kHex) + "-" + Text(1, "89ab") + Text(3, kHex) + "-" +
         Text(12, kHex);
}

std::uint32_t Crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool carry = ((crc ^ (Byte(c) >> bit)) & 1) != 0;
      crc >>= 1;
      if (carry) crc ^= 0xEDB88320U;
    }
  }
  return ~crc;
}

std::uint32_t Crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CEU;
  for (const char c : bytes) {
    for (unsigned bit = 8; bit-- > 0;) {
      const bool carry = ((crc >> 23) & 1) != ((Byte(c) >> bit) & 1);
      crc = (crc << 1) & 0xFFFFFFU;
      if (carry) crc ^= 0x864CFBU;
    }
  }
  return crc;
}

std::uint32_t Crc16(std::string_view bytes) {
  std::uint32_t crc = 0;
  for (const char c : bytes) {
    for (unsigned bit = 8; bit-- > 0;) {
      const bool carry = ((crc >> 15) & 1) != ((Byte(c) >> bit) & 1);
      crc = (crc << 1) & 0xFFFFU;
      if (carry) crc ^= 0x1021U;
    }
  }
  return crc;
}

std::uint32_t Marvin32(std::string_view bytes, std::string_view eight_letters) {
  std::uint32_t high = 0;
  std::uint32_t low = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    high = high * 256 + Byte(eight_letters[i]);
    low = low * 256 + Byte(eight_letters[i + 4]);
  }
  const auto mix = [&] {
    high ^= low;
    low = RotateLeft(low, 20) + high;
    high = RotateLeft(high, 9) ^ low;
    low = RotateLeft(low, 27) + high;
    high = RotateLeft(high, 19);
  };
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % 4 != 0) padded += '\0';
  for (std::size_t i = 0; i < padded.size(); i += 4) {
    low += Byte(padded[i]) | Byte(padded[i + 1]) << 8 | Byte(padded[i + 2]) << 16 | Byte(padded[i + 3]) << 24;
    mix();
  }
  mix();
  return high ^ low;
}

std::string Digits(std::uint64_t value, std::string_view alphabet, std::size_t width) {
  std::string digits(width, alphabet[0]);
  for (std::size_t i = width; i-- > 0; value /= alphabet.size()) digits[i] = alphabet[value % alphabet.size()];
  return digits;
}

std::string LittleEndian(std::uint32_t value) {
  const std::string big = BigEndian(value);
  return {big.rbegin(), big.rend()};
}

std::string BigEndian(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string Hex(std::string_view bytes) { return InAlphabet(Groups(bytes, 4), kHex); }

std::string Base64(std::string_view bytes) {
  std::string text = InAlphabet(Groups(bytes, 6), kBase64);
  while (text.size() % 4 != 0) text += '=';
  return text;
}

std::string Base64Url(std::string_view bytes) {
  return InAlphabet(Groups(bytes, 6), kAlnum.substr(10) + kDigits + "-_");
}

std::string Unpadded(std::string text) {
  while (text.ends_with('=')) text.pop_back();
  return text;
}

std::string Base32(std::string_view bytes) { return InAlphabet(Groups(bytes, 5), kBase32); }

std::string Base58(std::string_view bytes) {
  std::string number(bytes);
  std::string text;
  while (number.find_first_not_of('\0') != std::string::npos) {  // Divides by 58, collects the remainders.
    unsigned remainder = 0;
    for (char& digit : number) {
      const unsigned value = remainder * 256 + Byte(digit);
      digit = static_cast<char>(value / 58);
      remainder = value % 58;
    }
    text += kBase58[remainder];
  }
  for (std::size_t i = 0; i < bytes.size() && bytes[i] == '\0'; ++i) text += '1';
  std::reverse(text.begin(), text.end());
  return text;
}

std::string Bech32(std::string_view prefix, std::string_view bytes) {
  const std::vector<unsigned> data = Groups(bytes, 5);
  std::vector<unsigned> covered;
  for (const char c : prefix) covered.push_back(Byte(c) / 32);
  covered.push_back(0);
  for (const char c : prefix) covered.push_back(Byte(c) % 32);
  covered.insert(covered.end(), data.begin(), data.end());
  covered.insert(covered.end(), 6, 0U);
  const std::uint32_t checksum = Bech32Checksum(covered) ^ 1U;
  std::string text = std::string(prefix) + "1" + InAlphabet(data, kBech32);
  for (int shift = 25; shift >= 0; shift -= 5) text += kBech32[(checksum >> shift) & 31];
  return text;
}

std::string FromBase64(std::string_view text) {
  std::string bits;
  for (const char c : text) {
    if (c == '=') break;
    const std::size_t value = c == '-' ? 62 : c == '_' ? 63 : kBase64.find(c);
    for (unsigned bit = 6; bit-- > 0;) bits += static_cast<char>((value >> bit) & 1);
  }
  std::string bytes(bits.size() / 8, '\0');
  for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
    bytes[i / 8] = static_cast<char>(Byte(bytes[i / 8]) | Byte(bits[i]) << (7 - i % 8));
  }
  return bytes;
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (kUpper.find(c) != std::string::npos) c = kLower[kUpper.find(c)];
  }
  return text;
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (kLower.find(c) != std::string::npos) c = kUpper[kLower.find(c)];
  }
  return text;
}

std::string Sha1(std::string_view bytes) { return Hash(MBEDTLS_MD_SHA1, bytes); }
std::string Sha256(std::string_view bytes) { return Hash(MBEDTLS_MD_SHA256, bytes); }
std::string HmacSha1(std::string_view key, std::string_view bytes) { return Mac(MBEDTLS_MD_SHA1, key, bytes); }
std::string HmacSha256(std::string_view key, std::string_view bytes) { return Mac(MBEDTLS_MD_SHA256, key, bytes); }
std::string HmacSha512(std::string_view key, std::string_view bytes) { return Mac(MBEDTLS_MD_SHA512, key, bytes); }

std::string Changed(std::string text, std::size_t at) {
  for (const std::string& kind : {kDigits, kLower, kUpper}) {
    const std::size_t value = kind.find(text.at(at));
    if (value == std::string::npos) continue;
    text[at] = kind[(value + 1) % kind.size()];
    return text;
  }
  text[at] = text[at] == '_' ? '-' : '_';
  return text;
}

std::string Armored(std::string_view label, std::string_view bytes, std::string_view headers,
                    std::string_view trailer) {
  const std::string dashes = "-----";
  std::string text = dashes + "BEGIN " + std::string(label) + dashes + "\n" + std::string(headers);
  const std::string body = Base64(bytes);
  for (std::size_t i = 0; i < body.size(); i += 64) text += body.substr(i, 64) + "\n";
  return text + std::string(trailer) + dashes + "END " + std::string(label) + dashes + "\n";
}

std::string Der(std::uint8_t tag, std::string_view content) {
  std::string element(1, static_cast<char>(tag));
  if (content.size() < 128) {
    element += static_cast<char>(content.size());
  } else {
    element += '\x82';
    element += BigEndian(static_cast<std::uint32_t>(content.size())).substr(2);
  }
  return element.append(content);
}

const KeyPair& RsaKey() {
  static const KeyPair key = MakeKey(MBEDTLS_PK_RSA);
  return key;
}

const KeyPair& EcKey() {
  static const KeyPair key = MakeKey(MBEDTLS_PK_ECKEY);
  return key;
}

}  // namespace sluice::checks::generate
