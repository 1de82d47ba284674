# LibGit2::git2
find_package(PkgConfig QUIET)
pkg_check_modules(PC_GIT2 QUIET libgit2)
find_path(LibGit2_INCLUDE_DIR git2.h HINTS ${PC_GIT2_INCLUDE_DIRS})
find_library(LibGit2_LIBRARY git2 HINTS ${PC_GIT2_LIBRARY_DIRS})
find_library(LibGit2_STATIC_LIBRARY libgit2.a HINTS ${PC_GIT2_LIBRARY_DIRS})
set(LibGit2_VERSION ${PC_GIT2_VERSION})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  LibGit2
  REQUIRED_VARS LibGit2_LIBRARY LibGit2_INCLUDE_DIR
  VERSION_VAR LibGit2_VERSION)
if(LibGit2_FOUND AND NOT TARGET LibGit2::git2)
  add_library(LibGit2::git2 UNKNOWN IMPORTED)
  set_target_properties(LibGit2::git2 PROPERTIES IMPORTED_LOCATION "${LibGit2_LIBRARY}"
                                                 INTERFACE_INCLUDE_DIRECTORIES "${LibGit2_INCLUDE_DIR}")
endif()
mark_as_advanced(LibGit2_INCLUDE_DIR LibGit2_LIBRARY LibGit2_STATIC_LIBRARY)
