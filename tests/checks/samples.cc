#include "checks/samples.h"

#include <gtest/gtest.h>

namespace sluice::checks {

const std::vector<Sample>& AllSamples() {
  static const std::vector<Sample> all = [] {
    std::vector<Sample> samples;
    for (const auto& table : {AzureSamples(), CloudSamples(), CodeHostSamples(), JwtSamples(), KeySamples(),
                              RegistrySamples(), SeedSamples(), TokenSamples()}) {
      samples.insert(samples.end(), table.begin(), table.end());
    }
    return samples;
  }();
  return all;
}

Outcome Judge(std::string_view check, std::string_view secret) {
  const Check* found = Find(check);
  if (found == nullptr) {
    ADD_FAILURE() << "no check " << check;
    return {};
  }
  return found->run(secret, secret);
}

Outcome Judge(const Sample& sample) {
  if (sample.match.empty()) return Judge(sample.check, sample.secret);
  const Check* found = Find(sample.check);
  if (found == nullptr) {
    ADD_FAILURE() << "no check " << sample.check;
    return {};
  }
  return found->run(sample.secret, sample.match);
}

std::string_view Name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kRejected:
      return "kRejected";
    case Verdict::kDoubtful:
      return "kDoubtful";
    case Verdict::kUnknown:
      return "kUnknown";
    case Verdict::kPlausible:
      return "kPlausible";
    case Verdict::kVerified:
      return "kVerified";
  }
  return "?";
}

void ExpectVerdicts(const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    const Outcome outcome = Judge(sample);
    EXPECT_EQ(Name(outcome.verdict), Name(sample.verdict)) << sample.check << ": " << sample.what;
    EXPECT_EQ(outcome.note, sample.note) << sample.check << ": " << sample.what;
  }
}

}  // namespace sluice::checks
