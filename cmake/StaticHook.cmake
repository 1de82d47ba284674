set(SLUICE_NET_STUBS ${CMAKE_CURRENT_LIST_DIR}/../hook/static/net_stubs.c)

# sluice_link_archives(target): links the libraries that have an archive from there, libgit2 without its network code.
# REQUIRES: SLUICE_HOOK_STATIC.
function(sluice_link_archives target)
  set_target_properties(${target} PROPERTIES SLUICE_STATIC_LINK ON)
  target_sources(${target} PRIVATE ${SLUICE_NET_STUBS})
  # The stubs define libgit2's own names, which no header declares.
  set_source_files_properties(${SLUICE_NET_STUBS} PROPERTIES COMPILE_OPTIONS "-Wno-missing-prototypes")
endfunction()

# sluice_link_static_hook(target): links an executable without any shared library, and libgit2 without its network code
# (hook/static/net_stubs.c says how). Loading 19 libraries and parsing the system's certificates is most of the time of
# a dynamically linked hook: 10 ms against 1.1 (benchmarks/hook.sh).
#
# Where an archive is missing, the link fails, or a sanitizer is on, the hook is linked dynamically; the choice is
# printed, and SLUICE_HOOK_STATIC tells the tests.
function(sluice_link_static_hook target)
  set(archives ${Hyperscan_STATIC_LIBRARY} ${RE2_STATIC_LIBRARY} ${MbedCrypto_STATIC_LIBRARY}
               ${LibGit2_STATIC_LIBRARIES})

  set(reason "")
  if(SLUICE_SANITIZE)
    set(reason "a sanitizer is on")
  elseif("${archives}" MATCHES "NOTFOUND")
    set(reason "an archive is missing: ${archives}")
  elseif(NOT DEFINED SLUICE_STATIC_LINK_WORKS)
    try_run(
      run_result compile_result ${CMAKE_BINARY_DIR}/static_hook
      SOURCES ${PROJECT_SOURCE_DIR}/hook/static/try.c ${SLUICE_NET_STUBS}
      LINK_OPTIONS -static
      LINK_LIBRARIES ${LibGit2_STATIC_LIBRARIES}
      COMPILE_OUTPUT_VARIABLE compile_output)
    if(compile_result AND run_result EQUAL 0)
      set(SLUICE_STATIC_LINK_WORKS ON CACHE INTERNAL "libgit2's archive links and runs without its network code")
    else()
      set(SLUICE_STATIC_LINK_WORKS OFF CACHE INTERNAL "libgit2's archive does not link without its network code")
    endif()
  endif()
  if(NOT reason AND NOT SLUICE_STATIC_LINK_WORKS)
    set(reason "this libgit2 does not link or start without its network code")
  endif()

  if(reason)
    set(SLUICE_HOOK_STATIC OFF PARENT_SCOPE)
    message(STATUS "sluice-hook: dynamic: ${reason}")
    return()
  endif()
  set(SLUICE_HOOK_STATIC ON PARENT_SCOPE)
  sluice_link_archives(${target})
  target_link_options(${target} PRIVATE -static -Wl,--gc-sections)
  message(STATUS "sluice-hook: static, without libgit2's network code")
endfunction()
