// The checks themselves, one function for each entry of the table in checks.cc, grouped by the file they live in. What
// each one looks at is written above its body.
//
// How a mismatch is answered follows from how well the format is known: kRejected where the vendor or a standard has
// published it, kDoubtful where only credible third parties have, kUnknown where that is a rumour.
#ifndef SLUICE_CHECKS_FAMILIES_H_
#define SLUICE_CHECKS_FAMILIES_H_

#include <string>
#include <string_view>
#include <utility>

#include "checks/checks.h"

namespace sluice::checks {

inline Outcome Rejected() { return {Verdict::kRejected, {}}; }
inline Outcome Doubtful(std::string note = {}) { return {Verdict::kDoubtful, std::move(note)}; }
inline Outcome Unknown() { return {Verdict::kUnknown, {}}; }
inline Outcome Plausible(std::string note = {}) { return {Verdict::kPlausible, std::move(note)}; }
inline Outcome Verified(std::string note = {}) { return {Verdict::kVerified, std::move(note)}; }

// code_hosts.cc
Outcome GithubCrc32(std::string_view secret, std::string_view match);
Outcome GithubFineGrained(std::string_view secret, std::string_view match);
Outcome GitlabFriendly(std::string_view secret, std::string_view match);
Outcome GitlabRoutable(std::string_view secret, std::string_view match);
Outcome AtlassianCrc32(std::string_view secret, std::string_view match);

// azure.cc
Outcome AzureIdentifiable(std::string_view secret, std::string_view match);
Outcome AzureCask(std::string_view secret, std::string_view match);
Outcome AzureEntra(std::string_view secret, std::string_view match);
Outcome AzureDevopsPat(std::string_view secret, std::string_view match);
Outcome AzureSas(std::string_view secret, std::string_view match);

// cloud.cc
Outcome AwsKeyId(std::string_view secret, std::string_view match);
Outcome AwsSecretKey(std::string_view secret, std::string_view match);
Outcome AwsBedrock(std::string_view secret, std::string_view match);
Outcome GcpServiceAccount(std::string_view secret, std::string_view match);
Outcome GrafanaCrc32(std::string_view secret, std::string_view match);
Outcome GrafanaCloudJson(std::string_view secret, std::string_view match);
Outcome CloudflareCrc32(std::string_view secret, std::string_view match);
Outcome VercelCrc32(std::string_view secret, std::string_view match);
Outcome ConfluentCrc32(std::string_view secret, std::string_view match);
Outcome ZuploCrc32(std::string_view secret, std::string_view match);
Outcome FlyioToken(std::string_view secret, std::string_view match);

// registries.cc
Outcome PypiMacaroon(std::string_view secret, std::string_view match);
Outcome NugetKey(std::string_view secret, std::string_view match);
Outcome JfrogReference(std::string_view secret, std::string_view match);
Outcome JfrogApiKey(std::string_view secret, std::string_view match);

// tokens.cc
Outcome SentryOrg(std::string_view secret, std::string_view match);
Outcome OnepasswordToken(std::string_view secret, std::string_view match);
Outcome OnepasswordSecretKey(std::string_view secret, std::string_view match);
Outcome VaultToken(std::string_view secret, std::string_view match);
Outcome Mapbox(std::string_view secret, std::string_view match);
Outcome DiscordBot(std::string_view secret, std::string_view match);
Outcome Bitwarden(std::string_view secret, std::string_view match);
Outcome Svix(std::string_view secret, std::string_view match);
Outcome BasicAuth(std::string_view secret, std::string_view match);
Outcome DockerAuth(std::string_view secret, std::string_view match);
Outcome UuidV4(std::string_view secret, std::string_view match);

// jwt.cc
Outcome Jwt(std::string_view secret, std::string_view match);
Outcome SupabaseJwt(std::string_view secret, std::string_view match);
Outcome PrivateJwk(std::string_view secret, std::string_view match);

// keys.cc
Outcome PrivateKeyPem(std::string_view secret, std::string_view match);
Outcome OpensshPrivateKey(std::string_view secret, std::string_view match);
Outcome PgpPrivateKey(std::string_view secret, std::string_view match);
Outcome PuttyPrivateKey(std::string_view secret, std::string_view match);

// seeds.cc
Outcome AgeKey(std::string_view secret, std::string_view match);
Outcome Wireguard(std::string_view secret, std::string_view match);
Outcome NatsSeed(std::string_view secret, std::string_view match);
Outcome StellarSeed(std::string_view secret, std::string_view match);
Outcome Wif(std::string_view secret, std::string_view match);
Outcome Xprv(std::string_view secret, std::string_view match);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_FAMILIES_H_
