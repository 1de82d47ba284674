#include "checks/mpi.h"

#include <mbedtls/bignum.h>

#include <cstddef>

namespace sluice::checks {
namespace {

constexpr std::size_t kMaxBytes = 2048 + 1;  // DER has a zero byte before a first byte of 0x80 and more.

class Mpi {
 public:
  Mpi() { mbedtls_mpi_init(&value_); }
  ~Mpi() { mbedtls_mpi_free(&value_); }
  Mpi(const Mpi&) = delete;
  Mpi& operator=(const Mpi&) = delete;

  bool Read(std::string_view bytes) {
    return mbedtls_mpi_read_binary(&value_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 0;
  }
  mbedtls_mpi* get() { return &value_; }

 private:
  mbedtls_mpi value_;
};

}  // namespace

std::optional<bool> AreFactors(std::string_view p, std::string_view q, std::string_view n) {
  if (p.size() > kMaxBytes || q.size() > kMaxBytes || n.size() > kMaxBytes) return std::nullopt;
  Mpi left;
  Mpi right;
  Mpi expected;
  Mpi product;
  if (!left.Read(p) || !right.Read(q) || !expected.Read(n)) return std::nullopt;
  if (mbedtls_mpi_cmp_int(left.get(), 1) <= 0 || mbedtls_mpi_cmp_int(right.get(), 1) <= 0) return false;
  if (mbedtls_mpi_mul_mpi(product.get(), left.get(), right.get()) != 0) return std::nullopt;
  return mbedtls_mpi_cmp_mpi(product.get(), expected.get()) == 0;
}

}  // namespace sluice::checks
