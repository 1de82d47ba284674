#include "checks/clock.h"

#include <algorithm>
#include <chrono>

#include "checks/encodings.h"

namespace sluice::checks {
namespace {

using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year_month_day;

constexpr std::int64_t kSecondsADay = 86400;

constexpr std::int64_t StartOf(int year) {
  return sys_seconds(sys_days(std::chrono::year(year) / 1 / 1)).time_since_epoch().count();
}

}  // namespace

std::int64_t UnixNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::max(StartOf(2026),
                  static_cast<std::int64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count()));
}

std::string IsoDate(std::int64_t unix_seconds) {
  if (unix_seconds < StartOf(1971) || unix_seconds >= StartOf(10000)) return {};
  const year_month_day date{sys_days(std::chrono::days(unix_seconds / kSecondsADay))};
  return ToRadix(static_cast<unsigned>(static_cast<int>(date.year())), "0123456789", 4) + "-" +
         ToRadix(static_cast<unsigned>(date.month()), "0123456789", 2) + "-" +
         ToRadix(static_cast<unsigned>(date.day()), "0123456789", 2);
}

std::string ExpiryNote(std::int64_t unix_seconds) {
  const std::string date = IsoDate(unix_seconds);
  if (date.empty()) return {};
  return (unix_seconds <= UnixNow() ? "expired " : "expires ") + date;
}

std::optional<std::int64_t> ParseIsoDate(std::string_view text, bool separated) {
  const std::size_t gap = separated ? 1 : 0;
  if (text.size() < 8 + 2 * gap) return std::nullopt;
  const std::string_view year = text.substr(0, 4);
  const std::string_view month = text.substr(4 + gap, 2);
  const std::string_view day = text.substr(6 + 2 * gap, 2);
  if (!AllDigits(year) || !AllDigits(month) || !AllDigits(day)) return std::nullopt;
  if (separated && (text[4] != '-' || text[7] != '-')) return std::nullopt;
  const year_month_day date{std::chrono::year(static_cast<int>(*FromRadix(year, "0123456789"))),
                            std::chrono::month(static_cast<unsigned>(*FromRadix(month, "0123456789"))),
                            std::chrono::day(static_cast<unsigned>(*FromRadix(day, "0123456789")))};
  if (!date.ok()) return std::nullopt;
  return sys_seconds(sys_days(date)).time_since_epoch().count();
}

}  // namespace sluice::checks
