// The alphabets and number systems that credentials are written in. Every decoder is bounds-checked, takes any bytes,
// and says nullopt for what the encoding cannot have produced. Decoded bytes are std::string.
#ifndef SLUICE_CHECKS_ENCODINGS_H_
#define SLUICE_CHECKS_ENCODINGS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ascii.h"

namespace sluice::checks {

// No credential that we look into is longer. What is longer is not decoded.
inline constexpr std::size_t kMaxInputBytes = 65536;

inline constexpr std::string_view kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase32Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view kBase32Lower = "abcdefghijklmnopqrstuvwxyz234567";
inline constexpr std::string_view kLowerHex = "0123456789abcdef";
inline constexpr std::string_view kUpperHex = "0123456789ABCDEF";

[[nodiscard]] constexpr bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] constexpr bool IsBase64Char(char c) { return IsAlnum(c) || c == '+' || c == '/'; }
[[nodiscard]] constexpr bool IsPrintableAscii(char c) { return c >= ' ' && c <= '~'; }
// True for the empty text, too.
[[nodiscard]] bool AllOf(std::string_view text, std::string_view alphabet);
[[nodiscard]] bool AllDigits(std::string_view text);
// Valid UTF-8 without control characters other than tab and line breaks.
[[nodiscard]] bool IsText(std::string_view bytes);
// 8-4-4-4-12 hexadecimal digits of any version.
[[nodiscard]] bool IsUuid(std::string_view text);
[[nodiscard]] std::string ToLowerAscii(std::string_view text);

// `value` in the alphabet's base, most significant digit first, left-padded with the alphabet's zero to `width`.
[[nodiscard]] std::string ToRadix(std::uint64_t value, std::string_view alphabet, std::size_t width);
// nullopt for the empty text, a foreign character, or more than 64 bits.
[[nodiscard]] std::optional<std::uint64_t> FromRadix(std::string_view text, std::string_view alphabet);
// 8 hexadecimal digits in the given case, most significant first.
[[nodiscard]] std::string ToHex32(std::uint32_t value, std::string_view alphabet);
// The 4 bytes of `value`, least significant first.
[[nodiscard]] std::string LittleEndian32(std::uint32_t value);
[[nodiscard]] std::uint32_t ByteSwap32(std::uint32_t value);
// REQUIRES: offset + 4 <= bytes.size().
[[nodiscard]] std::uint32_t ReadLittleEndian32(std::string_view bytes, std::size_t offset);
[[nodiscard]] std::uint32_t ReadBigEndian32(std::string_view bytes, std::size_t offset);

enum class Base64 : std::uint8_t { kStandard, kUrl, kEither };
// Padding may be there or not; the spare bits of the last character may be anything, as some encoders are sloppy.
[[nodiscard]] std::optional<std::string> DecodeBase64(std::string_view text, Base64 alphabet = Base64::kStandard);
[[nodiscard]] std::string EncodeBase64(std::string_view bytes);
// Without padding. Canonical only: the spare bits are zero, so that encoding again gives the same text.
[[nodiscard]] std::optional<std::string> DecodeBase32(std::string_view text, std::string_view alphabet);
// Bitcoin's alphabet. At most 128 characters, as it takes quadratic time.
[[nodiscard]] std::optional<std::string> DecodeBase58(std::string_view text);
// "%3D" becomes "="; a % that is not followed by two digits stays as it is.
[[nodiscard]] std::string DecodePercent(std::string_view text);

// BIP-173 without its limit of 90 characters, which age does not keep.
struct Bech32 {
  std::string prefix;  // Human readable part, lower case.
  std::string bytes;   // Data without the checksum, in whole bytes.
};
// nullopt also when the 30-bit checksum does not hold.
[[nodiscard]] std::optional<Bech32> DecodeBech32(std::string_view text);

// For notes: printable ASCII only, anything else becomes '?', cut to `max_bytes`. Input is hostile, output goes to a
// terminal.
[[nodiscard]] std::string Printable(std::string_view text, std::size_t max_bytes = 80);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_ENCODINGS_H_
