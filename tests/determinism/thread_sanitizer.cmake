# Builds the determinism tests by the preset tsan and runs the one with eight contexts in eight threads.
# cmake -DSOURCE=… -P thread_sanitizer.cmake
function(run)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGN}")
  endif()
endfunction()

cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
run(${CMAKE_COMMAND} --preset tsan)
run(${CMAKE_COMMAND} --build --preset tsan --target determinism_tests --parallel ${cores})
run(${CMAKE_CTEST_COMMAND} --preset tsan -R ^Contexts --no-tests=error)
