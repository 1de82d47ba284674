# LibYaml::yaml: reads the files of lefthook and the pre-commit framework, which themselves read by it or a port of it;
# its parser gives events and does not recurse, as that of yaml-cpp does on hostile nesting.
find_path(LibYaml_INCLUDE_DIR yaml.h)
find_library(LibYaml_LIBRARY yaml)
find_library(LibYaml_STATIC_LIBRARY NAMES libyaml.a yaml)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibYaml REQUIRED_VARS LibYaml_LIBRARY LibYaml_INCLUDE_DIR)
if(LibYaml_FOUND AND NOT TARGET LibYaml::yaml)
  # An executable with the property SLUICE_STATIC_LINK takes the archive, where there is one (cmake/StaticHook.cmake).
  add_library(LibYaml::yaml INTERFACE IMPORTED)
  target_link_libraries(
    LibYaml::yaml
    INTERFACE "$<IF:$<BOOL:$<TARGET_PROPERTY:SLUICE_STATIC_LINK>>,${LibYaml_STATIC_LIBRARY},${LibYaml_LIBRARY}>")
  target_include_directories(LibYaml::yaml SYSTEM INTERFACE "${LibYaml_INCLUDE_DIR}")
endif()
mark_as_advanced(LibYaml_INCLUDE_DIR LibYaml_LIBRARY LibYaml_STATIC_LIBRARY)
