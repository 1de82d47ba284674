// GitHub, GitLab and Atlassian; npm, whose tokens are made the way GitHub's are.
#include <algorithm>
#include <array>
#include <initializer_list>

#include "checks/crc.h"
#include "checks/encodings.h"
#include "checks/families.h"

namespace sluice::checks {
namespace {

constexpr std::size_t kGithubTrailer = 6;
constexpr std::size_t kGitlabTrailer = 9;  // 2 base36 digits of length, 7 of CRC-32.

bool EndsInBase62Crc(std::string_view covered, std::string_view trailer) {
  return ToRadix(Crc32(covered), kBase62, kGithubTrailer) == trailer;
}

// The only length that is documented for tokens of this prefix, and whether a mismatch there is conclusive.
struct GithubKind {
  std::string_view prefix;
  std::size_t length;
  bool always_has_crc;
};
constexpr std::array kGithubKinds = {
    GithubKind{"ghp_", 40, true}, GithubKind{"gho_", 40, true}, GithubKind{"ghu_", 40, true},
    GithubKind{"ghr_", 80, true}, GithubKind{"npm_", 40, true}, GithubKind{"ghs_", 40, false},
};

// "glpat-", "GR1348941"; with `glrt-` the marker of the runner's type, with `glcbt-` the partition. The rest is the
// body. Empty when it begins in no such way.
std::string_view GitlabPrefix(std::string_view token) {
  constexpr std::string_view kRegistration = "GR1348941";
  if (token.starts_with(kRegistration)) return token.substr(0, kRegistration.size());
  std::size_t end = 0;
  while (end < token.size() && IsLower(token[end])) ++end;
  if (end < 3 || end >= token.size() || token[end] != '-') return {};
  ++end;
  const std::string_view kind = token.substr(0, end);
  const std::string_view rest = token.substr(end);
  if (kind == "glrt-" || kind == "glrtr-") {
    if (rest.size() > 3 && rest[0] == 't' && IsDigit(rest[1]) && rest[2] == '_') end += 3;
  } else if (kind == "glcbt-") {
    const std::size_t underscore = rest.substr(0, 6).find('_');
    if (underscore != std::string_view::npos) end += underscore + 1;
  }
  return token.substr(0, end);
}

// "GitLab user 5, organization 1" from the routing text of a routable token: lines of key and base36 number.
std::string GitlabRoutingNote(std::string_view payload) {
  const std::optional<std::string> decoded = DecodeBase64(payload, Base64::kUrl);
  if (!decoded || decoded->size() < 17) return {};
  const std::size_t length = static_cast<unsigned char>(decoded->back());
  if (decoded->size() != 16 + length + 1) return {};
  std::string note;
  for (std::string_view rest = std::string_view(*decoded).substr(16, length); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.size() < 3 || line[1] != ':') continue;
    const std::string_view name = line[0] == 'u'   ? "user"
                                  : line[0] == 'o' ? "organization"
                                  : line[0] == 'g' ? "group"
                                  : line[0] == 'p' ? "project"
                                                   : "";
    const std::optional<std::uint64_t> id = FromRadix(line.substr(2), kBase36);
    if (name.empty() || !id) continue;
    note += note.empty() ? "GitLab " : ", ";
    note.append(name).append(" ").append(std::to_string(*id));
  }
  return note;
}

bool EndsInGitlabCrc(std::string_view covered, std::string_view crc) {
  return ToRadix(Crc32(covered), kBase36, 7) == crc;
}

// What a URL or a properties file has done to the "=" before the digits.
std::string UndoEscapedEquals(std::string_view token) {
  const std::string decoded = DecodePercent(token);
  std::string plain;
  plain.reserve(decoded.size());
  for (std::size_t i = 0; i < decoded.size(); ++i) {
    if (decoded[i] != '\\' || i + 1 == decoded.size() || decoded[i + 1] != '=') plain.push_back(decoded[i]);
  }
  return plain;
}

}  // namespace

