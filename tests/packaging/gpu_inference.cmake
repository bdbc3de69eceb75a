# Builds examples/gpu_inference in WORK against the package in PREFIX and runs it: on a machine without a GPU it must
# end with status 3 and say why.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} -S ${SOURCE}/examples/gpu_inference -B ${WORK} ${OPTIONS} -DCMAKE_PREFIX_PATH=${PREFIX})
run(${CMAKE_COMMAND} --build ${WORK})
execute_process(COMMAND ${WORK}/gpu_inference RESULT_VARIABLE status OUTPUT_VARIABLE output
  ERROR_VARIABLE error)
if(status EQUAL 0 AND output MATCHES "24 of 24 bounds hold")
  message(STATUS "ran on a GPU")
elseif(status EQUAL 3 AND error MATCHES "cuda: no usable device: ")
  message(STATUS "no GPU: ${error}")
else()
  message(FATAL_ERROR "status ${status}\n${output}${error}")
endif()
