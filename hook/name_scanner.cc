#include "name_scanner.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace sluice {

namespace {

// Whether the rule in force under that id asks for nothing but the value itself.
bool KnowsByShape(const Setup& setup, std::string_view id) {
  const auto& databases = setup.databases();
  for (auto database = databases.rbegin(); database != databases.rend(); ++database) {
    const std::size_t index = (*database)->Find(id);
    if (index == (*database)->size()) continue;
    const RuleInfo rule = (*database)->rule(index);
    return rule.near.empty() && !rule.is_fallback;
  }
  return false;
}

// The values of `findings`, which lie in `path` and do not overlap, masked.
std::string Masked(std::string_view path, const std::vector<Finding>& findings) {
  std::string masked;
  std::size_t at = 0;
  for (const Finding& finding : findings) {
    masked.append(path.substr(at, finding.offset - at)).append(finding.preview);
    at = finding.end_offset;
  }
  return masked.append(path.substr(at));
}

}  // namespace

std::vector<Finding> NameScanner::Find(std::string_view path) {
  std::vector<Finding> findings = scanner_.Scan(path, path).findings;
  std::erase_if(findings, [&](const Finding& finding) { return !KnowsByShape(setup_, finding.rule_id); });
  return findings;
}

std::vector<Finding> NameScanner::Scan(std::string_view path, std::size_t known_bytes) {
  std::vector<Finding> findings = Find(path);
  std::erase_if(findings, [&](const Finding& finding) { return finding.end_offset <= known_bytes; });
  for (Finding& finding : findings) {
    finding.line = finding.column = finding.end_line = finding.end_column = 0;
    finding.utf16_column = finding.utf16_end_column = 0;
    finding.offset = finding.end_offset = 0;
    finding.context.clear();
    finding.context_column = finding.context_length = 0;
    finding.note += finding.note.empty() ? "in the name of the file" : ", in the name of the file";
    // A name is no place for a comment.
    finding.status = FindingStatus::kNew;
    finding.suppression = {};
  }
  return findings;
}

// Masks the secrets in names; one that comes again is not searched again.
class NameMasker {
 public:
  explicit NameMasker(const Setup* setup) : setup_(*setup), scanner_(setup->MakeScanner()) {}

  const std::string& Mask(const std::string& path) {
    auto found = known_.find(path);
    if (found == known_.end()) {
      // Without a scanner no name is known to hold nothing.
      std::string masked = scanner_ ? Masked(path, NameScanner(&setup_, &*scanner_).Find(path)) : "(name not shown)";
      found = known_.emplace(path, std::move(masked)).first;
    }
    return found->second;
  }

 private:
  const Setup& setup_;
  Result<Scanner> scanner_;
  std::map<std::string, std::string> known_;
};

std::string MaskedName(const Setup& setup, const std::string& path) { return NameMasker(&setup).Mask(path); }

void FinishReport(const Setup& setup, Report* report) {
  report->rules_off = setup.config().disabled.size();
  if (report->findings.empty() && report->skipped.empty()) return;
  NameMasker masker(&setup);
  for (Finding& finding : report->findings) finding.path = masker.Mask(finding.path);
  for (Skipped& skipped : report->skipped) skipped.path = masker.Mask(skipped.path);
  report->Sort();
}

}  // namespace sluice
