// Scanning in memory. Each benchmark checks its answer before the clock starts.
//
//   build/release/benchmarks/scan_benchmark                          # on text that it makes itself
//   SLUICE_CORPUS=DIR build/release/benchmarks/scan_benchmark        # on the files of a folder instead
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/database_impl.h"
#include "scan/candidates.h"
#include "scan/decode.h"
#include "scan/dense.h"
#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"
#include "source_text.h"

namespace sluice {
namespace {

constexpr std::size_t kPieceBytes = 64U << 10U;
constexpr std::size_t kPieces = 256;

// Pieces of 64 KiB of clean source text: more than the caches hold.
const std::vector<std::string>& CleanPieces() {
  static const auto* const kTexts = [] {
    auto* pieces = new std::vector<std::string>;
    if (const char* folder = std::getenv("SLUICE_CORPUS")) {
      std::string all;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file() || entry.is_symlink() || all.size() > (64U << 20U)) continue;
        std::ifstream in(entry.path(), std::ios::binary);
        all.append(std::istreambuf_iterator<char>(in), {});
      }
      for (std::size_t at = 0; at + kPieceBytes <= all.size(); at += kPieceBytes) {
        pieces->push_back(all.substr(at, kPieceBytes));
      }
    }
    for (std::uint32_t seed = 0; pieces->empty() || (pieces->size() < kPieces && !std::getenv("SLUICE_CORPUS"));
         ++seed) {
      pieces->push_back(benchmarks::MakeSourceText(kPieceBytes, seed));
    }
    return pieces;
  }();
  return *kTexts;
}

// A key id, in two parts so that this file holds none.
std::string FakeKey() { return std::string("AK") + "IAQYLPMN5HFZ7R2SWX"; }

void Scan_CleanSource64KiB_Default(benchmark::State& state) {
  const Database* const databases[] = {&Database::Default()};
  Result<Scanner> scanner = Scanner::Create(databases, {});
  std::string planted = CleanPieces()[0];
  planted.replace(planted.size() / 2, 24, "\n " + FakeKey() + " \n");
  if (!scanner || scanner->Scan(planted, "a.c").findings.empty()) {
    state.SkipWithError("the planted key is not found");
    return;
  }
  std::size_t i = 0;
  for (auto _ : state) {
    ScanResult result = scanner->Scan(CleanPieces()[i++ % CleanPieces().size()], "a.c");
    benchmark::DoNotOptimize(result);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPieceBytes));
}
BENCHMARK(Scan_CleanSource64KiB_Default);

// The engine alone, without confirmation.
void Find_CleanSource64KiB_Default(benchmark::State& state) {
  scan::CandidateFinder finder(Database::Default().impl());
  scan::Survey survey;
  std::vector<scan::Candidate> candidates;
  if (!finder.FindAnywhere(FakeKey(), /*paths=*/true, &candidates) || candidates.empty()) {
    state.SkipWithError("the key is no candidate");
    return;
  }
  std::size_t i = 0;
  std::size_t count = 0;
  for (auto _ : state) {
    const std::string& piece = CleanPieces()[i++ % CleanPieces().size()];
    bool found_all = finder.FindAnywhere(piece, /*paths=*/false, &candidates);
    survey.Make(piece);
    found_all = finder.FindAround(piece, survey.dense, &candidates) && found_all;
    if (!found_all) state.SkipWithError("out of memory");
    count += candidates.size();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPieceBytes));
  state.counters["candidates_per_piece"] = static_cast<double>(count) / static_cast<double>(state.iterations());
}
BENCHMARK(Find_CleanSource64KiB_Default);

// The pass that tells what kind of byte stands where.
void Survey_CleanSource64KiB(benchmark::State& state) {
  scan::Survey survey;
  std::size_t i = 0;
  for (auto _ : state) {
    survey.Make(CleanPieces()[i++ % CleanPieces().size()]);
    benchmark::DoNotOptimize(survey);
  }
  std::size_t dense = 0;
  for (const std::string& piece : CleanPieces()) {
    survey.Make(piece);
    for (const scan::View& view : survey.dense) dense += view.end - view.begin;
  }
  // The share of the text that lies around dense values (lib/decisions/0008).
  state.counters["dense_percent"] =
      100.0 * static_cast<double>(dense) / static_cast<double>(CleanPieces().size() * kPieceBytes);
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPieceBytes));
}
BENCHMARK(Survey_CleanSource64KiB);

// That pass, and what is written in another form.
void Decode_CleanSource64KiB(benchmark::State& state) {
  scan::Survey survey;
  std::size_t layers = 0;
  std::size_t i = 0;
  for (auto _ : state) {
    const std::string& piece = CleanPieces()[i++ % CleanPieces().size()];
    survey.Make(piece);
    scan::DecodeBudget budget;
    scan::FindLayers({piece, survey}, &budget, [&](const scan::Layer&) { ++layers; });
    benchmark::DoNotOptimize(layers);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPieceBytes));
}
BENCHMARK(Decode_CleanSource64KiB);

// What the machine can do at all: 8 literals that do not occur.
void Find_CleanSource64KiB_EightLiterals(benchmark::State& state) {
  std::string toml = "format = 1\npack = \"bench\"\n";
  for (int i = 0; i < 8; ++i) {
    const std::string number = std::to_string(i);
    toml += "[[rule]]\nid = \"r" + number + "\"\ndescription = \"d\"\nremediation = \"r\"\nregex = 'zq" + number +
            "vx_[0-9a-f]{16}'\n";
  }
  const RuleFile file = {"bench.toml", toml};
  const Result<RuleSet, Errors> rules = RuleSet::Parse({&file, 1});
  const Result<Database> database = Database::Compile(*rules);
  scan::CandidateFinder finder(database->impl());
  std::vector<scan::Candidate> candidates;
  if (!finder.FindAnywhere("zq3vx_0123456789abcdef", true, &candidates) || candidates.size() != 1) {
    state.SkipWithError("the literal is not found");
    return;
  }
  std::size_t i = 0;
  for (auto _ : state) {
    bool found_all = finder.FindAnywhere(CleanPieces()[i++ % CleanPieces().size()], true, &candidates);
    benchmark::DoNotOptimize(found_all);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPieceBytes));
}
BENCHMARK(Find_CleanSource64KiB_EightLiterals);

void Load_DefaultDatabase(benchmark::State& state) {
  const auto image = Database::Default().image();
  for (auto _ : state) {
    const Result<Database> database = Database::FromImage(image);
    if (!database) {
      state.SkipWithError("the image does not load");
      return;
    }
    benchmark::DoNotOptimize(database);
  }
  state.counters["bytes"] = static_cast<double>(image.size());
}
BENCHMARK(Load_DefaultDatabase)->Unit(benchmark::kMicrosecond);

void Create_DefaultScanner(benchmark::State& state) {
  const Database* const databases[] = {&Database::Default()};
  for (auto _ : state) {
    const Result<Scanner> scanner = Scanner::Create(databases, {});
    benchmark::DoNotOptimize(scanner);
  }
}
BENCHMARK(Create_DefaultScanner)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sluice

BENCHMARK_MAIN();
