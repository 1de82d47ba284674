// Compiles the default rule packs at build time.
//
//   sluice_embed IMAGE SOURCES FILE.toml…
//
// writes the database image that Database::Default() embeds, and the packs' own text (what `sluice rules test` runs):
// for each file its name and its bytes, each preceded by its length (4 bytes, little-endian).
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "sluice/database.h"
#include "sluice/rule_set.h"
#include "sluice/scanner.h"

namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    std::fprintf(stderr, "%s: cannot be read\n", path.c_str());
    std::exit(1);
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(const char* path, const char* data, std::size_t bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(data, static_cast<std::streamsize>(bytes));
  out.flush();
  if (!out) {
    std::fprintf(stderr, "%s: cannot be written\n", path);
    std::exit(1);
  }
}

void AppendWithLength(const std::string& text, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) *out += static_cast<char>(text.size() >> shift & 0xffU);
  *out += text;
}

// "patterns/secrets/github.toml" of a longer path: the same on every machine.
std::string NameOf(const std::string& path) {
  const std::size_t at = path.rfind("patterns/");
  return at == std::string::npos ? path : path.substr(at);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::vector<std::string> bytes;
  for (int i = 3; i < argc; ++i) bytes.push_back(ReadAll(argv[i]));
  std::vector<sluice::RuleFile> files;
  std::string sources;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    files.push_back({NameOf(argv[i + 3]), bytes[i]});
    AppendWithLength(files.back().name, &sources);
    AppendWithLength(bytes[i], &sources);
  }
  const auto rules = sluice::RuleSet::Parse(files);
  if (!rules) {
    for (const sluice::Error& error : rules.error()) std::fprintf(stderr, "%s\n", error.ToString().c_str());
    return 1;
  }
  const auto database = sluice::Database::Compile(*rules);
  if (!database) {
    std::fprintf(stderr, "%s\n", database.error().ToString().c_str());
    return 1;
  }
  const sluice::Database* const databases[] = {&*database};
  const auto scanner = sluice::Scanner::Create(databases, {});
  if (!scanner || !scanner->uses_hyperscan()) {
    std::fprintf(stderr, "the rules can only be compiled on a processor that Hyperscan supports\n");
    return 1;
  }
  const auto image = database->image();
  WriteAll(argv[1], reinterpret_cast<const char*>(image.data()), image.size());
  WriteAll(argv[2], sources.data(), sources.size());
  std::printf("%zu rules, %zu bytes\n", database->size(), image.size());
  return 0;
}
