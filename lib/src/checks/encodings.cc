#include "checks/encodings.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sluice::checks {
namespace {

constexpr std::string_view kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view kBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::string_view kBase64Standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::size_t kMaxBase58Chars = 128;

// The value of a character, or -1.
int Base64Value(char c, Base64 alphabet) {
  if (IsUpper(c)) return c - 'A';
  if (IsLower(c)) return c - 'a' + 26;
  if (IsDigit(c)) return c - '0' + 52;
  if (alphabet != Base64::kUrl && c == '+') return 62;
  if (alphabet != Base64::kUrl && c == '/') return 63;
  if (alphabet != Base64::kStandard && c == '-') return 62;
  if (alphabet != Base64::kStandard && c == '_') return 63;
  return -1;
}

// Collects groups of bits into bytes, most significant first.
class BitPacker {
 public:
  explicit BitPacker(std::size_t expected_bytes) { bytes_.reserve(expected_bytes); }

  void Add(std::uint32_t value, int bits) {
    buffer_ = (buffer_ << bits) | value;
    count_ += bits;
    if (count_ < 8) return;
    count_ -= 8;
    bytes_.push_back(static_cast<char>((buffer_ >> count_) & 0xFF));
    buffer_ &= (1U << count_) - 1;
  }
  [[nodiscard]] int spare_bits() const { return count_; }
  [[nodiscard]] bool spare_is_zero() const { return buffer_ == 0; }
  [[nodiscard]] std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  std::uint32_t buffer_ = 0;
  int count_ = 0;
};

std::uint32_t Bech32Step(std::uint32_t state, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3};
  const std::uint32_t top = state >> 25;
  state = ((state & 0x1FFFFFF) << 5) ^ value;
  for (std::size_t i = 0; i < kGenerator.size(); ++i) {
    if ((top >> i) & 1) state ^= kGenerator[i];
  }
  return state;
}

std::uint32_t Bech32OfPrefix(std::string_view prefix) {
  std::uint32_t state = 1;
  for (const char c : prefix) state = Bech32Step(state, static_cast<unsigned char>(c) >> 5);
  state = Bech32Step(state, 0);
  for (const char c : prefix) state = Bech32Step(state, static_cast<unsigned char>(c) & 31);
  return state;
}

// By its first byte; 0 when none begins so. Does not look for overlong forms: they are no text, but no harm either.
std::size_t Utf8SequenceBytes(unsigned char first) {
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool IsOneCase(std::string_view text) {
  return std::none_of(text.begin(), text.end(), IsUpper) || std::none_of(text.begin(), text.end(), IsLower);
}

}  // namespace

bool AllOf(std::string_view text, std::string_view alphabet) {
  return text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

bool IsText(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const auto first = static_cast<unsigned char>(bytes[i]);
    if (first < 0x80) {
      if ((first < 0x20 && first != '\t' && first != '\n' && first != '\r') || first == 0x7F) return false;
      ++i;
      continue;
    }
    const std::size_t size = Utf8SequenceBytes(first);
    if (size == 0 || bytes.size() - i < size) return false;
    for (std::size_t k = 1; k < size; ++k) {
      if ((static_cast<unsigned char>(bytes[i + k]) & 0xC0) != 0x80) return false;
    }
    i += size;
  }
  return true;
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !IsHexDigit(text[i])) return false;
  }
  return true;
}

std::string ToLowerAscii(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (IsUpper(c)) c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string ToRadix(std::uint64_t value, std::string_view alphabet, std::size_t width) {
  std::string digits;
  for (; value != 0; value /= alphabet.size()) digits.push_back(alphabet[value % alphabet.size()]);
  while (digits.size() < width) digits.push_back(alphabet.front());
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::optional<std::uint64_t> FromRadix(std::string_view text, std::string_view alphabet) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    const std::size_t digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    if (value > (UINT64_MAX - digit) / alphabet.size()) return std::nullopt;
    value = value * alphabet.size() + digit;
  }
  return value;
}

std::string ToHex32(std::uint32_t value, std::string_view alphabet) { return ToRadix(value, alphabet, 8); }

std::string LittleEndian32(std::uint32_t value) {
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>((value >> shift) & 0xFF));
  return bytes;
}

