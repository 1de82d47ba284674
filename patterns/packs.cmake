# The default rule packs, in the order in which `sluice rules list` shows them.
file(GLOB SLUICE_PACKS CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/secrets/*.toml)
list(PREPEND SLUICE_PACKS ${CMAKE_CURRENT_LIST_DIR}/lists.toml)
