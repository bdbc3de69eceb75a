# cmake --install, and the package that find_package(wquant) finds.
include(CMakePackageConfigHelpers)
set(wquant_package ${CMAKE_INSTALL_LIBDIR}/cmake/wquant)

install(TARGETS wquant EXPORT wquant_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS wquant_c EXPORT wquant_c_targets)
install(DIRECTORY include/wquant DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT wquant_targets NAMESPACE wquant:: DESTINATION ${wquant_package})
install(EXPORT wquant_c_targets NAMESPACE wquant:: DESTINATION ${wquant_package})
if(TARGET wquant_tool)
  install(TARGETS wquant_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# A static library leaves its private dependencies to be linked by its users.
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
  cmake/FindCoinOr.cmake DESTINATION ${wquant_package})
