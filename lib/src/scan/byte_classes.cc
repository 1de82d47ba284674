// This runs over every byte of every file. Measure with:
// build/release/benchmarks/scan_benchmark --benchmark_filter=Survey
#include "scan/byte_classes.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>

#include "scan/byte_classes_simd.h"

namespace sluice::scan {

#ifdef SLUICE_AVX
void ClassifyWordsAvx2(const char* text, std::size_t words, ClassesBefore* before,
                       const ClassesOfWords& classes);  // byte_classes_avx2.cc
// byte_classes_avx512.cc
void ClassifyWordsAvx512(const char* text, std::size_t words, ClassesBefore* before, const ClassesOfWords& classes);
void FindRunEndsAvx512(const std::uint64_t* base64, const std::uint64_t* mix, std::size_t words,
                       std::uint64_t* run_end);
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

// `bits`, each `count` places later, behind the bits of the word before.
std::uint64_t Later(std::uint64_t bits, std::uint64_t before, unsigned count) {
  __extension__ using TwoWords = unsigned __int128;  // Which compilers turn into one instruction.
  return static_cast<std::uint64_t>((TwoWords{bits} << kWord | before) >> (kWord - count));
}

// No jump depends on the bits: in source code every third word has a run of kShortRunBytes.
void FindRunEnds(const std::uint64_t* base64, const std::uint64_t* mix, std::size_t words, std::uint64_t* run_end) {
  static_assert(kShortRunBytes == 14 && kLongRunBytes == 24);
  // Of the word before: set where the last 1, 2, 4, 7, 14 and 24 bytes are base64 characters.
  std::uint64_t was_1 = 0;
  std::uint64_t was_2 = 0;
  std::uint64_t was_4 = 0;
  std::uint64_t was_7 = 0;
  std::uint64_t was_14 = 0;
  std::uint64_t was_24 = 0;
  std::uint64_t has_mix = 0;  // 1 when the run that goes on has one.
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t in_1 = base64[i];
    const std::uint64_t in_2 = in_1 & Later(in_1, was_1, 1);
    const std::uint64_t in_4 = in_2 & Later(in_2, was_2, 2);
    const std::uint64_t in_7 = in_4 & Later(in_4, was_4, 3);
    const std::uint64_t in_14 = in_7 & Later(in_7, was_7, 7);
    const std::uint64_t in_24 = in_14 & Later(in_14, was_14, 10);
    // A mix anywhere in a run makes this sum carry through the run's last bits to the one behind it.
    const std::uint64_t sum = in_1 + mix[i];
    const std::uint64_t with_mix = sum + has_mix;
    has_mix = static_cast<std::uint64_t>(sum < in_1) | static_cast<std::uint64_t>(with_mix < sum);
    run_end[i] = ~in_1 & (Later(in_24, was_24, 1) | (Later(in_14, was_14, 1) & with_mix));
    was_1 = in_1;
    was_2 = in_2;
    was_4 = in_4;
    was_7 = in_7;
    was_14 = in_14;
    was_24 = in_24;
  }
}

}  // namespace

std::span<const WordFunctions> AllWordFunctions() {
  static const std::vector<WordFunctions>* const kAll = [] {
    auto* all = new std::vector<WordFunctions>;
#ifdef SLUICE_AVX
    if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vbmi2")) {
      all->push_back({ClassifyWordsAvx512, FindRunEndsAvx512});
    }
    if (__builtin_cpu_supports("avx2")) all->push_back({ClassifyWordsAvx2, FindRunEnds});
#endif
    all->push_back({ClassifyWords<Comparing<Plain>>, FindRunEnds});
    return all;
  }();
  return *kAll;
}

void Classify(std::string_view text, ByteClasses* classes) {
  static const WordFunctions kFastest = AllWordFunctions()[0];
  Classify(kFastest, text, classes);
}

void Classify(const WordFunctions& functions, std::string_view text, ByteClasses* classes) {
  constexpr std::size_t kBehind = 2;  // Which a classifier reads.
  const std::size_t words = text.size() / kWord + 1;
  const std::size_t rounded = (words + kWordsTogether - 1) / kWordsTogether * kWordsTogether;
  for (std::vector<std::uint64_t>* bits : {&classes->base64, &classes->mix, &classes->special, &classes->run_end}) {
    bits->resize(rounded);
    std::fill(bits->begin() + static_cast<std::ptrdiff_t>(words), bits->end(), 0);
  }
  const auto from = [&](std::size_t word) {
    return ClassesOfWords{&classes->base64[word], &classes->mix[word], &classes->special[word]};
  };
  ClassesBefore before{};
  const std::size_t direct = text.size() >= kBehind ? (text.size() - kBehind) / kWord : 0;
  functions.classify(text.data(), direct, &before, from(0));
  classes->has_zero = before.zero != 0 || text.substr(direct * kWord).find('\0') != std::string_view::npos;
  // The last one or two words.
  std::array<char, 2 * kWord + kBehind> rest{};  // NUL is of no class.
  text.substr(direct * kWord).copy(rest.data(), rest.size());
  functions.classify(rest.data(), words - direct, &before, from(direct));
  functions.find_run_ends(classes->base64.data(), classes->mix.data(), rounded, classes->run_end.data());
}

}  // namespace sluice::scan
