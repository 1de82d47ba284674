// Where a report goes: stdout, or a file that is either whole or not there.
#ifndef SLUICE_CLI_OUTPUT_H_
#define SLUICE_CLI_OUTPUT_H_

#include <string>
#include <string_view>

#include "sluice/result.h"

namespace sluice::cli {

// Writes `text` to `path`, or to stdout when it is empty. A file is written beside its place and renamed; when the disk
// is full or the writing is interrupted, an older file stays as it was.
Result<void> WriteReport(const std::string& path, std::string_view text);

// Writes `text` to stdout for somebody who reads as much of it as they like: a reader that has gone (`| head`) is no
// failure. Not for a report, which somebody waits for.
Result<void> WriteListing(std::string_view text);

// A line for stderr, "sluice: …", the secrets in it masked.
void Say(std::string_view line);

// Says why a run failed, a line for each error, and gives its exit code.
int Fail(const Errors& errors);

// A line for stderr as it is.
void SayLine(std::string_view line);

// When to colour: "auto" (a terminal, and NO_COLOR is not set), "always", "never".
[[nodiscard]] bool WantsColor(std::string_view when, int fd);

// Removes what a running WriteReport has begun, and ends the process as the signal would: installed for SIGINT,
// SIGTERM and SIGHUP.
void HandleSignals();

}  // namespace sluice::cli

#endif  // SLUICE_CLI_OUTPUT_H_
