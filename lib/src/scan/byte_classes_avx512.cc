// Compiled for processors with AVX-512BW, and called only on such.
#include <immintrin.h>

#include "scan/byte_classes_simd.h"

namespace sluice::scan {

namespace {

// Comparisons give a bit for each byte right away.
struct Avx512 {
  static constexpr std::size_t kBytes = 64;
  static __m512i Load(const char* at) { return _mm512_loadu_si512(at); }
  static std::uint64_t Equal(__m512i bytes, char c) { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c)); }
  static std::uint64_t InRange(__m512i bytes, char first, int count) {
    const __m512i from_zero = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first));
    return _mm512_cmplt_epu8_mask(from_zero, _mm512_set1_epi8(static_cast<char>(count)));
  }
  static __m512i LowerCase(__m512i bytes) { return _mm512_or_si512(bytes, _mm512_set1_epi8(0x20)); }
  static std::uint64_t CaseBits(__m512i bytes) { return _mm512_test_epi8_mask(bytes, _mm512_set1_epi8(0x20)); }
  static std::uint64_t Mask(std::uint64_t members) { return members; }
  static std::uint64_t Mask(__m512i bytes) { return _mm512_movepi8_mask(bytes); }
};

}  // namespace

void ClassifyWordsAvx512(const char* text, std::size_t words, char before, ByteClasses* classes) {
  ClassifyWords<Avx512>(text, words, before, classes);
}

}  // namespace sluice::scan
