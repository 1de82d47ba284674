// Text of any bytes through all default rules: in one, in pieces, and with RE2 alone the findings are the same, and no
// finding shows a secret.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/database.h"
#include "sluice/scanner.h"

namespace {

sluice::Scanner MakeScanner(sluice::Scanner::Engine engine) {
  const sluice::Database* const databases[] = {&sluice::Database::Default()};
  sluice::Scanner::Options options;
  options.engine = engine;
  options.keep_secrets = true;
  return *sluice::Scanner::Create(databases, options);
}

std::vector<std::string> Describe(const sluice::ScanResult& result) {
  std::vector<std::string> lines;
  for (const sluice::Finding& f : result.findings) {
    if (f.secret.size() >= 8 && f.context.find(f.secret) != std::string::npos) __builtin_trap();
    lines.push_back(f.rule_id + " " + std::to_string(f.offset) + " " + std::to_string(f.end_offset) + " " +
                    std::to_string(f.line) + " " + std::to_string(f.column) + f.fingerprint);
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static sluice::Scanner fast = MakeScanner(sluice::Scanner::Engine::kAuto);
  static sluice::Scanner plain = MakeScanner(sluice::Scanner::Engine::kRe2);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = Describe(fast.Scan(bytes, "a.py"));
  // A thousand expressions one after the other: of 64 inputs one can have that.
  std::uint32_t hash = 2166136261;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  if (hash % 64 == 0 && Describe(plain.Scan(bytes, "a.py")) != whole) __builtin_trap();
  fast.Begin("a.py");
  for (std::size_t at = 0; at < size; at += 13) fast.Append(bytes.substr(at, 13));
  if (Describe(fast.Finish()) != whole) __builtin_trap();
  return 0;
}
