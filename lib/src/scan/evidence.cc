#include "scan/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

namespace sluice::scan {

namespace {

// Long enough that a random token of 100 characters holds one by chance less than once in ten million.
constexpr std::array<std::string_view, 22> kPlaceholderWords = {
    "example",  "placeholder", "changeme", "change_me", "change-me", "your_",      "your-", "yourtoken",
    "yourkey",  "redacted",    "notreal",  "not-real",  "not_real",  "fakekey",    "fake-", "fake_",
    "dummykey", "dummy-",      "dummy_",   "replaceme", "replace_",  "insert_your"};

// How values that are looked up elsewhere begin.
constexpr std::array<std::string_view, 18> kReferenceBegins = {
    "${", "$(", "{{", "#{", "<%",         "%{",     "%(",          "@{",   "<",
    "&",  "[[", "**", "..", "os.environ", "getenv", "process.env", "env.", "vault:"};

constexpr std::size_t kRunBytes = 6;       // "xxxxxx"
constexpr std::size_t kCountingBytes = 8;  // "12345678"

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// The longest stretch in which each byte is the one before plus `step`.
std::size_t LongestProgression(std::string_view text, int step) {
  std::size_t longest = text.empty() ? 0 : 1;
  std::size_t length = 1;
  for (std::size_t i = 1; i < text.size(); ++i) {
    // "…7890" counts on, too.
    const bool wraps = step == 1 && text[i - 1] == '9' && text[i] == '0';
    length = wraps || text[i] - text[i - 1] == step ? length + 1 : 1;
    longest = std::max(longest, length);
  }
  return longest;
}

bool IsShellVariable(std::string_view value) {
  if (value.size() < 2 || value[0] != '$') return false;
  return std::all_of(value.begin() + 1, value.end(),
                     [](char c) { return c == '_' || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

double ShannonEntropy(std::string_view text) {
  if (text.empty()) return 0;
  std::array<unsigned, 256> counts{};
  for (const char c : text) ++counts[static_cast<unsigned char>(c)];
  double entropy = 0;
  const auto total = static_cast<double>(text.size());
  for (const unsigned count : counts) {
    if (count == 0) continue;
    const double share = count / total;
    entropy -= share * std::log2(share);
  }
  return entropy;
}

bool IsTestOrDocumentation(std::string_view path) {
  constexpr std::array<std::string_view, 17> kFolders = {
      "test",    "tests",    "testdata", "testing", "__tests__", "spec", "specs",     "fixture", "fixtures",
      "example", "examples", "sample",   "samples", "doc",       "docs", "testsuite", "mocks"};
  while (true) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) break;
    const std::string folder = LowerCase(path.substr(0, slash));
    if (std::find(kFolders.begin(), kFolders.end(), folder) != kFolders.end()) return true;
    path.remove_prefix(slash + 1);
  }
  const std::string name = LowerCase(path);
  return name.starts_with("test_") || name.find("_test.") != std::string::npos ||
         name.find(".test.") != std::string::npos || name.find("_spec.") != std::string::npos ||
         name.find(".spec.") != std::string::npos || name.starts_with("readme") || name.starts_with("changelog");
}

bool IsPlaceholder(std::string_view value) {
  for (const std::string_view begin : kReferenceBegins) {
    if (value.starts_with(begin)) return true;
  }
  if (IsShellVariable(value)) return true;
  const std::string lower = LowerCase(value);
  for (const std::string_view word : kPlaceholderWords) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return LongestProgression(lower, 0) >= kRunBytes || LongestProgression(lower, 1) >= kCountingBytes ||
         LongestProgression(lower, -1) >= kCountingBytes;
}

}  // namespace sluice::scan
