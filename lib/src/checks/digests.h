// Digests and keyed digests, by mbed TLS, with byte strings in and out.
#ifndef SLUICE_CHECKS_DIGESTS_H_
#define SLUICE_CHECKS_DIGESTS_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::checks {

enum class Digest : std::uint8_t { kSha1, kSha256, kSha384, kSha512 };

[[nodiscard]] std::string Hash(Digest digest, std::string_view bytes);
[[nodiscard]] std::string Hmac(Digest digest, std::string_view key, std::string_view bytes);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_DIGESTS_H_