std::uint32_t ByteSwap32(std::uint32_t value) { return ReadBigEndian32(LittleEndian32(value), 0); }

std::uint32_t ReadLittleEndian32(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

std::uint32_t ReadBigEndian32(std::string_view bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[offset + i]);
  return value;
}

std::optional<std::string> DecodeBase64(std::string_view text, Base64 alphabet) {
  if (text.size() > kMaxInputBytes) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  // One character over is 6 bits, which is no byte; and padding, where there is some, fills up to four.
  if (text.size() % 4 == 1 || (padding > 0 && (text.size() + padding) % 4 != 0)) return std::nullopt;
  BitPacker packer(text.size() / 4 * 3 + 3);
  for (const char c : text) {
    const int value = Base64Value(c, alphabet);
    if (value < 0) return std::nullopt;
    packer.Add(static_cast<std::uint32_t>(value), 6);
  }
  return packer.Take();
}

std::string EncodeBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = (group << 8) | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) text += k <= count ? kBase64Standard[(group >> (18 - 6 * k)) & 63] : '=';
  }
  return text;
}

std::optional<std::string> DecodeBase32(std::string_view text, std::string_view alphabet) {
  if (text.size() > kMaxInputBytes) return std::nullopt;
  BitPacker packer(text.size() / 8 * 5 + 5);
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    packer.Add(static_cast<std::uint32_t>(value), 5);
  }
  if (packer.spare_bits() >= 5 || !packer.spare_is_zero()) return std::nullopt;
  return packer.Take();
}

std::optional<std::string> DecodeBase58(std::string_view text) {
  if (text.size() > kMaxBase58Chars) return std::nullopt;
  std::vector<std::uint32_t> bytes;  // Least significant first.
  for (const char c : text) {
    const std::size_t digit = kBase58.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    auto carry = static_cast<std::uint32_t>(digit);
    for (std::uint32_t& byte : bytes) {
      carry += byte * 58;
      byte = carry & 0xFF;
      carry >>= 8;
    }
    for (; carry != 0; carry >>= 8) bytes.push_back(carry & 0xFF);
  }
  // Each leading zero digit stands for a zero byte.
  const std::size_t zeros = std::min(text.find_first_not_of(kBase58.front()), text.size());
  std::string decoded(zeros, '\0');
  for (auto it = bytes.rbegin(); it != bytes.rend(); ++it) decoded.push_back(static_cast<char>(*it));
  return decoded;
}

std::string DecodePercent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && IsHexDigit(text[i + 1]) && IsHexDigit(text[i + 2])) {
      decoded.push_back(static_cast<char>(*FromRadix(ToLowerAscii(text.substr(i + 1, 2)), kLowerHex)));
      i += 2;
    } else {
      decoded.push_back(text[i]);
    }
  }
  return decoded;
}

std::optional<Bech32> DecodeBech32(std::string_view text) {
  if (text.size() > kMaxInputBytes || !IsOneCase(text)) return std::nullopt;
  const std::string lower = ToLowerAscii(text);
  const std::size_t separator = lower.rfind('1');
  if (separator == std::string::npos || separator == 0 || lower.size() < separator + 7) return std::nullopt;
  Bech32 result;
  result.prefix = lower.substr(0, separator);
  const auto allowed = [](char c) { return IsPrintableAscii(c) && c != ' '; };
  if (!std::all_of(result.prefix.begin(), result.prefix.end(), allowed)) return std::nullopt;
  const std::size_t data_end = lower.size() - 6;
  std::uint32_t state = Bech32OfPrefix(result.prefix);
  BitPacker packer(lower.size());
  for (std::size_t i = separator + 1; i < lower.size(); ++i) {
    const std::size_t value = kBech32.find(lower[i]);
    if (value == std::string_view::npos) return std::nullopt;
    state = Bech32Step(state, static_cast<std::uint32_t>(value));
    if (i < data_end) packer.Add(static_cast<std::uint32_t>(value), 5);
  }
  if (state != 1) return std::nullopt;
  result.bytes = packer.Take();
  return result;
}

std::string Printable(std::string_view text, std::size_t max_bytes) {
  std::string clean(text.substr(0, max_bytes));
  for (char& c : clean) {
    if (!IsPrintableAscii(c)) c = '?';
  }
  return clean;
}

}  // namespace sluice::checks
