#include <cstdio>
#include <string>

#include "sluice/database.h"
#include "sluice/git/staged.h"
#include "sluice/scanner.h"

int main() {
  const sluice::Database* const databases[] = {&sluice::Database::Default()};
  sluice::Result<sluice::Scanner> scanner = sluice::Scanner::Create(databases, {});
  if (!scanner) return 1;
  // In two parts, so that this file holds no key.
  const std::string text = "key = AK" + std::string("IAQYLPMN5HFZ7R2SWX") + "\n";
  for (const sluice::Finding& finding : scanner->Scan(text, "a").findings) {
    std::printf("%s at %zu:%zu\n", finding.rule_id.c_str(), finding.line, finding.column);
  }
  return sluice::git::AddedLines("a\n", "a\nb\n").has_value() ? 0 : 1;
}
