// Does the character model tell keys from words better than Shannon's entropy?
//
//   build/release/benchmarks/randomness FOLDER     # the words of its files stand for what people write
//
// For each alphabet and length, at the limit that keeps 99.5% of even draws: the share of words of 12 characters and
// more (with two digits at most) that either measure would take for random. Deterministic for the same folder.
#include "scan/randomness.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "scan/evidence.h"

namespace {

constexpr std::size_t kWords = 50'000;
constexpr std::size_t kDraws = 20'000;
constexpr std::size_t kMinWord = 12;
constexpr std::size_t kMaxWord = 40;
constexpr std::ptrdiff_t kMaxDigits = 2;

bool IsWordChar(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

std::vector<std::string> WordsOf(const char* folder) {
  std::set<std::string> words;
  std::error_code ignored;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    if (entry.is_regular_file(ignored)) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text.find('\0') != std::string::npos) continue;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = at;
      while (end < text.size() && IsWordChar(text[end])) ++end;
      const std::string word = text.substr(at, end - at);
      // Source holds random values, too (tables, test vectors); with more than two digits a word may be one.
      const auto digits = std::count_if(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (word.size() >= kMinWord && word.size() <= kMaxWord && digits <= kMaxDigits) words.insert(word);
      at = std::max(end, at + 1);
    }
    if (words.size() >= kWords) break;
  }
  return {words.begin(), words.end()};
}

// The share of `words` at or above what 99.5% of `draws` reach.
template <typename Measure>
double Mistaken(const std::vector<std::string>& draws, const std::vector<std::string>& words, Measure measure) {
  std::vector<double> values;
  for (const std::string& draw : draws) values.push_back(measure(draw));
  std::sort(values.begin(), values.end());
  const double limit = values[values.size() / 200];
  const auto mistaken =
      std::count_if(words.begin(), words.end(), [&](const auto& word) { return measure(word) >= limit; });
  return static_cast<double>(mistaken) / static_cast<double>(words.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: randomness FOLDER\n");
    return 2;
  }
  const std::vector<std::string> words = WordsOf(argv[1]);
  if (words.empty()) {
    std::fprintf(stderr, "no words in %s\n", argv[1]);
    return 2;
  }
  std::mt19937_64 random(1);
  std::printf("%zu words; mistaken for random at 99.5%% of random values kept\n", words.size());
  std::printf("%-10s %6s %10s %10s %12s\n", "alphabet", "length", "model", "entropy", "model keeps");
  const std::string digits = "0123456789";
  const std::string lower = "abcdefghijklmnopqrstuvwxyz";
  const std::string upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const auto& [name, alphabet] : {std::pair("base62", digits + lower + upper),
                                       {"base36", digits + lower},
                                       {"hex", digits + "abcdef"},
                                       {"base64url", digits + lower + upper + "-_"}}) {
    for (const std::size_t length : {12U, 16U, 20U, 32U, 40U}) {
      std::vector<std::string> draws(kDraws);
      std::size_t kept = 0;
      for (std::string& draw : draws) {
        for (std::size_t i = 0; i < length; ++i) draw += alphabet[random() % alphabet.size()];
        if (sluice::scan::LooksRandom(draw)) ++kept;
      }
      std::printf("%-10s %6zu %9.1f%% %9.1f%% %11.2f%%\n", name, length,
                  100 * Mistaken(draws, words, sluice::scan::Randomness),
                  100 * Mistaken(draws, words, sluice::scan::ShannonEntropy), 100 * static_cast<double>(kept) / kDraws);
    }
  }
  return 0;
}
