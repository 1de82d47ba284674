#include "checks/digests.h"

#include <mbedtls/md.h>

namespace sluice::checks {
namespace {

const mbedtls_md_info_t* Info(Digest digest) {
  switch (digest) {
    case Digest::kSha1:
      return mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
    case Digest::kSha256:
      return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    case Digest::kSha384:
      return mbedtls_md_info_from_type(MBEDTLS_MD_SHA384);
    case Digest::kSha512:
      return mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
  }
  return nullptr;
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string Hash(Digest digest, std::string_view bytes) {
  const mbedtls_md_info_t* info = Info(digest);
  std::string result(mbedtls_md_get_size(info), '\0');
  mbedtls_md(info, Bytes(bytes), bytes.size(), reinterpret_cast<unsigned char*>(result.data()));
  return result;
}

std::string Hmac(Digest digest, std::string_view key, std::string_view bytes) {
  const mbedtls_md_info_t* info = Info(digest);
  std::string result(mbedtls_md_get_size(info), '\0');
  // memcpy from a null pointer is undefined even for no bytes.
  const std::string_view safe_key = key.empty() ? std::string_view("") : key;
  mbedtls_md_hmac(info, Bytes(safe_key), safe_key.size(), Bytes(bytes), bytes.size(),
                  reinterpret_cast<unsigned char*>(result.data()));
  return result;
}

}  // namespace sluice::checks
