# Hyperscan::hs, from Hyperscan or (where a platform has only that) Vectorscan: both install libhs.
find_package(PkgConfig QUIET)
pkg_check_modules(PC_HS QUIET libhs)
find_path(Hyperscan_INCLUDE_DIR hs.h HINTS ${PC_HS_INCLUDE_DIRS} PATH_SUFFIXES hs)
find_library(Hyperscan_LIBRARY hs HINTS ${PC_HS_LIBRARY_DIRS})
find_library(Hyperscan_STATIC_LIBRARY libhs.a HINTS ${PC_HS_LIBRARY_DIRS})
set(Hyperscan_VERSION ${PC_HS_VERSION})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  Hyperscan
  REQUIRED_VARS Hyperscan_LIBRARY Hyperscan_INCLUDE_DIR
  VERSION_VAR Hyperscan_VERSION)
if(Hyperscan_FOUND AND NOT TARGET Hyperscan::hs)
  # An executable with the property SLUICE_STATIC_LINK takes the archive (cmake/StaticHook.cmake).
  add_library(Hyperscan::hs INTERFACE IMPORTED)
  set(archive "${Hyperscan_STATIC_LIBRARY}")
  target_link_libraries(
    Hyperscan::hs INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${archive},${Hyperscan_LIBRARY}>")
  target_include_directories(Hyperscan::hs SYSTEM INTERFACE "${Hyperscan_INCLUDE_DIR}")
endif()
mark_as_advanced(Hyperscan_INCLUDE_DIR Hyperscan_LIBRARY Hyperscan_STATIC_LIBRARY)
