# cpack: Debian's packages libwquant0.1, libwquant-dev and wquant, from a build of the shared library and the
# tool (the preset `debian`). The name of the first holds the SOVERSION, so that two may be installed at once.
if(wquant_is_static OR NOT TARGET wquant_tool)
  return()
endif()
get_target_property(wquant_soversion wquant SOVERSION)
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT "wquant maintainers <maintainers@wquant.invalid>" CACHE STRING
  "Maintainer of the Debian packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL wquant_development wquant_runtime wquant_tool)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SOURCE wquant)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

# Dependencies are those of the binaries, and each other in the same version.
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/src)
set(CPACK_COMPONENT_WQUANT_DEVELOPMENT_DEPENDS wquant_runtime)
set(CPACK_COMPONENT_WQUANT_TOOL_DEPENDS wquant_runtime)

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own first line
set(about "wquant turns Gaussian mixtures, and unknown distributions given by samples,
into weighted points with a bound on their Wasserstein distance that is never
too small, floating-point rounding included.

This package contains")
set(CPACK_DEBIAN_WQUANT_DEVELOPMENT_PACKAGE_NAME libwquant-dev)
set(CPACK_DEBIAN_WQUANT_DEVELOPMENT_PACKAGE_RECOMMENDS libdlpack-dev)  # for wquant.h
set(CPACK_DEBIAN_WQUANT_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_WQUANT_DEVELOPMENT_DESCRIPTION
  "certified quantisation of distributions (development files)
${about} the headers, and the library's descriptions for CMake and pkg-config.")
set(CPACK_DEBIAN_WQUANT_RUNTIME_PACKAGE_NAME libwquant${wquant_soversion})
set(CPACK_DEBIAN_WQUANT_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_WQUANT_RUNTIME_DESCRIPTION
  "certified quantisation of distributions (shared library)
${about} the library that programs load.")
set(CPACK_DEBIAN_WQUANT_TOOL_PACKAGE_NAME wquant)
set(CPACK_DEBIAN_WQUANT_TOOL_PACKAGE_SECTION math)
set(CPACK_COMPONENT_WQUANT_TOOL_DESCRIPTION
  "certified quantisation of distributions (command-line program)
${about} the program wquant, which reads and writes files.")

# Where Debian looks for the licence; not part of cmake --install.
foreach(component ${CPACK_COMPONENTS_ALL})
  string(TOUPPER ${component} upper)
  install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}
    COMPONENT ${component} EXCLUDE_FROM_ALL)
endforeach()
include(CPack)
