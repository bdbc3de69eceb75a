# Compile options shared by every target of the project, as an interface library that is never exported.
add_library(wquant_options INTERFACE)
# No fused multiply-add behind our back: results must not depend on the instruction set, and the
# error-free transformations in the certificates rely on plain rounding.
target_compile_options(wquant_options INTERFACE
  $<$<COMPILE_LANGUAGE:C,CXX>:-ffp-contract=off;-Wall;-Wextra;-Wpedantic;-Wshadow;-Wconversion;-Wno-sign-conversion>)
# Eigen would share out products as the machine's number of threads has it: the threads are the caller's
# to choose, and the bits must not depend on them.
target_compile_definitions(wquant_options INTERFACE EIGEN_DONT_PARALLELIZE)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms on "literal" + std::string in GCC 12 (GCC bug 105651).
  target_compile_options(wquant_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-restrict>)
endif()
if(WQUANT_DEVELOPER AND NOT DEFINED CMAKE_COMPILE_WARNING_AS_ERROR)
  set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
endif()
if(WQUANT_SANITIZE)
  target_compile_options(wquant_options INTERFACE
    $<$<COMPILE_LANGUAGE:C,CXX>:-fsanitize=${WQUANT_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>)
  target_link_options(wquant_options INTERFACE -fsanitize=${WQUANT_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 misreads std::regex and LEMON's graphs under the address sanitizer.
    target_compile_options(wquant_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wno-maybe-uninitialized>)
  endif()
endif()
if(WQUANT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WQUANT_FUZZ=ON, but the compiler is ${CMAKE_CXX_COMPILER_ID}; libFuzzer comes with clang++")
  endif()
  target_compile_options(wquant_options INTERFACE
    $<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link;-fsanitize-ignorelist=${PROJECT_SOURCE_DIR}/cmake/ubsan_ignore.txt>)
endif()
find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Precompiled headers are looked up by what they hold, which ccache does only if told that this is meant.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
  set(CMAKE_CUDA_COMPILER_LAUNCHER ${CCACHE})
endif()
