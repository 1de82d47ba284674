# MbedCrypto::mbedcrypto: SHA-256, HMAC and base64; libgit2 already brings it along, and it has a static archive.
find_path(MbedCrypto_INCLUDE_DIR mbedtls/sha256.h)
find_library(MbedCrypto_LIBRARY mbedcrypto)
find_library(MbedCrypto_STATIC_LIBRARY libmbedcrypto.a)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MbedCrypto REQUIRED_VARS MbedCrypto_LIBRARY MbedCrypto_INCLUDE_DIR)
if(MbedCrypto_FOUND AND NOT TARGET MbedCrypto::mbedcrypto)
  # An executable with the property SLUICE_STATIC_LINK takes the archive (cmake/StaticHook.cmake).
  add_library(MbedCrypto::mbedcrypto INTERFACE IMPORTED)
  set(archive "${MbedCrypto_STATIC_LIBRARY}")
  target_link_libraries(
    MbedCrypto::mbedcrypto INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${archive},${MbedCrypto_LIBRARY}>")
  target_include_directories(MbedCrypto::mbedcrypto SYSTEM INTERFACE "${MbedCrypto_INCLUDE_DIR}")
endif()
mark_as_advanced(MbedCrypto_INCLUDE_DIR MbedCrypto_LIBRARY MbedCrypto_STATIC_LIBRARY)
