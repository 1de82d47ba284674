#include "masker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "scan/locate.h"

namespace sluice {

namespace {

constexpr std::string_view kMask = "********";

std::vector<const Database*> WithDefaults(std::span<const Database* const> databases) {
  std::vector<const Database*> all(databases.begin(), databases.end());
  const Database* const defaults = &Database::Default();
  if (std::find(all.begin(), all.end(), defaults) == all.end()) all.insert(all.begin(), defaults);
  return all;
}

}  // namespace

bool KnowsByShape(std::span<const Database* const> databases, std::string_view id) {
  for (auto database = databases.rbegin(); database != databases.rend(); ++database) {
    const std::size_t index = (*database)->Find(id);
    if (index == (*database)->size()) continue;
    const RuleInfo rule = (*database)->rule(index);
    return rule.near.empty() && !rule.is_fallback;
  }
  return false;
}

Masker::Masker(std::span<const Database* const> databases)
    : databases_(WithDefaults(databases)), scanner_(Scanner::Create(databases_, {})) {}

std::string Masker::Mask(std::string_view text, std::vector<Stretch> secrets) {
  std::stable_sort(secrets.begin(), secrets.end(), [](const Stretch& a, const Stretch& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::string masked;
  std::size_t at = 0;
  for (std::size_t i = 0; i < secrets.size();) {
    // Of those that overlap the first stands for all, unless another goes on behind it.
    Stretch secret = std::move(secrets[i]);
    for (++i; i < secrets.size() && secrets[i].begin < secret.end; ++i) {
      if (secrets[i].end <= secret.end) continue;
      secret.end = secrets[i].end;
      secret.shown = kMask;
    }
    masked.append(text.substr(at, secret.begin - at)).append(secret.shown);
    at = secret.end;
  }
  return masked.append(text.substr(at));
}

void Masker::AddFound(std::string_view text, bool by_shape_only, std::vector<Stretch>* secrets) {
  // The line end keeps the first bytes from being taken for the mark of an encoding.
  const std::string line = std::string("\n").append(text);
  for (Finding& finding : scanner_->Scan(line, text).findings) {
    if (by_shape_only && !KnowsByShape(databases_, finding.rule_id)) continue;
    secrets->push_back(
        {std::max<std::size_t>(finding.offset, 1) - 1, finding.end_offset - 1, std::move(finding.preview)});
  }
}

// A part of a path by itself. There, a provider's name is one with the value; between folders, it is none: what lies in
// the folder `datadog` is mostly named by digests.
const std::vector<Masker::Stretch>& Masker::InPart(std::string_view part) {
  if (const auto known = parts_.find(part); known != parts_.end()) return known->second;
  std::vector<Stretch> secrets;
  AddFound(part, /*by_shape_only=*/false, &secrets);
  for (Stretch& secret : secrets) {
    if (secret.end != part.size()) continue;
    const std::size_t end = secret.begin + scan::WithoutExtension(part.substr(secret.begin));
    if (end == secret.end) continue;
    secret.end = end;
    secret.shown = kMask;
  }
  for (const auto& [begin, end] : scan::SecretsInName(part)) secrets.push_back({begin, end, std::string(kMask)});
  return parts_.emplace(part, std::move(secrets)).first->second;
}

const std::string& Masker::Path(const std::string& path) {
  if (const auto known = paths_.find(path); known != paths_.end()) return known->second;
  // Without a scanner no name is known to hold nothing.
  if (!scanner_) return paths_.emplace(path, "(name not shown)").first->second;
  std::vector<Stretch> secrets;
  AddFound(path, /*by_shape_only=*/true, &secrets);
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    for (const Stretch& secret : InPart(std::string_view(path).substr(begin, end - begin))) {
      secrets.push_back({begin + secret.begin, begin + secret.end, secret.shown});
    }
    begin = end + 1;
  }
  return paths_.emplace(path, Mask(path, std::move(secrets))).first->second;
}

const std::string& Masker::Line(std::string_view line) {
  if (const auto known = lines_.find(line); known != lines_.end()) return known->second;
  std::vector<Stretch> secrets;
  if (scanner_) AddFound(line, /*by_shape_only=*/true, &secrets);
  return lines_.emplace(line, scan::MaskedText(Mask(line, std::move(secrets)))).first->second;
}

std::string Masker::Message(std::string_view message) { return scan::MaskedMessage(Line(message)); }

}  // namespace sluice
