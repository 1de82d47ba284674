// Any bytes as the script of a hook: an answer, soon. The input is the script.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "hook_call.h"
#include "manager_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sluice::cli::CallEffect;
  using sluice::cli::ErrorExit;
  // A copy of exact size, so that one byte too far is seen.
  const std::string script(reinterpret_cast<const char*>(data), size);
  const auto effect_of = [](const std::string& text, ErrorExit error_exit) {
    return sluice::cli::FindHookCall(text, "pre-commit", error_exit).effect;
  };
  const CallEffect effect = effect_of(script, ErrorExit::kAsWritten);
  // Whoever is not named is not called; quotes and backslashes may cut the name.
  const bool is_named =
      script.find("pre-commit") != std::string::npos || script.find_first_of("\\\"'") != std::string::npos;
  if (!is_named && effect != CallEffect::kNone) __builtin_trap();
  // What ends at the first error stops no less surely.
  if (effect == CallEffect::kStops && effect_of(script, ErrorExit::kAlways) != CallEffect::kStops) __builtin_trap();
  // A file that does not name it does not have it run.
  const bool names = sluice::cli::NamesHookCall(script, "pre-commit");
  for (const auto& call : {sluice::cli::CallInLefthookFile(script, "pre-commit"),
                           sluice::cli::CallInPreCommitFile(script, "pre-commit")}) {
    if (names != (call.effect != CallEffect::kNone)) __builtin_trap();
  }
  // One that does is read as YAML.
  const std::string named = "%YAML 1.1  # sluice-hook pre-commit\n---\n" + script;
  for (const auto& call :
       {sluice::cli::CallInLefthookFile(named, "pre-commit"), sluice::cli::CallInPreCommitFile(named, "pre-commit")}) {
    if (call.effect == CallEffect::kNone) __builtin_trap();
  }
  return 0;
}
