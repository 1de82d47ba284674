// Numbers of any size, for the one question that keys ask: is p times q equal to n?
#ifndef SLUICE_CHECKS_MPI_H_
#define SLUICE_CHECKS_MPI_H_

#include <optional>
#include <string_view>

namespace sluice::checks {

// All are big-endian and unsigned. nullopt when one of them is too large to multiply (more than 1 KiB).
[[nodiscard]] std::optional<bool> ProductIs(std::string_view p, std::string_view q, std::string_view n);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_MPI_H_
