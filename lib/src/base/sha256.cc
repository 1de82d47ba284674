#include "base/sha256.h"

#include <mbedtls/md.h>
#include <mbedtls/sha256.h>

#include <algorithm>
#include <cstdint>

namespace sluice {

namespace {
const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
}  // namespace

Sha256Digest Sha256OfParts(std::initializer_list<std::string_view> parts) {
  mbedtls_sha256_context context;
  mbedtls_sha256_init(&context);
  mbedtls_sha256_starts_ret(&context, 0);
  for (const std::string_view part : parts) {
    std::array<unsigned char, 8> length{};
    for (std::size_t i = 0; i < length.size(); ++i) {
      length[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(part.size()) >> (8 * i));
    }
    mbedtls_sha256_update_ret(&context, length.data(), length.size());
    mbedtls_sha256_update_ret(&context, Bytes(part), part.size());
  }
  Sha256Digest digest{};
  mbedtls_sha256_finish_ret(&context, digest.data());
  mbedtls_sha256_free(&context);
  return digest;
}

Sha256Digest HmacSha256(std::span<const unsigned char> key, std::string_view bytes) {
  Sha256Digest digest{};
  mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), key.data(), key.size(), Bytes(bytes), bytes.size(),
                  digest.data());
  return digest;
}

std::string Hex(std::span<const unsigned char> digest, std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes);
  for (const unsigned char byte : digest.first(std::min(bytes, digest.size()))) {
    hex += kDigits[byte >> 4U];
    hex += kDigits[byte & 15U];
  }
  return hex;
}

}  // namespace sluice
