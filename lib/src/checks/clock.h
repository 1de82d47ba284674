// Calendar dates for notes ("expired 2024-02-03"), and the one place that asks what time it is.
#ifndef SLUICE_CHECKS_CLOCK_H_
#define SLUICE_CHECKS_CLOCK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::checks {

// Seconds since 1970 UTC. Never before 2026: a machine whose clock stands at its epoch must not take real tokens for
// tokens from the future.
[[nodiscard]] std::int64_t UnixNow();
// "2024-02-03" UTC; empty outside of the years 1971 to 9999, as such a number was no date.
[[nodiscard]] std::string IsoDate(std::int64_t unix_seconds);
// "expired 2024-02-03" or "expires 2031-01-01"; empty when it is no date.
[[nodiscard]] std::string ExpiryNote(std::int64_t unix_seconds);
// The day that "2024-02-03" at the start of `text` begins, or nullopt. With `separated` false: "20240203".
[[nodiscard]] std::optional<std::int64_t> ParseIsoDate(std::string_view text, bool separated = true);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_CLOCK_H_
