// What kind of key, if any, a DER document is: PKCS#1, PKCS#8 (RFC 5958), SEC 1 (RFC 5915) or DSA.
#ifndef SLUICE_CHECKS_PRIVATE_DER_H_
#define SLUICE_CHECKS_PRIVATE_DER_H_

#include <cstdint>
#include <string_view>

namespace sluice::checks {

enum class DerKind : std::uint8_t {
  kBroken,         // No DER, or none that we know.
  kTruncated,      // The beginning of a private key whose end is not there.
  kPublic,         // A certificate, a request, a public key: nothing secret in it.
  kPrivate,        // A private key.
  kConsistentRsa,  // An RSA private key with p*q = n.
  kForgedRsa,      // One with p*q != n, as in samples that were edited by hand.
  kEncrypted,      // An encrypted PKCS#8 key.
};

[[nodiscard]] DerKind ClassifyDer(std::string_view bytes);

}  // namespace sluice::checks

#endif  // SLUICE_CHECKS_PRIVATE_DER_H_
