# Zlib::zlib: gzip inside of base64; libgit2 already brings it along, and it has a static archive.
find_path(Zlib_INCLUDE_DIR zlib.h)
find_library(Zlib_LIBRARY z)
find_library(Zlib_STATIC_LIBRARY libz.a)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Zlib REQUIRED_VARS Zlib_LIBRARY Zlib_INCLUDE_DIR)
if(Zlib_FOUND AND NOT TARGET Zlib::zlib)
  # An executable with the property SLUICE_STATIC_LINK takes the archive (cmake/StaticHook.cmake).
  add_library(Zlib::zlib INTERFACE IMPORTED)
  set(archive "${Zlib_STATIC_LIBRARY}")
  target_link_libraries(
    Zlib::zlib INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${archive},${Zlib_LIBRARY}>")
  target_include_directories(Zlib::zlib SYSTEM INTERFACE "${Zlib_INCLUDE_DIR}")
endif()
mark_as_advanced(Zlib_INCLUDE_DIR Zlib_LIBRARY Zlib_STATIC_LIBRARY)
