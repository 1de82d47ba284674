// Compiled for processors with AVX-512 VBMI and VBMI2, and called only on such.
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
    masks.zero = _mm512_testn_epi8_mask(bytes, bytes);
    masks.digit = Has(kinds, kDigit);
    masks.upper = Has(kinds, kUpper);
    masks.lower = Has(kinds, kLower);
    masks.sign = Has(kinds, kSign);
    masks.dot = Has(kinds, kDot);
    masks.quote = Has(patterns, kJoint | kLaterJoint);
    masks.escape = Has(patterns, kBackslash | kDigits | kPercent | kEntity);
    masks.word = Has(patterns, kCapital | kJoin);
    return masks;
  }
};

// `bits`, each kCount places later, behind those of the word before; in the first word, of the last one of `was`.
template <int kCount>
__m512i Later(__m512i bits, __m512i was) {
  return _mm512_shldi_epi64(bits, _mm512_alignr_epi64(bits, was, 7), kCount);
}

}  // namespace

void ClassifyWordsAvx512(const char* text, std::size_t words, ClassesBefore* before, const ClassesOfWords& classes) {
  ClassifyWords<LookingUp>(text, words, before, classes);
}

// As FindRunEnds() of byte_classes.cc, of eight words together.
void FindRunEndsAvx512(const std::uint64_t* base64, const std::uint64_t* mix, std::size_t words,
                       std::uint64_t* run_end) {
  __m512i was_1 = _mm512_setzero_si512();
  __m512i was_2 = was_1;
  __m512i was_4 = was_1;
  __m512i was_7 = was_1;
  __m512i was_14 = was_1;
  __m512i was_24 = was_1;
  unsigned has_mix = 0;
  for (std::size_t i = 0; i < words; i += 8) {
    const __m512i in_1 = _mm512_loadu_si512(base64 + i);
    const __m512i in_2 = _mm512_and_si512(in_1, Later<1>(in_1, was_1));
    const __m512i in_4 = _mm512_and_si512(in_2, Later<2>(in_2, was_2));
    const __m512i in_7 = _mm512_and_si512(in_4, Later<3>(in_4, was_4));
    const __m512i in_14 = _mm512_and_si512(in_7, Later<7>(in_7, was_7));
    const __m512i in_24 = _mm512_and_si512(in_14, Later<10>(in_14, was_14));
    // Words that carry into the next one by themselves, and those that pass on what is carried into them: added as
    // numbers, these masks give the words that something is carried into.
    const __m512i sum = _mm512_add_epi64(in_1, _mm512_loadu_si512(mix + i));
    const unsigned carries = _mm512_cmplt_epu64_mask(sum, in_1);
    const unsigned passes = _mm512_cmpeq_epi64_mask(sum, _mm512_set1_epi64(-1));
    const unsigned both = passes + (carries << 1U | has_mix);
    const auto carried_into = static_cast<__mmask8>(both ^ passes);
    has_mix = both >> 8U & 1U;
    const __m512i with_mix = _mm512_mask_add_epi64(sum, carried_into, sum, _mm512_set1_epi64(1));
    const __m512i ends = _mm512_or_si512(Later<1>(in_24, was_24), _mm512_and_si512(Later<1>(in_14, was_14), with_mix));
    _mm512_storeu_si512(run_end + i, _mm512_andnot_si512(in_1, ends));
    was_1 = in_1;
    was_2 = in_2;
    was_4 = in_4;
    was_7 = in_7;
    was_14 = in_14;
    was_24 = in_24;
  }
}

}  // namespace sluice::scan
