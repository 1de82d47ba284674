// Text like that of source code, made from a seed: the same on every machine, nothing of it is anybody's.
#ifndef SLUICE_BENCHMARKS_SOURCE_TEXT_H_
#define SLUICE_BENCHMARKS_SOURCE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::benchmarks {

// `bytes` of code in the manner of C, Python, JavaScript and YAML, a function at a time. Words such as "key", "token"
// and "password" occur as often as in real code (about 1 line in 60), in assignments from calls and parameters, without
// any literal value that is a secret.
[[nodiscard]] std::string MakeSourceText(std::size_t bytes, std::uint32_t seed);

}  // namespace sluice::benchmarks

#endif  // SLUICE_BENCHMARKS_SOURCE_TEXT_H_
