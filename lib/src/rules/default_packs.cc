#include "rules/default_packs.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

asm(".section .rodata\n"
    ".global sluice_default_sources_begin\n"
    "sluice_default_sources_begin:\n"
    ".incbin \"" SLUICE_DEFAULT_SOURCES
    "\"\n"
    ".global sluice_default_sources_end\n"
    "sluice_default_sources_end:\n"
    ".byte 0\n"
    ".section .text\n");

extern "C" {
extern const char sluice_default_sources_begin[];
extern const char sluice_default_sources_end[];
}

namespace sluice {

namespace {

std::string_view TakeText(std::string_view* rest) {
  std::size_t length = 0;
  for (std::size_t i = 4; i-- > 0;) length = length << 8U | static_cast<unsigned char>((*rest)[i]);
  const std::string_view text = rest->substr(4, length);
  rest->remove_prefix(4 + length);
  return text;
}

}  // namespace

std::vector<RuleFile> DefaultPacks() {
  std::string_view rest(sluice_default_sources_begin,
                        static_cast<std::size_t>(sluice_default_sources_end - sluice_default_sources_begin));
  std::vector<RuleFile> files;
  while (!rest.empty()) {
    const std::string_view name = TakeText(&rest);
    files.push_back({std::string(name), TakeText(&rest)});
  }
  return files;
}

}  // namespace sluice
