# RE2::re2. Its .pc says version 0.0.0, so none is reported.
find_package(Threads REQUIRED)
find_path(RE2_INCLUDE_DIR re2/re2.h)
find_library(RE2_LIBRARY re2)
find_library(RE2_STATIC_LIBRARY libre2.a)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(RE2 REQUIRED_VARS RE2_LIBRARY RE2_INCLUDE_DIR)
if(RE2_FOUND AND NOT TARGET RE2::re2)
  # An executable with the property SLUICE_STATIC_LINK takes the archive (cmake/StaticHook.cmake).
  add_library(RE2::re2 INTERFACE IMPORTED)
  set(archive "${RE2_STATIC_LIBRARY}")
  target_link_libraries(
    RE2::re2 INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${archive},${RE2_LIBRARY}>" Threads::Threads)
  target_include_directories(RE2::re2 SYSTEM INTERFACE "${RE2_INCLUDE_DIR}")
endif()
mark_as_advanced(RE2_INCLUDE_DIR RE2_LIBRARY RE2_STATIC_LIBRARY)
