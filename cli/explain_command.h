// sluice explain: which rules looked at a place, and what became of what they saw.
#ifndef SLUICE_EXPLAIN_COMMAND_H_
#define SLUICE_EXPLAIN_COMMAND_H_

#include <string>
#include <vector>

namespace sluice::cli {

struct ExplainArguments {
  std::string place;          // PATH:LINE, or PATH for all of it; or
  std::string text;           // text itself.
  std::string name = "text";  // The path that `text` is judged under.
  std::vector<std::string> rule_files;
};

// Returns the exit code: 0 when explained, 2 for usage.
int Explain(const ExplainArguments& arguments);

}  // namespace sluice::cli

#endif  // SLUICE_EXPLAIN_COMMAND_H_
