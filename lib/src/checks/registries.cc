// Package registries: PyPI, NuGet, JFrog Artifactory. (npm's tokens are in code_hosts.cc.)
#include <algorithm>

#include "checks/clock.h"
#include "checks/encodings.h"
#include "checks/families.h"
#include "checks/json.h"

namespace sluice::checks {
namespace {

// Version 2 of the macaroon format: a byte 2, then packets of field number, length and data, where field 0 stands alone
// and ends a section. Location and identifier, 0, any number of (caveat, 0), 0, signature.
enum MacaroonField : std::uint64_t {
  kEndOfSection = 0,
  kLocation = 1,
  kIdentifier = 2,
  kVerifierId = 4,
  kSignature = 6
};

struct Packet {
  std::uint64_t field = 0;
  std::string_view data;
};

std::optional<std::uint64_t> TakeVarint(std::string_view* bytes) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 35 && !bytes->empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes->front());
    bytes->remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

std::optional<Packet> TakePacket(std::string_view* bytes) {
  const std::optional<std::uint64_t> field = TakeVarint(bytes);
  if (!field) return std::nullopt;
  if (*field == kEndOfSection) return Packet{};
  const std::optional<std::uint64_t> length = TakeVarint(bytes);
  if (!length || *length > bytes->size()) return std::nullopt;
  Packet packet{*field, bytes->substr(0, *length)};
  bytes->remove_prefix(*length);
  return packet;
}

// The project names in a caveat: {"permissions": {"projects": [...]}}, since 2022 [1, [...]].
std::string ProjectsOfCaveat(std::string_view caveat) {
  const std::optional<Json> json = ParseJson(caveat);
  if (!json) return {};
  const Json* list = nullptr;
  if (const Json* permissions = json->Find("permissions")) list = permissions->Find("projects");
  const bool tagged = json->type == Json::Type::kArray && json->items.size() == 2;
  if (tagged && json->items[0].type == Json::Type::kNumber && json->items[0].number == 1) list = &json->items[1];
  if (list == nullptr || list->type != Json::Type::kArray) return {};
  std::string names;
  for (const Json& name : list->items) {
    if (name.type != Json::Type::kString || names.size() > 80) continue;
    if (!names.empty()) names += ' ';
    names += Printable(name.text, 60);
  }
  return names;
}

struct Macaroon {
  std::string location;
  std::string projects;
};

std::optional<Macaroon> ParseMacaroon(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != 2) return std::nullopt;
  bytes.remove_prefix(1);
  const std::optional<Packet> location = TakePacket(&bytes);
  const std::optional<Packet> identifier = TakePacket(&bytes);
  const std::optional<Packet> end = TakePacket(&bytes);
  if (!location || location->field != kLocation || !identifier || identifier->field != kIdentifier) return std::nullopt;
  if (!end || end->field != kEndOfSection) return std::nullopt;
  Macaroon macaroon{std::string(location->data), {}};
  for (bool section_is_empty = true;;) {
    const std::optional<Packet> packet = TakePacket(&bytes);
    if (!packet) return std::nullopt;
    if (packet->field != kEndOfSection) {
      section_is_empty = false;
      if (packet->field == kIdentifier && macaroon.projects.empty()) macaroon.projects = ProjectsOfCaveat(packet->data);
      continue;
    }
    if (section_is_empty) break;
    section_is_empty = true;
  }
  const std::optional<Packet> signature = TakePacket(&bytes);
  if (!signature || signature->field != kSignature || signature->data.size() != 32 || !bytes.empty())
    return std::nullopt;
  return macaroon;
}

}  // namespace

// pypi- and a macaroon whose location is an index. Its signature can only be checked with the server's key.
Outcome PypiMacaroon(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kPrefix = "pypi-";
  if (!secret.starts_with(kPrefix)) return Unknown();
  const std::optional<std::string> bytes = DecodeBase64(secret.substr(kPrefix.size()), Base64::kEither);
  if (!bytes) return Rejected();
  const std::optional<Macaroon> macaroon = ParseMacaroon(*bytes);
  if (!macaroon || macaroon->location.find("pypi.org") == std::string::npos) return Rejected();
  std::string note = Printable(macaroon->location, 40);
  if (!macaroon->projects.empty()) note += ", project " + macaroon->projects;
  return Plausible(std::move(note));
}

// 20 characters of base32 are "v4" and 10 bytes of which none is zero, 26 more are 16 bytes.
Outcome NugetKey(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kFirstHalf = 20;
  if (secret.size() != 46 || !secret.starts_with("oy2")) return Unknown();
  const std::optional<std::string> id = DecodeBase32(secret.substr(0, kFirstHalf), kBase32Lower);
  const std::optional<std::string> password = DecodeBase32(secret.substr(kFirstHalf), kBase32Lower);
  if (!id || !password || !id->starts_with("v4")) return Rejected();
  return id->find('\0') == std::string::npos ? Plausible() : Rejected();
}

// base64 of "reftkn:<version>:<expiry, seconds since 1970>:<random>". An expiry of 0 is never.
Outcome JfrogReference(std::string_view secret, std::string_view /*match*/) {
  const std::optional<std::string> text = DecodeBase64(secret, Base64::kEither);
  constexpr std::string_view kHead = "reftkn:";
  if (!text || text->size() < 21 || !text->starts_with(kHead)) return Doubtful();
  const std::string_view version = std::string_view(*text).substr(7, 2);
  const std::string_view expiry = std::string_view(*text).substr(10, 10);
  if (!AllDigits(version) || (*text)[9] != ':' || !AllDigits(expiry) || (*text)[20] != ':') return Doubtful();
  return Plausible(ExpiryNote(static_cast<std::int64_t>(*FromRadix(expiry, "0123456789"))));
}

// 73 characters of base58 that are 54 bytes.
Outcome JfrogApiKey(std::string_view secret, std::string_view /*match*/) {
  if (secret.size() != 73 || !secret.starts_with("AKCp")) return Unknown();
  const std::optional<std::string> bytes = DecodeBase58(secret);
  return bytes && bytes->size() == 54 ? Plausible() : Doubtful();
}

}  // namespace sluice::checks
