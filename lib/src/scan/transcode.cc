#include "scan/transcode.h"

#include <algorithm>
#include <cstddef>

namespace sluice::scan {
namespace {

// Without a byte order mark, an encoding is told by four signs, all of which must be there:
//
// 1. Every unit is a character that text has: no control character but tab and line breaks, no unpaired surrogate, no
//    noncharacter, nothing in a private use area. Random bytes fail this within some dozen units.
// 2. No NUL unit, except one at the end. This is what keeps out tables of small numbers and fixed-size buffers.
// 3. Either most units are Latin letters, signs or spaces (their high byte is the NUL that gives the encoding away), or
//    there are spaces or line breaks in this byte order and none in the other: text in other scripts, which has NULs
//    nowhere else.
// 4. In the second case most units are not two printable ASCII bytes: those would be 8-bit text with a few NULs in it,
//    such as the output of `git log -z`, whose letters taken in pairs look like Chinese.
//
// A text without any NUL byte is never taken for UTF-16 or UTF-32.
constexpr std::size_t kSniffBytes = 4096;
constexpr std::size_t kMinUnits = 8;
// Below this many units all of them must be ASCII: a short binary file passes the other signs too easily.
constexpr std::size_t kFewUnits = 16;
constexpr std::uint32_t kReplacement = 0xFFFD;
constexpr std::uint32_t kMaxCodePoint = 0x10FFFF;

constexpr bool IsHighSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
constexpr bool IsLowSurrogate(std::uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }
constexpr bool IsSurrogate(std::uint32_t unit) { return unit >= 0xD800 && unit <= 0xDFFF; }

constexpr std::size_t UnitBytes(Encoding encoding) {
  switch (encoding) {
    case Encoding::kBytes:
      return 1;
    case Encoding::kUtf16Le:
    case Encoding::kUtf16Be:
      return 2;
    case Encoding::kUtf32Le:
    case Encoding::kUtf32Be:
      return 4;
  }
  return 1;
}

constexpr bool IsLittleEndian(Encoding encoding) {
  return encoding == Encoding::kUtf16Le || encoding == Encoding::kUtf32Le;
}

std::uint32_t ReadUnit(const char* bytes, Encoding encoding) {
  const std::size_t size = UnitBytes(encoding);
  std::uint32_t unit = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t at = IsLittleEndian(encoding) ? size - 1 - i : i;
    unit = (unit << 8) | static_cast<unsigned char>(bytes[at]);
  }
  return unit;
}

constexpr bool IsAsciiText(std::uint32_t c) {
  return (c >= 0x20 && c <= 0x7E) || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// Sign 1, for one code point.
constexpr bool IsTextCharacter(std::uint32_t c) {
  if (c < 0xA0) return IsAsciiText(c) || c == 0x85;
  const bool private_use = (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
  const bool noncharacter = (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF);
  return !private_use && !noncharacter && !IsSurrogate(c);
}

struct Census {
  std::size_t units = 0;
  std::size_t ascii = 0;        // ASCII text.
  std::size_t latin = 0;        // That, or a letter or sign of Latin-1.
  std::size_t spaces = 0;       // Space, tab, line break.
  std::size_t swapped = 0;      // The same in the other byte order.
  std::size_t ascii_pairs = 0;  // Both bytes printable ASCII.
  bool is_text = true;          // Sign 1 and sign 2.
};

constexpr bool IsSpaceUnit(std::uint32_t unit) { return unit == ' ' || unit == '\t' || unit == '\n' || unit == '\r'; }

void CountUnit(std::uint32_t unit, Census* census) {
  ++census->units;
  if (IsAsciiText(unit)) ++census->ascii;
  if (IsAsciiText(unit) || (unit >= 0xA0 && unit <= 0xFF)) ++census->latin;
  if (IsSpaceUnit(unit)) ++census->spaces;
  const std::uint32_t low = unit & 0xFF;
  const std::uint32_t high = (unit >> 8) & 0xFF;
  if (low == 0 && IsSpaceUnit(high)) ++census->swapped;
  if (low >= 0x20 && low <= 0x7E && high >= 0x20 && high <= 0x7E) ++census->ascii_pairs;
}

Census TakeCensus(std::string_view head, Encoding encoding) {
  const std::size_t size = UnitBytes(encoding);
  Census census;
  std::uint32_t high = 0;  // A surrogate that waits for its other half; half a pair at the very end is no fault.
  const std::size_t count = head.size() / size;
  for (std::size_t i = 0; i < count && census.is_text; ++i) {
    const std::uint32_t unit = ReadUnit(head.data() + i * size, encoding);
    if (unit == 0 && i + 1 == count) break;
    CountUnit(unit, &census);
    const bool waiting = high != 0;
    high = 0;
    if (size == 2 && IsHighSurrogate(unit) && !waiting) {
      high = unit;
    } else if (waiting) {
      census.is_text = IsLowSurrogate(unit);
    } else {
      census.is_text = IsTextCharacter(unit);
    }
  }
  return census;
}

bool LooksLike(std::string_view head, Encoding encoding) {
  const Census census = TakeCensus(head, encoding);
  if (!census.is_text || census.units < kMinUnits) return false;
  if (census.units < kFewUnits) return census.ascii == census.units;
  if (census.latin * 2 > census.units) return true;
  return census.spaces > 0 && census.swapped == 0 && census.ascii_pairs * 2 < census.units;
}

void AppendUtf8(std::uint32_t c, std::string* out) {
  if (c > kMaxCodePoint || IsSurrogate(c)) c = kReplacement;
  const auto tail = [&](int shift) { out->push_back(static_cast<char>(0x80 | ((c >> shift) & 0x3F))); };
  if (c < 0x80) {
    out->push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out->push_back(static_cast<char>(0xC0 | (c >> 6)));
    tail(0);
  } else if (c < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | (c >> 12)));
    tail(6);
    tail(0);
  } else {
    out->push_back(static_cast<char>(0xF0 | (c >> 18)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

Sniffed SniffEncoding(std::string_view head) {
  // UTF-32 before UTF-16: FF FE 00 00 begins with FF FE.
  if (head.starts_with(std::string_view("\xFF\xFE\0\0", 4))) return {Encoding::kUtf32Le, 4};
  if (head.starts_with(std::string_view("\0\0\xFE\xFF", 4))) return {Encoding::kUtf32Be, 4};
  if (head.starts_with("\xFF\xFE")) return {Encoding::kUtf16Le, 2};
  if (head.starts_with("\xFE\xFF")) return {Encoding::kUtf16Be, 2};
  if (head.starts_with("\xEF\xBB\xBF")) return {Encoding::kBytes, 3};
  head = head.substr(0, kSniffBytes);
  if (head.find('\0') == std::string_view::npos) return {};
  for (const Encoding encoding : {Encoding::kUtf32Le, Encoding::kUtf32Be, Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    if (LooksLike(head, encoding)) return {encoding, 0};
  }
  return {};
}

void Transcoder::Append(std::string_view piece, std::string* out) {
  if (encoding_ == Encoding::kBytes) {
    out->append(piece);
    return;
  }
  const std::size_t size = UnitBytes(encoding_);
  const auto add = [&](const char* bytes) {
    const std::uint32_t unit = ReadUnit(bytes, encoding_);
    if (size == 2) {
      Unit16(unit, out);
    } else {
      AppendUtf8(unit, out);
    }
  };
  // First the unit that the last piece ended in the middle of.
  while (pending_bytes_ > 0 && !piece.empty()) {
    pending_[pending_bytes_++] = static_cast<unsigned char>(piece.front());
    piece.remove_prefix(1);
    if (pending_bytes_ < size) continue;
    add(reinterpret_cast<const char*>(pending_));
    pending_bytes_ = 0;
  }
  for (; piece.size() >= size; piece.remove_prefix(size)) add(piece.data());
  for (const char c : piece) pending_[pending_bytes_++] = static_cast<unsigned char>(c);
}

void Transcoder::Unit16(std::uint32_t unit, std::string* out) {
  const std::uint32_t high = high_surrogate_;
  high_surrogate_ = 0;
  if (high != 0 && IsLowSurrogate(unit)) {
    AppendUtf8(0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00), out);
    return;
  }
  if (high != 0) AppendUtf8(kReplacement, out);
  if (IsHighSurrogate(unit)) {
    high_surrogate_ = unit;
  } else {
    AppendUtf8(unit, out);
  }
}

void WideText::Append(std::string_view piece, std::string* out) {
  constexpr std::size_t kMaxRun = 4096;
  while (!piece.empty()) {
    if (piece[0] == '\0') {
      // Binary files have long runs of them.
      const std::size_t run = std::min(piece.find_first_not_of('\0'), piece.size());
      nuls_ += run;
      piece.remove_prefix(run);
      continue;
    }
    const std::size_t nul = piece.find('\0');
    const char c = piece[0];
    const bool goes_on = !run_.empty() && (nuls_ == 1 || nuls_ == 3) && (step_ == 0 || step_ == nuls_);
    if (goes_on) {
      step_ = nuls_;
    } else {
      Flush(out);
    }
    nuls_ = 0;
    // Of characters without a NUL between them only the last can begin a run.
    const std::string_view together = piece.substr(0, nul);
    if (together.size() > 1) {
      run_ += c;
      Flush(out);
      const std::string_view middle = together.substr(1, together.size() - 2);
      lines_ += static_cast<std::size_t>(std::count(middle.begin(), middle.end(), '\n'));
    }
    run_ += together.back();
    piece.remove_prefix(together.size());
    if (step_ != 0 && run_.size() >= kMaxRun) {
      out->append(lines_, '\n').append(run_, 0, run_.size() - 1);
      lines_ = 0;
      run_.erase(0, run_.size() - 1);
      is_wide_ = true;
    }
  }
}

void WideText::Flush(std::string* out) {
  // Shorter ones stand in any binary file.
  constexpr std::size_t kMinRun = 6;
  if (is_wide_ || run_.size() >= kMinRun) {
    out->append(lines_, '\n').append(run_).push_back(' ');
    lines_ = 0;
  } else {
    lines_ += static_cast<std::size_t>(std::count(run_.begin(), run_.end(), '\n'));
  }
  run_.clear();
  step_ = 0;
  is_wide_ = false;
}

void WideText::Finish(std::string* out) {
  Flush(out);
  nuls_ = 0;
}

void Transcoder::Finish(std::string* out) {
  if (high_surrogate_ != 0) AppendUtf8(kReplacement, out);
  if (pending_bytes_ != 0) AppendUtf8(kReplacement, out);
  high_surrogate_ = 0;
  pending_bytes_ = 0;
}

}  // namespace sluice::scan
