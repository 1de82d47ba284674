#include "scan/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "base/ascii.h"

namespace sluice::scan {

namespace {

// Long enough that a random token of 100 characters holds one by chance less than once in ten million.
constexpr std::array<std::string_view, 22> kPlaceholderWords = {
    "example",  "placeholder", "changeme", "change_me", "change-me", "your_",      "your-", "yourtoken",
    "yourkey",  "redacted",    "notreal",  "not-real",  "not_real",  "fakekey",    "fake-", "fake_",
    "dummykey", "dummy-",      "dummy_",   "replaceme", "replace_",  "insert_your"};

// What stands beside such a word in a value that is nothing but a placeholder. Longer ones before their beginnings.
constexpr std::array<std::string_view, 42> kFillerWords = {
    "placeholder", "example", "changeme", "redacted", "password", "passphrase", "credential", "username", "replace",
    "account",     "private", "service",  "public",   "secret",   "client",     "change",     "sample",   "access",
    "insert",      "passwd",  "token",    "value",    "admin",    "dummy",      "login",      "auth",     "here",
    "your",        "fake",    "pass",     "real",     "this",     "user",       "test",       "with",     "api",
    "key",         "not",     "the",      "my",       "me",       "db"};

// How values that are looked up elsewhere begin. No one of a single character: a password may begin with any.
constexpr std::array<std::string_view, 17> kReferenceBegins = {
    "${",  "$(",  "{{",  "#{",   "<%",         "%{",     "%(",          "@{",    "[[",
    "***", "...", "../", "&lt;", "os.environ", "getenv", "process.env", "vault:"};

constexpr std::size_t kRunBytes = 6;       // "xxxxxx"
constexpr std::size_t kCountingBytes = 8;  // "12345678"
// From here a value of the characters of tokens is no password that a person thought of, and what stands anywhere in it
// says what it is: "AKIAIOSFODNN7EXAMPLE".
constexpr std::size_t kTokenBytes = 20;
constexpr std::size_t kLongBytes = 40;
constexpr std::size_t kFillerDigits = 4;  // "changeme1234"

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
  return std::all_of(value.begin() + 1, value.end(), [](char c) { return c == '_' || IsUpper(c) || IsDigit(c); });
}

// "<your key>", "&config.token": the whole value says where the real one is, or what it is.
bool IsReference(std::string_view value) {
  const auto begins = [&](std::string_view begin) { return value.starts_with(begin); };
  if (std::any_of(kReferenceBegins.begin(), kReferenceBegins.end(), begins) || IsShellVariable(value)) return true;
  if (value == "%s" || value == "%v" || value == "%d") return true;
  if (value.size() < 2) return false;
  const std::string_view rest = value.substr(1);
  const auto all = [&](std::string_view also) {
    return std::all_of(rest.begin(), rest.end(),
                       [&](char c) { return IsLetter(c) || also.find(c) != std::string_view::npos; });
  };
  if (value[0] == '<') return value.back() == '>' || all("_- .");
  if (value[0] == '&') return all("_.:->");
  if (value.starts_with("env.")) return std::none_of(rest.begin(), rest.end(), IsDigit);
  return value.size() > 4 && value.starts_with("**") && value.ends_with("**");
}

bool IsLikeToken(std::string_view value) {
  constexpr std::string_view kAlso = "_-+/=.:|~$";
  const auto is_plain = [&](char c) { return IsLetter(c) || IsDigit(c) || kAlso.find(c) != std::string_view::npos; };
  return value.size() >= kLongBytes ||
         (value.size() >= kTokenBytes && std::all_of(value.begin(), value.end(), is_plain));
}

// "your-slack-token": begins as only a placeholder does, and goes on in words.
bool IsYourWord(std::string_view lower) {
  const auto begins = [&](std::string_view word) {
    return (word.ends_with('-') || word.ends_with('_') || word.starts_with("your")) && lower.starts_with(word);
  };
  if (std::none_of(kPlaceholderWords.begin(), kPlaceholderWords.end(), begins)) return false;
  const auto digits = static_cast<std::size_t>(std::count_if(lower.begin(), lower.end(), IsDigit));
  return digits <= kFillerDigits && std::all_of(lower.begin(), lower.end(), [](char c) {
           return IsLetter(c) || IsDigit(c) || c == '-' || c == '_' || c == '.' || c == ' ';
         });
}

// Whether nothing is left of a value without those words, what stands between them, and a small number.
bool IsMadeOfFillers(std::string_view lower) {
  constexpr std::string_view kBetween = "_- .:/<>[](){}'\"";
  std::size_t digits = 0;
  while (!lower.empty()) {
    const auto word = std::find_if(kFillerWords.begin(), kFillerWords.end(),
                                   [&](std::string_view filler) { return lower.starts_with(filler); });
    if (word != kFillerWords.end()) {
      lower.remove_prefix(word->size());
      continue;
    }
    if (IsDigit(lower[0]) ? ++digits > kFillerDigits : kBetween.find(lower[0]) == std::string_view::npos) return false;
    lower.remove_prefix(1);
  }
  return true;
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

bool IsStrongPassword(std::string_view value) {
  constexpr std::size_t kLeastBytes = 10;
  constexpr std::size_t kLeastBytesOfTwoKinds = 20;
  constexpr std::size_t kLeastBytesOfFourKinds = 8;
  constexpr double kLeastEntropy = 3.0;
  constexpr double kLeastEntropyOfFourKinds = 2.7;
  constexpr std::array<std::string_view, 6> kSampleWords = {"passw", "example", "test", "dummy", "secret", "sample"};
  // Those that people put into passwords, and that stand in few names, paths and formats.
  constexpr std::string_view kSymbols = "!@#$%^&*";
  const bool lower = std::any_of(value.begin(), value.end(), IsLower);
  const bool upper = std::any_of(value.begin(), value.end(), IsUpper);
  const bool digit = std::any_of(value.begin(), value.end(), IsDigit);
  const bool other = !std::all_of(value.begin(), value.end(), IsAlnum);
  const bool has_all = lower && upper && digit && value.size() >= kLeastBytesOfFourKinds &&
                       value.find_first_of(kSymbols) != std::string_view::npos;
  const bool is_mixed = int{lower} + int{upper} + int{digit} + int{other} >= 3 && value.size() >= kLeastBytes;
  const bool is_long = lower && digit && !other && value.size() >= kLeastBytesOfTwoKinds;
  const double least_entropy = has_all ? kLeastEntropyOfFourKinds : kLeastEntropy;
  if ((!has_all && !is_mixed && !is_long) || ShannonEntropy(value) < least_entropy) return false;
  const std::string in_lower_case = LowerCase(value);
  const auto is_in = [&](std::string_view word) { return in_lower_case.find(word) != std::string::npos; };
  return std::none_of(kSampleWords.begin(), kSampleWords.end(), is_in);
}

std::string_view WordOfTests(std::string_view path) {
  static constexpr std::array<std::string_view, 30> kWords = {
      "test",     "tests",   "testdata", "testing",   "spec",          "specs",    "selftest", "selftests",
      "unittest", "fixture", "fixtures", "testsuite", "example",       "examples", "sample",   "samples",
      "mock",     "mocks",   "doc",      "docs",      "documentation", "guide",    "guides",   "tutorial",
      "fuzz",     "e2e",     "readme",   "changelog", "testutil",      "testutils"};
  const std::string lower = LowerCase(path);
  // "reg-tests", "__tests__", "tls_test_data.go", "server.spec.ts": by words, so that "latest" and "contest" are none.
  for (std::size_t begin = 0; begin < lower.size();) {
    const std::size_t end = std::min(lower.find_first_of("/-_. ", begin), lower.size());
    const std::string_view word = std::string_view(lower).substr(begin, end - begin);
    if (const auto* const found = std::find(kWords.begin(), kWords.end(), word); found != kWords.end()) return *found;
    begin = end + 1;
  }
  return lower.starts_with("t/") || lower.find("/t/") != std::string::npos ? "t" : "";  // Perl's.
}

bool IsPlaceholder(std::string_view value) {
  if (IsReference(value)) return true;
  const std::string lower = LowerCase(value);
  const std::size_t run = LongestProgression(lower, 0);
  const std::size_t counting = std::max(LongestProgression(lower, 1), LongestProgression(lower, -1));
  const bool has_word = std::any_of(kPlaceholderWords.begin(), kPlaceholderWords.end(),
                                    [&](std::string_view word) { return lower.find(word) != std::string::npos; });
  if (IsLikeToken(value)) return has_word || run >= kRunBytes || counting >= kCountingBytes;
  // What only holds one of these may be real: "MyExamplePw99", "Pr0d12345678x".
  if (has_word && (IsMadeOfFillers(lower) || IsYourWord(lower))) return true;
  if (run >= kRunBytes && 2 * run >= lower.size()) return true;
  // "12345678" and "123456789" are what people take for a password; with the 0 it is what they write for one.
  if (lower.size() < 10 && std::all_of(lower.begin(), lower.end(), IsDigit)) return false;
  return counting >= kCountingBytes && 4 * counting >= 3 * lower.size();
}

}  // namespace sluice::scan