// The last 6 characters are the CRC-32 of those between the prefix and them, in base62. Published by GitHub for the
// lengths of today only: a longer token of tomorrow may be made in another way, so there a mismatch says nothing.
Outcome GithubCrc32(std::string_view secret, std::string_view /*match*/) {
  for (const GithubKind& kind : kGithubKinds) {
    if (!secret.starts_with(kind.prefix)) continue;
    const std::string_view body = secret.substr(kind.prefix.size());
    if (body.size() <= kGithubTrailer) return Unknown();
    const std::size_t split = body.size() - kGithubTrailer;
    if (EndsInBase62Crc(body.substr(0, split), body.substr(split))) return Verified();
    return kind.always_has_crc && secret.size() == kind.length ? Rejected() : Unknown();
  }
  return Unknown();
}

// github_pat_, 22 characters, underscore, 59 characters. GitHub says that there is a checksum, but not over what, and
// third parties disagree: any of their ways is as good as proof, none of them is a reason to doubt.
Outcome GithubFineGrained(std::string_view secret, std::string_view /*match*/) {
  constexpr std::string_view kPrefix = "github_pat_";
  constexpr std::size_t kLeft = 22;
  constexpr std::size_t kRight = 59;
  if (!secret.starts_with(kPrefix)) return Unknown();
  const std::string_view body = secret.substr(kPrefix.size());
  if (body.size() != kLeft + 1 + kRight) return Unknown();
  const std::string_view left = body.substr(0, kLeft);
  const std::string_view right = body.substr(kLeft + 1);
  if (body[kLeft] != '_' || !AllOf(left, kBase62) || !AllOf(right, kBase62)) return Rejected();
  const std::string_view trailer = right.substr(kRight - kGithubTrailer);
  const std::string_view right_data = right.substr(0, kRight - kGithubTrailer);
  const std::string joined = std::string(left).append(right_data);
  for (const std::string_view covered : {right_data, body.substr(0, body.size() - kGithubTrailer),
                                         std::string_view(joined), secret.substr(0, secret.size() - kGithubTrailer)}) {
    if (EndsInBase62Crc(covered, trailer)) return Verified();
  }
  return Unknown();
}

// Bodies of 20 (agents: 50) characters come from Devise's friendly_token: base64url with l, I, O and 0 replaced by s,
// x, y and z. That says who did not make a token; one random text in four passes.
Outcome GitlabFriendly(std::string_view secret, std::string_view /*match*/) {
  const std::string_view prefix = GitlabPrefix(secret);
  if (prefix.empty()) return Unknown();
  const std::string_view body = secret.substr(prefix.size());
  if (body.size() != (prefix == "glagent-" ? 50U : 20U)) return Unknown();
  return body.find_first_of("lIO0") == std::string_view::npos ? Plausible() : Rejected();
}

// prefix, payload, ".01." (at first just "."), the payload's length in 2 base36 digits, the CRC-32 of all before it in
// 7. For runner tokens with a type marker it is disputed whether the prefix is covered: both ways are tried.
Outcome GitlabRoutable(std::string_view secret, std::string_view /*match*/) {
  const std::string_view prefix = GitlabPrefix(secret);
  const std::size_t dot = secret.rfind('.');
  if (prefix.empty() || dot == std::string_view::npos || secret.size() - dot - 1 != kGitlabTrailer) return Unknown();
  const std::string_view covered = secret.substr(0, secret.size() - 7);
  const std::string_view crc = secret.substr(covered.size());
  std::string_view payload = secret.substr(prefix.size(), dot - prefix.size());
  if (payload.ends_with(".01")) payload.remove_suffix(3);
  if (EndsInGitlabCrc(covered, crc) || EndsInGitlabCrc(covered.substr(prefix.size()), crc)) {
    return Verified(GitlabRoutingNote(payload));
  }
  return prefix.ends_with('_') ? Doubtful() : Rejected();
}

// The last 8 characters are the CRC-32 of all before them, in upper-case hexadecimal. By third parties.
Outcome AtlassianCrc32(std::string_view secret, std::string_view /*match*/) {
  constexpr std::size_t kTrailer = 8;
  if (secret.size() > kMaxInputBytes) return Unknown();
  const std::string token = UndoEscapedEquals(secret);
  if (token.size() < 2 * kTrailer) return Doubtful();
  const std::string_view covered = std::string_view(token).substr(0, token.size() - kTrailer);
  const std::string_view trailer = std::string_view(token).substr(covered.size());
  return ToHex32(Crc32(covered), kUpperHex) == trailer ? Verified() : Doubtful();
}

}  // namespace sluice::checks
