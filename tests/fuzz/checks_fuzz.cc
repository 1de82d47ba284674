// Any bytes as the secret and the match of every check: no crash, a note that is short and
// printable, and the same answer twice.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "checks/checks.h"

namespace {

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

bool IsPrintable(std::string_view note) {
  return std::all_of(note.begin(), note.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// How secrets of each kind begin, so that the fuzzer need not find out.
constexpr std::string_view kHeads[] = {
    "",
    "ghp_",
    "github_pat_",
    "glpat-",
    "glrt-t1_",
    "ATBB",
    "AKIA",
    "ABSK",
    "bedrock-api-key-",
    "glsa_",
    "glc_",
    "cfut_",
    "vcp_",
    "cflt",
    "zpka_",
    "FlyV1 fm2_",
    "pypi-",
    "oy2",
    "cmVmdGtu",
    "AKCp",
    "sntrys_",
    "ops_",
    "A3-",
    "hvs.",
    "sk.",
    "0.",
    "whsec_",
    "eyJ",
    "age-secret-key-1",
    "S",
    "xprv",
    "{\"kty\":\"RSA\",",
    "{\"type\":\"service_account\",",
    "sig=",
    "-----BEGIN PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\nMII",
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
    "PuTTY-User-Key-File-2: x\nEncryption: none\n",
};

}  // namespace

// The first byte chooses the check, the second the beginning, the third how much of the rest is the secret.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const auto checks = sluice::checks::All();
  const sluice::checks::Check& check = checks[data[0] % checks.size()];
  std::string match(kHeads[data[1] % std::size(kHeads)]);
  match.append(reinterpret_cast<const char*>(data) + 3, size - 3);
  // Copies of their exact size, so that a sanitizer sees what is read beyond their ends.
  const std::vector<char> whole(match.begin(), match.end());
  const std::size_t length = data[2] >= 128 ? whole.size() : std::min<std::size_t>(whole.size(), data[2]);
  const std::vector<char> part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
  const std::string_view secret(part.data(), part.size());
  const sluice::checks::Outcome outcome = check.run(secret, std::string_view(whole.data(), whole.size()));
  Require(outcome.verdict <= sluice::checks::Verdict::kVerified);
  Require(IsPrintable(outcome.note) && outcome.note.size() <= 1024);
  const sluice::checks::Outcome again = check.run(secret, match);
  Require(again.verdict == outcome.verdict && again.note == outcome.note);
  return 0;
}
