// Numbers of formats that write the lowest byte first, such as zip.
#ifndef SLUICE_BASE_LITTLE_ENDIAN_H_
#define SLUICE_BASE_LITTLE_ENDIAN_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

// That of the `count` bytes from `at`, four at most. REQUIRES: at + count <= bytes.size().
[[nodiscard]] inline std::uint32_t LittleEndian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8U * i);
  }
  return value;
}

}  // namespace sluice

#endif  // SLUICE_BASE_LITTLE_ENDIAN_H_
