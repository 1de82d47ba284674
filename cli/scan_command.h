// `sluice scan`.
#ifndef SLUICE_CLI_SCAN_COMMAND_H_
#define SLUICE_CLI_SCAN_COMMAND_H_

#include <string>
#include <vector>

namespace sluice::cli {

struct ScanArguments {
  std::vector<std::string> paths;
  bool staged = false;
  bool from_stdin = false;
  std::string stdin_filename = "stdin";
  std::string format = "text";
  std::string output;
  std::string config;
  std::vector<std::string> rule_files;
  bool no_default_rules = false;
  bool no_ignore = false;
  unsigned jobs = 0;  // 0: one for each processor.
  bool quiet = false;
  bool show_secrets = false;
  std::string color = "auto";
  std::string engine = "auto";
};

// The exit code.
int RunScan(const ScanArguments& arguments);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_SCAN_COMMAND_H_
