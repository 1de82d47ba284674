// The formats of sluice/report.h, one function and one file each.
#ifndef SLUICE_REPORT_RENDER_H_
#define SLUICE_REPORT_RENDER_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "sluice/report.h"

namespace sluice::report {

[[nodiscard]] std::string RenderText(const Report& report, const RenderOptions& options);
[[nodiscard]] std::string RenderJson(const Report& report);
[[nodiscard]] std::string RenderSarif(const Report& report);

// The findings that count for the verdict.
[[nodiscard]] inline bool Stops(const Finding& finding) {
  return finding.status == FindingStatus::kNew && finding.blocks;
}

}  // namespace sluice::report

#endif  // SLUICE_REPORT_RENDER_H_
