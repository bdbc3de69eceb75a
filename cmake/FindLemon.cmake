# LEMON's headers (Debian's liblemon-dev), as the target Lemon::headers.
include(FindPackageHandleStandardArgs)
find_path(Lemon_INCLUDE_DIR NAMES lemon/network_simplex.h)
find_package_handle_standard_args(Lemon REQUIRED_VARS Lemon_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install liblemon-dev")
mark_as_advanced(Lemon_INCLUDE_DIR)

if(Lemon_FOUND AND NOT TARGET Lemon::headers)
  add_library(Lemon::headers INTERFACE IMPORTED)
  set_target_properties(Lemon::headers PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${Lemon_INCLUDE_DIR}")
endif()
