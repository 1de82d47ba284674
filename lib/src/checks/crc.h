// Cyclic redundancy checks that providers put into their tokens. All are computed over bytes as they stand.
#ifndef SLUICE_CHECKS_CRC_H_
#define SLUICE_CHECKS_CRC_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::checks {

namespace internal {

constexpr std::array<std::uint32_t, 256> MakeCrc32Table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320U : 0U);
    table[i] = value;
  }
  return table;
}
inline constexpr std::array<std::uint32_t, 256> kCrc32Table = MakeCrc32Table();

}  // namespace internal

// IEEE 802.3 as in zlib and PNG: reflected 0x04C11DB7, all ones in and out. "123456789" gives 0xCBF43926.
constexpr std::uint32_t Crc32(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : bytes) crc = (crc >> 8) ^ internal::kCrc32Table[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return crc ^ 0xFFFFFFFFU;
}

// RFC 9580 section 6.1, for OpenPGP armour. "123456789" gives 0x21CF02.
constexpr std::uint32_t Crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CEU;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x800000U) ? 0x1864CFBU : 0U);
  }
  return crc & 0xFFFFFFU;
}

// CRC-16/XMODEM: polynomial 0x1021, starting from 0. "123456789" gives 0x31C3.
constexpr std::uint16_t Crc16(std::string_view bytes) {
  std::uint32_t crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc << 1) ^ ((crc & 0x8000U) ? 0x1021U : 0U);
    crc &= 0xFFFFU;
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_CRC_H_
