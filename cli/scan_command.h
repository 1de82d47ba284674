// `sluice scan`.
#ifndef SLUICE_CLI_SCAN_COMMAND_H_
#define SLUICE_CLI_SCAN_COMMAND_H_

#include <string>
#include <vector>

#include "sluice/config.h"
#include "sluice/result.h"

namespace sluice::cli {

struct ScanArguments {
  std::vector<std::string> paths;
  bool staged = false;
  bool from_stdin = false;
  std::string stdin_filename;  // "" is unknown.
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

// The top of the repository that `path` lies in, or else the current directory: what paths in a configuration are
// relative to.
std::string FindTop(const std::string& path);

// "a.zip!folder/b" as rules look at it: an archive is a folder to them.
std::string PathOfMember(std::string path);

// What is in force where `path` lies: the default rules, its repository's configuration, the rule files named.
Result<Setup, Errors> SetupFor(const ScanArguments& arguments, const std::string& path);

// The exit code.
int RunScan(const ScanArguments& arguments);

}  // namespace sluice::cli

#endif  // SLUICE_CLI_SCAN_COMMAND_H_
