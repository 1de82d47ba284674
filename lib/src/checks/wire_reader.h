// Reads big-endian binary formats (SSH, OpenPGP) front to back. Reading beyond the end gives zeros and empty strings
// and turns ok() off for good, so that a parser can ask once at the end.
#ifndef SLUICE_CHECKS_WIRE_READER_H_
#define SLUICE_CHECKS_WIRE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice::checks {

class WireReader {
 public:
  // `bytes` must outlive the reader and what it returns.
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t Byte() { return static_cast<std::uint8_t>(Number(1)); }
  std::uint16_t Uint16() { return static_cast<std::uint16_t>(Number(2)); }
  std::uint32_t Uint32() { return Number(4); }
  std::string_view Bytes(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const std::string_view bytes = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return bytes;
  }
  // A length of 4 bytes, then as many.
  std::string_view String() { return Bytes(Uint32()); }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::uint32_t Number(std::size_t size) {
    std::uint32_t value = 0;
    for (const char c : Bytes(size)) value = (value << 8) | static_cast<unsigned char>(c);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_WIRE_READER_H_
