// Every offline check on any bytes, as secret and as the match around it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checks/checks.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const sluice::checks::Check& check : sluice::checks::All()) {
    (void)check.run(bytes, bytes);
    (void)check.run(bytes.substr(size / 4, size / 2), bytes);
  }
  return 0;
}
