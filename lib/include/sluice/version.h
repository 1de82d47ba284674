// The versions of sluice and of what it is built on.
#ifndef SLUICE_VERSION_H_
#define SLUICE_VERSION_H_

#include <string>
#include <string_view>

namespace sluice {

// "0.1.0".
[[nodiscard]] std::string_view Version();
// "5.4.0 2021-01-26", as the linked Hyperscan (or Vectorscan) says of itself.
[[nodiscard]] std::string EngineVersion();

}  // namespace sluice

#endif  // SLUICE_VERSION_H_
