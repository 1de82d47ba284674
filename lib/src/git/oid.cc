#include "git/oid.h"

namespace sluice::git {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string ToHex(const Oid& oid) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(std::size_t{2} * oid.size, '0');
  for (std::size_t i = 0; i < oid.size; ++i) {
    hex[2 * i] = kDigits[oid.bytes[i] >> 4U];
    hex[2 * i + 1] = kDigits[oid.bytes[i] & 0xfU];
  }
  return hex;
}

std::optional<Oid> ParseOid(std::string_view hex) {
  if (hex.size() != 2 * kSha1Size && hex.size() != 2 * kSha256Size) return std::nullopt;
  Oid oid;
  oid.size = static_cast<std::uint8_t>(hex.size() / 2);
  for (std::size_t i = 0; i < oid.size; ++i) {
    const int high = HexDigit(hex[2 * i]);
    const int low = HexDigit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    oid.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return oid;
}

const Oid& EmptyTreeSha1() {
  static const Oid oid = *ParseOid("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
  return oid;
}

}  // namespace sluice::git
