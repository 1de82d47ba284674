// Secrets in the names of files: what a name says goes into history and into every report, too.
#ifndef SLUICE_HOOK_NAME_SCANNER_H_
#define SLUICE_HOOK_NAME_SCANNER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/config.h"
#include "sluice/report.h"
#include "sluice/scanner.h"

namespace sluice {

// Only rules that know a value by its own shape count: names of files are full of digests, and folders of providers.
class NameScanner {
 public:
  // `scanner` is used for a moment in each call; it and `setup` must outlive this.
  NameScanner(const Setup* setup, Scanner* scanner) : setup_(*setup), scanner_(*scanner) {}

  // The secrets in `path` that end behind its first `known_bytes`: findings of that file, of no line. Their path is
  // still the real one.
  std::vector<Finding> Scan(std::string_view path, std::size_t known_bytes = 0);

 private:
  const Setup& setup_;
  Scanner& scanner_;
};

// What every report gets at the end: the secrets in all paths masked, the rules that are off counted, all sorted.
// Without `names_counted` the skipped files that a text report only counts lose their names: to mask one is a scan of
// its own, and a commit may leave out very many.
void FinishReport(const Setup& setup, bool names_counted, Report* report);

}  // namespace sluice

#endif  // SLUICE_HOOK_NAME_SCANNER_H_
