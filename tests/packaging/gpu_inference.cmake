# Installs BUILD, builds examples/gpu_inference against the package in WORK and runs it: on a machine
# without a GPU it must end with status 3 and say why.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(failed)
    message(FATAL_ERROR "failed: ${ARGN}\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE}/examples/gpu_inference -B ${WORK}/build -G ${GENERATOR}
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/build)
execute_process(COMMAND ${WORK}/build/gpu_inference RESULT_VARIABLE status OUTPUT_VARIABLE output
  ERROR_VARIABLE error)
if(status EQUAL 0 AND output MATCHES "24 of 24 bounds hold")
  message(STATUS "ran on a GPU")
elseif(status EQUAL 3 AND error MATCHES "cuda: no usable device: ")
  message(STATUS "no GPU: ${error}")
else()
  message(FATAL_ERROR "status ${status}\n${output}${error}")
endif()
