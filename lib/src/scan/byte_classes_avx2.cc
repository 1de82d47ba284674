// Compiled for processors with AVX2, and called only on such.
#include <immintrin.h>

#include "scan/byte_classes_simd.h"

namespace sluice::scan {

namespace {

struct Avx2 {
  static constexpr std::size_t kBytes = 32;
  static __m256i Load(const char* at) { return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)); }
  static __m256i Equal(__m256i bytes, char c) { return _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(c)); }
  static __m256i InRange(__m256i bytes, char first, int count) {
    const __m256i from_zero = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
    return _mm256_cmpeq_epi8(_mm256_min_epu8(from_zero, _mm256_set1_epi8(static_cast<char>(count - 1))), from_zero);
  }
  static __m256i LowerCase(__m256i bytes) { return _mm256_or_si256(bytes, _mm256_set1_epi8(0x20)); }
  // Bit 5 tells the cases apart.
  static std::uint64_t CaseBits(__m256i bytes) { return Mask(_mm256_slli_epi16(bytes, 2)); }
  static std::uint64_t Mask(__m256i members) { return static_cast<unsigned>(_mm256_movemask_epi8(members)); }
};

}  // namespace

void ClassifyWordsAvx2(const char* text, std::size_t words, ClassesBefore* before, const ClassesOfWords& classes) {
  ClassifyWords<Comparing<Avx2>>(text, words, before, classes);
}

}  // namespace sluice::scan
