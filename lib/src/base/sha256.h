// SHA-256 and HMAC-SHA-256, by mbed TLS.
#ifndef SLUICE_BASE_SHA256_H_
#define SLUICE_BASE_SHA256_H_

#include <array>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace sluice {

using Sha256Digest = std::array<unsigned char, 32>;

// Of all parts, each preceded by its length (8 bytes, little-endian), so that no two lists of parts collide.
[[nodiscard]] Sha256Digest Sha256OfParts(std::initializer_list<std::string_view> parts);
[[nodiscard]] Sha256Digest HmacSha256(std::span<const unsigned char> key, std::string_view bytes);

// Lower-case hex of the first `bytes` bytes.
[[nodiscard]] std::string Hex(std::span<const unsigned char> digest, std::size_t bytes);

inline std::string_view AsText(std::span<const unsigned char> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace sluice

#endif  // SLUICE_BASE_SHA256_H_
