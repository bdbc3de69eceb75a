# cmake --install, and what find_package(wquant) and pkg-config find. The components are Debian's packages.
include(CMakePackageConfigHelpers)
set(wquant_package ${CMAKE_INSTALL_LIBDIR}/cmake/wquant)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME wquant_development)

install(TARGETS wquant EXPORT wquant_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT wquant_runtime NAMELINK_COMPONENT wquant_development)
install(TARGETS wquant_c EXPORT wquant_c_targets)
install(DIRECTORY include/wquant DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT wquant_targets NAMESPACE wquant:: DESTINATION ${wquant_package})
install(EXPORT wquant_c_targets NAMESPACE wquant:: DESTINATION ${wquant_package})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/wquant COMPONENT wquant_licence)

# A static library leaves its private dependencies to be linked by its users, a shared one nothing.
get_target_property(wquant_library_type wquant TYPE)
set(wquant_is_static OFF)
if(wquant_library_type STREQUAL "STATIC_LIBRARY")
  set(wquant_is_static ON)
endif()
configure_package_config_file(cmake/wquant-config.cmake.in ${PROJECT_BINARY_DIR}/wquant-config.cmake
  INSTALL_DESTINATION ${wquant_package})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/wquant-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/wquant-config.cmake ${PROJECT_BINARY_DIR}/wquant-config-version.cmake
  DESTINATION ${wquant_package})
if(wquant_is_static)
  install(FILES cmake/FindCoinOr.cmake DESTINATION ${wquant_package})
endif()
include(cmake/pkg_config.cmake)

if(TARGET wquant_tool)
  install(TARGETS wquant_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT wquant_tool)
  if(NOT wquant_is_static)
    # The program finds its library wherever the prefix is moved to.
    file(RELATIVE_PATH wquant_library_folder ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
    set_target_properties(wquant_tool PROPERTIES INSTALL_RPATH "$ORIGIN/${wquant_library_folder}")
  endif()
endif()
