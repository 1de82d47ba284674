# Fmt::headers: fmt header-only, since Debian has no static libfmt.
find_path(Fmt_INCLUDE_DIR fmt/format.h)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Fmt REQUIRED_VARS Fmt_INCLUDE_DIR)
if(Fmt_FOUND AND NOT TARGET Fmt::headers)
  add_library(Fmt::headers INTERFACE IMPORTED)
  set_target_properties(Fmt::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Fmt_INCLUDE_DIR}"
                                                INTERFACE_COMPILE_DEFINITIONS FMT_HEADER_ONLY=1)
endif()
mark_as_advanced(Fmt_INCLUDE_DIR)
