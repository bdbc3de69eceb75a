# COIN-OR CLP and CBC, as Debian's coinor-libclp-dev and coinor-libcbc-dev lay them out: the target
# CoinOr::Cbc holds both with all that they need themselves.
include(FindPackageHandleStandardArgs)
find_path(CoinOr_INCLUDE_DIR NAMES coin/CbcModel.hpp)
find_path(CoinOr_CLP_INCLUDE_DIR NAMES coin/ClpSimplex.hpp)
set(CoinOr_parts Cbc Cgl OsiClp Clp Osi CoinUtils)
set(CoinOr_variables CoinOr_INCLUDE_DIR CoinOr_CLP_INCLUDE_DIR)
foreach(part ${CoinOr_parts})
  find_library(CoinOr_${part}_LIBRARY NAMES ${part})
  list(APPEND CoinOr_variables CoinOr_${part}_LIBRARY)
endforeach()
find_package_handle_standard_args(CoinOr REQUIRED_VARS ${CoinOr_variables}
  REASON_FAILURE_MESSAGE "install coinor-libclp-dev and coinor-libcbc-dev")
mark_as_advanced(${CoinOr_variables})

if(CoinOr_FOUND AND NOT TARGET CoinOr::Cbc)
  add_library(CoinOr::Cbc INTERFACE IMPORTED)
  set_target_properties(CoinOr::Cbc PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${CoinOr_INCLUDE_DIR}")
  foreach(part ${CoinOr_parts})
    set_property(TARGET CoinOr::Cbc APPEND PROPERTY INTERFACE_LINK_LIBRARIES "${CoinOr_${part}_LIBRARY}")
  endforeach()
endif()
