// Runs a fuzz target without a fuzzer: over the files it is given, or over the default packs and damaged pieces of
// them.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "rules/default_packs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kRounds = 400;

void RunOn(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    RunOn({std::istreambuf_iterator<char>(in), {}});
  }
  if (argc > 1) return 0;
  std::string all;
  for (const sluice::RuleFile& file : sluice::DefaultPacks()) all += file.bytes;
  std::mt19937 random(1);
  for (int round = 0; round < kRounds; ++round) {
    std::string piece = all.substr(random() % all.size(), random() % 4000);
    for (unsigned n = random() % 8; n > 0 && !piece.empty(); --n) {
      piece[random() % piece.size()] = static_cast<char>(random());
    }
    RunOn(piece);
  }
  RunOn("");
  std::printf("%d inputs\n", kRounds + 1);
  return 0;
}
