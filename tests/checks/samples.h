// What each check says of which value: one table for each file of lib/src/checks that holds checks.
#ifndef SLUICE_TESTS_CHECKS_SAMPLES_H_
#define SLUICE_TESTS_CHECKS_SAMPLES_H_

#include <string>
#include <string_view>
#include <vector>

#include "checks/checks.h"

namespace sluice::checks {

struct Sample {
  std::string_view check;
  std::string what;  // In a failure's message, which does not show the value.
  std::string secret;
  Verdict verdict = Verdict::kUnknown;
  std::string note = {};
  std::string match = {};  // Empty: the same as `secret`.
};

std::vector<Sample> AzureSamples();
std::vector<Sample> CloudSamples();
std::vector<Sample> CodeHostSamples();
std::vector<Sample> JwtSamples();
std::vector<Sample> KeySamples();
std::vector<Sample> RegistrySamples();
std::vector<Sample> SeedSamples();
std::vector<Sample> TokenSamples();

// All of the above.
const std::vector<Sample>& AllSamples();

[[nodiscard]] Outcome Judge(std::string_view check, std::string_view secret);
[[nodiscard]] Outcome Judge(const Sample& sample);
// The name as checks.h has it.
[[nodiscard]] std::string_view Name(Verdict verdict);
// Fails with a line for each sample whose verdict or note is another.
void ExpectVerdicts(const std::vector<Sample>& samples);

}  // namespace sluice::checks

#endif  // SLUICE_TESTS_CHECKS_SAMPLES_H_
