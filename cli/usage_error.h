// What a person is told whose command line cannot be understood.
#ifndef SLUICE_CLI_USAGE_ERROR_H_
#define SLUICE_CLI_USAGE_ERROR_H_

#include <string>

#include <CLI/App.hpp>

namespace sluice::cli {

// "there is no command `sluice skan`; did you mean 'scan'? See `sluice --help`": the cause, the nearest name, and the
// help of the command that it is about. `app` is the one that has just thrown `error`.
[[nodiscard]] std::string UsageLine(const CLI::App& app, const CLI::ParseError& error);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_USAGE_ERROR_H_
