# LibGit2::git2
find_package(PkgConfig QUIET)
pkg_check_modules(PC_GIT2 QUIET libgit2)
find_path(LibGit2_INCLUDE_DIR git2.h HINTS ${PC_GIT2_INCLUDE_DIRS})
find_library(LibGit2_LIBRARY git2 HINTS ${PC_GIT2_LIBRARY_DIRS})
find_library(LibGit2_STATIC_LIBRARY libgit2.a HINTS ${PC_GIT2_LIBRARY_DIRS})
# What its archive needs besides the network.
find_library(LibGit2_Z_LIBRARY libz.a)
find_library(LibGit2_PCRE2_LIBRARY libpcre2-8.a)
find_library(LibGit2_CRYPTO_LIBRARY libmbedcrypto.a)
set(LibGit2_STATIC_LIBRARIES ${LibGit2_STATIC_LIBRARY} ${LibGit2_Z_LIBRARY} ${LibGit2_PCRE2_LIBRARY}
                             ${LibGit2_CRYPTO_LIBRARY})
set(LibGit2_VERSION ${PC_GIT2_VERSION})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  LibGit2
  REQUIRED_VARS LibGit2_LIBRARY LibGit2_INCLUDE_DIR
  VERSION_VAR LibGit2_VERSION)
if(LibGit2_FOUND AND NOT TARGET LibGit2::git2)
  # An executable with the property SLUICE_STATIC_LINK takes the archive (cmake/StaticHook.cmake).
  add_library(LibGit2::git2 INTERFACE IMPORTED)
  target_link_libraries(
    LibGit2::git2
    INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${LibGit2_STATIC_LIBRARIES},${LibGit2_LIBRARY}>")
  target_include_directories(LibGit2::git2 SYSTEM INTERFACE "${LibGit2_INCLUDE_DIR}")
endif()
mark_as_advanced(LibGit2_INCLUDE_DIR LibGit2_LIBRARY LibGit2_STATIC_LIBRARY LibGit2_Z_LIBRARY LibGit2_PCRE2_LIBRARY
                 LibGit2_CRYPTO_LIBRARY)
