// Numbers of any size, for the one question that RSA keys ask: is n the product of p and q?
#ifndef SLUICE_CHECKS_MPI_H_
#define SLUICE_CHECKS_MPI_H_

#include <optional>
#include <string_view>

namespace sluice::checks {

// All are big-endian and unsigned. False also when p or q is 0 or 1. nullopt when one of them is too large for a key
// (more than 2 KiB, a modulus of 16384 bits), as multiplying takes quadratic time.
[[nodiscard]] std::optional<bool> AreFactors(std::string_view p, std::string_view q, std::string_view n);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_MPI_H_
