// Reads DER (X.690), just enough to tell one kind of key from another.
#ifndef SLUICE_CHECKS_DER_H_
#define SLUICE_CHECKS_DER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice::checks {

enum DerTag : std::uint8_t {
  kDerInteger = 0x02,
  kDerBitString = 0x03,
  kDerOctetString = 0x04,
  kDerOid = 0x06,
  kDerSequence = 0x30,
};

// Points into the bytes it was read from.
struct DerElement {
  std::uint8_t tag = 0;
  std::string_view content;
};

// Takes one element off the front of `bytes`; nullopt when none stands there whole.
[[nodiscard]] std::optional<DerElement> ReadDer(std::string_view* bytes);
// The length that the element at the front claims, header included, whether or not it is all there.
[[nodiscard]] std::optional<std::size_t> ClaimedDerSize(std::string_view bytes);
// The elements of the one SEQUENCE that `bytes` must be from first to last byte. At most 64 of them.
[[nodiscard]] std::optional<std::vector<DerElement>> ReadDerSequence(std::string_view bytes);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_DER_H_
