// Compiled for processors with AVX-512 VBMI, and called only on such.
#include <immintrin.h>

#include "scan/byte_classes_simd.h"

namespace sluice::scan {

namespace {

// By character of seven bits, a bit for each class that it is of.
struct Table {
  alignas(64) unsigned char of[128] = {};  // NOLINT(*-avoid-c-arrays): functions of std::array are everybody's.

  constexpr void Add(const char* characters, unsigned char bit) {
    for (; *characters != '\0'; ++characters) of[static_cast<unsigned char>(*characters)] |= bit;
  }
  constexpr void AddBeyondAscii(const char* characters, unsigned char bit) {
    for (; *characters != '\0'; ++characters) of[static_cast<unsigned char>(*characters) & 0x7fU] |= bit;
  }
  constexpr void Add(char first, char last, unsigned char bit) {
    for (char c = first; c <= last; ++c) of[static_cast<unsigned char>(c)] |= bit;
  }
};

constexpr unsigned char kDigit = 1;
constexpr unsigned char kUpper = 2;
constexpr unsigned char kLower = 4;
constexpr unsigned char kSign = 8;
constexpr unsigned char kDot = 16;

constexpr Table kKinds = [] {
  Table table;
  table.Add('0', '9', kDigit);
  table.Add('A', 'Z', kUpper);
  table.Add('a', 'z', kLower);
  table.Add("+/-_", kSign);
  table.Add(".", kDot);
  return table;
}();

// Patterns of two or three characters. A bit stands for one pattern, and is set for the characters that it allows in
// the first, the second and the third place.
constexpr unsigned char kJoint = 1;
constexpr unsigned char kLaterJoint = 2;
constexpr unsigned char kBackslash = 4;
constexpr unsigned char kPercent = 8;
constexpr unsigned char kEntity = 16;
constexpr unsigned char kCapital = 32;
constexpr unsigned char kJoin = 64;
constexpr const char* kQuotes = "\"'`";
constexpr const char* kOperators = "+.&|<~\\";

constexpr Table kFirst = [] {
  Table table;
  table.Add(kQuotes, kJoint | kLaterJoint);
  table.Add("\\", kBackslash);
  table.Add("%", kPercent);
  table.Add("&", kEntity);
  table.Add("S", kCapital);
  table.Add("j", kJoin);
  return table;
}();
constexpr Table kSecond = [] {
  Table table;
  table.Add(kQuotes, kJoint);
  table.Add(kOperators, kJoint);
  table.Add('\t', ' ', kLaterJoint);
  table.Add("xuU\r\n", kBackslash);
  table.Add('2', '7', kPercent);
  table.Add("#aqlg", kEntity);
  table.Add("e", kCapital);
  table.Add("o", kJoin);
  return table;
}();
// The other patterns are over: anything may follow.
constexpr unsigned char kOver = 0xffU & ~(kLaterJoint | kCapital | kJoin);
constexpr Table kThird = [] {
  Table table;
  table.Add("bBfFLRuU", kLaterJoint);
  table.Add(kQuotes, kLaterJoint);
  table.Add(kOperators, kLaterJoint);
  table.Add('\t', ' ', kLaterJoint);
  table.Add("c", kCapital);
  table.Add("i", kJoin);
  return table;
}();

// Beyond ASCII, by the lower seven bits: the first two bytes of odd characters, in the same way.
constexpr Table kOddFirst = [] {
  Table table;
  table.AddBeyondAscii("\xc2", 1);
  table.AddBeyondAscii("\xcd", 2);
  table.AddBeyondAscii("\xd8", 4);
  table.AddBeyondAscii("\xe1\xe3\xf3", 8);
  table.AddBeyondAscii("\xe2", 16);
  table.AddBeyondAscii("\xef", 32);
  table.AddBeyondAscii("\xf0", 64);
  return table;
}();
constexpr Table kOddSecond = [] {
  Table table;
  table.AddBeyondAscii("\xa0\xad", 1);
  table.AddBeyondAscii("\x8f", 2);
  table.AddBeyondAscii("\x9c", 4);
  table.AddBeyondAscii("\x85\x9e\xa0", 8);
  table.AddBeyondAscii("\x80\x81", 16);
  table.AddBeyondAscii("\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf", 32);
  table.AddBeyondAscii("\x9b\x9d", 64);
  return table;
}();

struct LookingUp {
  static __m512i At(const Table& table, __m512i bytes) {
    return _mm512_permutex2var_epi8(_mm512_load_si512(&table.of[0]), bytes, _mm512_load_si512(&table.of[64]));
  }
  // Of bytes beyond ASCII: nothing, at a price that most text need not pay.
  template <bool kMayBeBeyondAscii>
  static __m512i Of(const Table& table, __m512i bytes) {
    const __m512i of = At(table, bytes);
    return kMayBeBeyondAscii ? _mm512_maskz_mov_epi8(_knot_mask64(_mm512_movepi8_mask(bytes)), of) : of;
  }
  static std::uint64_t Has(__m512i classes, unsigned char bits) {
    return _mm512_test_epi8_mask(classes, _mm512_set1_epi8(static_cast<char>(bits)));
  }

  static WordMasks Look(const char* begin) {
    const __m512i bytes = _mm512_loadu_si512(begin);
    const __m512i next = _mm512_loadu_si512(begin + 1);
    const __m512i after = _mm512_loadu_si512(begin + 2);
    if (_mm512_movepi8_mask(_mm512_or_si512(_mm512_or_si512(bytes, next), after)) == 0) {
      return LookUp<false>(bytes, next, after);
    }
    WordMasks masks = LookUp<true>(bytes, next, after);
    masks.odd = _mm512_test_epi8_mask(At(kOddFirst, bytes), At(kOddSecond, next)) & _mm512_movepi8_mask(bytes) &
                _mm512_movepi8_mask(next);
    return masks;
  }

  template <bool kMayBeBeyondAscii>
  static WordMasks LookUp(__m512i bytes, __m512i next, __m512i after) {
    const __m512i kinds = Of<kMayBeBeyondAscii>(kKinds, bytes);
    const __m512i first = Of<kMayBeBeyondAscii>(kFirst, bytes);
    const __m512i second = Of<kMayBeBeyondAscii>(kSecond, next);
    const __m512i third =
        _mm512_or_si512(Of<kMayBeBeyondAscii>(kThird, after), _mm512_set1_epi8(static_cast<char>(kOver)));
    const __m512i patterns = _mm512_and_si512(_mm512_and_si512(first, second), third);
    WordMasks masks{};
    masks.digit = Has(kinds, kDigit);
    masks.upper = Has(kinds, kUpper);
    masks.lower = Has(kinds, kLower);
    masks.sign = Has(kinds, kSign);
    masks.dot = Has(kinds, kDot);
    masks.quote = Has(patterns, kJoint | kLaterJoint);
    masks.escape = Has(patterns, kBackslash | kPercent | kEntity);
    masks.word = Has(patterns, kCapital | kJoin);
    return masks;
  }
};

}  // namespace

void ClassifyWordsAvx512(const char* text, std::size_t words, ClassesBefore* before, ByteClasses* classes) {
  ClassifyWords<LookingUp>(text, words, before, classes);
}

}  // namespace sluice::scan
