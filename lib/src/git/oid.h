// The name of an object: 20 bytes of SHA-1, or 32 of SHA-256.
#ifndef SLUICE_GIT_OID_H_
#define SLUICE_GIT_OID_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::git {

inline constexpr std::size_t kSha1Size = 20;
inline constexpr std::size_t kSha256Size = 32;

struct Oid {
  std::array<std::uint8_t, kSha256Size> bytes{};  // The rest is zero.
  std::uint8_t size = kSha1Size;

  static Oid FromSha1(const std::uint8_t* bytes) {
    Oid oid;
    std::memcpy(oid.bytes.data(), bytes, kSha1Size);
    return oid;
  }

  [[nodiscard]] bool IsZero() const { return bytes == decltype(bytes){}; }
  friend auto operator<=>(const Oid&, const Oid&) = default;
};

[[nodiscard]] std::string ToHex(const Oid& oid);

// 40 or 64 hexadecimal digits, lower case as git prints them, and nothing else.
[[nodiscard]] std::optional<Oid> ParseOid(std::string_view hex);

// The tree without entries. git knows it in every repository, written or not.
[[nodiscard]] const Oid& EmptyTreeSha1();

}  // namespace sluice::git

#endif  // SLUICE_GIT_OID_H_
