#include "checks/checks.h"

#include <algorithm>
#include <array>

#include "checks/families.h"

namespace sluice::checks {
namespace {

constexpr std::array kChecks = {
    Check{"age-key", "bech32 checksum of an age, age plugin or nostr identity; public keys are dropped", AgeKey},
    Check{"atlassian-crc32", "CRC-32 in the last 8 hexadecimal digits", AtlassianCrc32},
    Check{"aws-bedrock", "decodes to the name and account of a Bedrock API key", AwsBedrock},
    Check{"aws-key-id", "base32 body; tells the account", AwsKeyId},
    Check{"aws-secret-key", "40 base64 characters that are no hash, path or text", AwsSecretKey},
    Check{"azure-cask", "common annotated security key: layout, provider, month, Marvin32 checksum", AzureCask},
    Check{"azure-devops-pat", "CRC-32 spread over the 32 bytes of a 52-character token", AzureDevopsPat},
    Check{"azure-entra", "Marvin32 checksum of a client secret with 8Q~", AzureEntra},
    Check{"azure-identifiable", "service signature and Marvin32 checksum of an Azure key", AzureIdentifiable},
    Check{"azure-sas", "signature of 32 bytes; tells when it expires", AzureSas},
    Check{"base64-basic-auth", "base64 of user:password, and no sample", BasicAuth},
    Check{"bitwarden", "version, UUID, secret and a 16-byte key", Bitwarden},
    Check{"cloudflare-crc32", "CRC-32 trailer, as third parties describe it", CloudflareCrc32},
    Check{"confluent-crc32", "CRC-32 trailer, as third parties describe it", ConfluentCrc32},
    Check{"discord-bot", "decodes to the bot's id and a time stamp", DiscordBot},
    Check{"docker-auth", "base64 of user:password or of a whole config.json", DockerAuth},
    Check{"flyio-token", "MessagePack macaroons in base64", FlyioToken},
    Check{"gcp-service-account", "JSON with a private key that parses", GcpServiceAccount},
    Check{"github-crc32", "CRC-32 in the last 6 base62 digits", GithubCrc32},
    Check{"github-fine-grained", "split of 22 and 59; CRC-32 trailer, as third parties describe it", GithubFineGrained},
    Check{"gitlab-friendly", "letters that GitLab's generator never uses", GitlabFriendly},
    Check{"gitlab-routable", "length and CRC-32 in base36; tells user and organization", GitlabRoutable},
    Check{"grafana-cloud-json", "base64 of the token's JSON", GrafanaCloudJson},
    Check{"grafana-crc32", "CRC-32 in the last 8 hexadecimal digits", GrafanaCrc32},
    Check{"jfrog-api-key", "base58 of 54 bytes", JfrogApiKey},
    Check{"jfrog-reference", "base64 of reftkn:version:expiry:random", JfrogReference},
    Check{"jwt", "header and payload are JSON; size of the signature; sample keys; expiry", Jwt},
    Check{"mapbox", "payload is JSON with the account's name", Mapbox},
    Check{"nats-seed", "base32 with the prefix of a seed and a CRC-16", NatsSeed},
    Check{"npm-crc32", "CRC-32 in the last 6 base62 digits", GithubCrc32},
    Check{"nuget-key", "two base32 halves, the first marked v4", NugetKey},
    Check{"onepassword-secret-key", "groups and alphabet of an account's Secret Key", OnepasswordSecretKey},
    Check{"onepassword-token", "base64url JSON with the keys of a service account", OnepasswordToken},
    Check{"openssh-private-key", "openssh-key-v1 structure with equal check integers", OpensshPrivateKey},
    Check{"pgp-private-key", "armour checksum and a secret key packet", PgpPrivateKey},
    Check{"private-jwk", "JSON Web Key with private members that fit together", PrivateJwk},
    Check{"private-key-pem", "DER of a private key; RSA: p*q = n", PrivateKeyPem},
    Check{"putty-private-key", "PuTTY-User-Key-File structure; its MAC when unencrypted", PuttyPrivateKey},
    Check{"pypi-macaroon", "version 2 macaroon; tells the project", PypiMacaroon},
    Check{"sentry-org", "base64 JSON with the organization, and 32 bytes", SentryOrg},
    Check{"stellar-seed", "base32 with the version byte of a seed and a CRC-16", StellarSeed},
    Check{"supabase-jwt", "JSON Web Token of a project's service role", SupabaseJwt},
    Check{"svix", "base64 of 24 to 64 bytes", Svix},
    Check{"uuid-v4", "random UUID", UuidV4},
    Check{"vault-token", "protobuf with version, HMAC and inner token", VaultToken},
    Check{"vercel-crc32", "CRC-32 trailer, as third parties describe it", VercelCrc32},
    Check{"wif", "base58check of a Bitcoin private key", Wif},
    Check{"wireguard", "32 bytes, clamped as a Curve25519 private key", Wireguard},
    Check{"xprv", "base58check of an extended private key", Xprv},
    Check{"zuplo-crc32", "CRC-32 in the last 8 hexadecimal digits", ZuploCrc32},
};

constexpr bool NameLess(const Check& a, const Check& b) { return a.name < b.name; }
static_assert(std::is_sorted(kChecks.begin(), kChecks.end(), NameLess), "Find() searches by halves");

}  // namespace

std::span<const Check> All() { return kChecks; }

const Check* Find(std::string_view name) {
  const auto* const found = std::lower_bound(kChecks.begin(), kChecks.end(), name,
                                             [](const Check& c, std::string_view n) { return c.name < n; });
  return found != kChecks.end() && found->name == name ? found : nullptr;
}

}  // namespace sluice::checks
