// Compiled for processors with AVX-512 VBMI, and called only on such.
#include <immintrin.h>

#include "scan/byte_class_tables.h"
#include "scan/byte_classes_simd.h"

namespace sluice::scan {

namespace {

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

  // The tables did.
  static void Narrow(const char* /*begin*/, WordMasks* /*masks*/) {}

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
