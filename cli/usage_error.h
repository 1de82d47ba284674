// What a person is told whose command line cannot be understood.
#ifndef SLUICE_CLI_USAGE_ERROR_H_
#define SLUICE_CLI_USAGE_ERROR_H_

#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

namespace sluice::cli {

// Checks for arguments, whose messages do not repeat them as those of the library do.
[[nodiscard]] CLI::Validator OneOf(const std::vector<std::string>& names);
[[nodiscard]] CLI::Validator NumberFrom(unsigned least, unsigned most);

// "there is no command `sluice skan`; did you mean 'scan'? See `sluice --help`": the cause, the nearest name, and the
// help of the command that it is about. `app` is the one that has just thrown `error`.
[[nodiscard]] std::string UsageLine(const CLI::App& app, const CLI::ParseError& error);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_USAGE_ERROR_H_
