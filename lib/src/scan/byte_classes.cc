// This runs over every byte of every file. Measure with:
// build/release/benchmarks/scan_benchmark --benchmark_filter=Survey
#include "scan/byte_classes.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <array>

#include "scan/byte_classes_simd.h"

namespace sluice::scan {

#ifdef SLUICE_AVX
void ClassifyWordsAvx2(const char* text, std::size_t words, ClassesBefore* before,
                       ByteClasses* classes);  // byte_classes_avx2.cc
void ClassifyWordsAvx512(const char* text, std::size_t words, ClassesBefore* before,
                         ByteClasses* classes);  // byte_classes_avx512.cc
#endif

namespace {

constexpr std::size_t kWord = 64;

#ifdef __SSE2__
struct Sse2 {
  static constexpr std::size_t kBytes = 16;
  static __m128i Load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
  static __m128i Equal(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }
  static __m128i InRange(__m128i bytes, char first, int count) {
    const __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(static_cast<char>(count - 1))), from_zero);
  }
  static __m128i LowerCase(__m128i bytes) { return _mm_or_si128(bytes, _mm_set1_epi8(0x20)); }
  // Bit 5 tells the cases apart.
  static std::uint64_t CaseBits(__m128i bytes) { return Mask(_mm_slli_epi16(bytes, 2)); }
  static std::uint64_t Mask(__m128i members) { return static_cast<unsigned>(_mm_movemask_epi8(members)); }
};
using Plain = Sse2;
#else
// A vector of one byte.
struct OneByte {
  static constexpr std::size_t kBytes = 1;
  static unsigned Load(const char* at) { return static_cast<unsigned char>(*at); }
  static unsigned Equal(unsigned byte, char c) { return byte == static_cast<unsigned char>(c) ? 0xff : 0; }
  static unsigned InRange(unsigned byte, char first, unsigned count) {
    return static_cast<unsigned char>(byte - static_cast<unsigned char>(first)) < count ? 0xff : 0;
  }
  static unsigned LowerCase(unsigned byte) { return byte | 0x20U; }
  static std::uint64_t CaseBits(unsigned byte) { return byte >> 5U & 1U; }
  static std::uint64_t Mask(unsigned byte) { return byte >> 7U; }
};
using Plain = OneByte;
#endif

}  // namespace

std::span<const WordClassifier> WordClassifiers() {
  static const std::vector<WordClassifier>* const kClassifiers = [] {
    auto* classifiers = new std::vector<WordClassifier>;
#ifdef SLUICE_AVX
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi")) {
      classifiers->push_back(ClassifyWordsAvx512);
    }
    if (__builtin_cpu_supports("avx2")) classifiers->push_back(ClassifyWordsAvx2);
#endif
    classifiers->push_back(ClassifyWords<Comparing<Plain>>);
    return classifiers;
  }();
  return *kClassifiers;
}

void Classify(std::string_view text, std::vector<ByteClasses>* classes) {
  static const WordClassifier kFastest = WordClassifiers()[0];
  Classify(kFastest, text, classes);
}

void Classify(WordClassifier classify_words, std::string_view text, std::vector<ByteClasses>* classes) {
  constexpr std::size_t kBehind = 2;  // Which a classifier reads.
  const std::size_t words = text.size() / kWord + 1;
  classes->resize(words);
  ClassesBefore before{};
  const std::size_t direct = text.size() >= kBehind ? (text.size() - kBehind) / kWord : 0;
  classify_words(text.data(), direct, &before, classes->data());
  // The last one or two words.
  std::array<char, 2 * kWord + kBehind> rest{};  // NUL is of no class.
  text.substr(direct * kWord).copy(rest.data(), rest.size());
  classify_words(rest.data(), words - direct, &before, classes->data() + direct);
}

}  // namespace sluice::scan
