// Hyperscan as it is on a processor that it does not support: every call says so, and none may be made that could not.
// Linked with --wrap (see CMakeLists.txt) into a second sluice-hook and a second sluice, whose code is otherwise the
// same.
#include <hs.h>

#include <cstdlib>

extern "C" {

hs_error_t __wrap_hs_valid_platform();
hs_error_t __wrap_hs_compile_multi(const char* const*, const unsigned*, const unsigned*, unsigned, unsigned,
                                   const hs_platform_info_t*, hs_database_t**, hs_compile_error_t**);
hs_error_t __wrap_hs_deserialize_database(const char*, std::size_t, hs_database_t**);
hs_error_t __wrap_hs_alloc_scratch(const hs_database_t*, hs_scratch_t**);
hs_error_t __wrap_hs_scan(const hs_database_t*, const char*, unsigned, unsigned, hs_scratch_t*, match_event_handler,
                          void*);

hs_error_t __wrap_hs_valid_platform() { return HS_ARCH_ERROR; }

hs_error_t __wrap_hs_compile_multi(const char* const*, const unsigned*, const unsigned*, unsigned, unsigned,
                                   const hs_platform_info_t*, hs_database_t** database, hs_compile_error_t** error) {
  *database = nullptr;
  *error = nullptr;
  return HS_ARCH_ERROR;
}

hs_error_t __wrap_hs_deserialize_database(const char*, std::size_t, hs_database_t**) { return HS_ARCH_ERROR; }

hs_error_t __wrap_hs_alloc_scratch(const hs_database_t*, hs_scratch_t**) { return HS_ARCH_ERROR; }

hs_error_t __wrap_hs_scan(const hs_database_t*, const char*, unsigned, unsigned, hs_scratch_t*, match_event_handler,
                          void*) {
  std::abort();
}

}  // extern "C"
