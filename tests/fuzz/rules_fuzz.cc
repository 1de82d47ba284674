// Rule files and configurations of any bytes: errors or rules, never a crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/config.h"
#include "sluice/rule_set.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const sluice::RuleFile file = {"fuzz.toml", bytes};
  if (const auto rules = sluice::RuleSet::Parse({&file, 1}); !rules && rules.error().empty()) __builtin_trap();
  if (const auto config = sluice::Config::Parse("fuzz.toml", bytes); !config && config.error().empty())
    __builtin_trap();
  return 0;
}
