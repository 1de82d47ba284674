# MbedCrypto::mbedcrypto: SHA-256, HMAC and base64; libgit2 already brings it along, and it has a static archive.
find_path(MbedCrypto_INCLUDE_DIR mbedtls/sha256.h)
find_library(MbedCrypto_LIBRARY mbedcrypto)
find_library(MbedCrypto_STATIC_LIBRARY libmbedcrypto.a)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MbedCrypto REQUIRED_VARS MbedCrypto_LIBRARY MbedCrypto_INCLUDE_DIR)
if(MbedCrypto_FOUND AND NOT TARGET MbedCrypto::mbedcrypto)
  add_library(MbedCrypto::mbedcrypto UNKNOWN IMPORTED)
  set_target_properties(MbedCrypto::mbedcrypto PROPERTIES IMPORTED_LOCATION "${MbedCrypto_LIBRARY}"
                                                          INTERFACE_INCLUDE_DIRECTORIES "${MbedCrypto_INCLUDE_DIR}")
endif()
mark_as_advanced(MbedCrypto_INCLUDE_DIR MbedCrypto_LIBRARY MbedCrypto_STATIC_LIBRARY)
