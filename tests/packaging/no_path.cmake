# No file in PREFIX, but those that match EXCEPT, names a folder where it was made.
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(GLOB_RECURSE files ${PREFIX}/*)
if(EXCEPT)
  list(FILTER files EXCLUDE REGEX "${EXCEPT}")
endif()
if(NOT files MATCHES "wquant-config\\.cmake" OR NOT files MATCHES "wquant\\.pc")
  message(FATAL_ERROR "there is no package in ${PREFIX}: ${files}")
endif()
execute_process(COMMAND grep -F -l -e ${SOURCE} -e ${BUILD} -e ${PREFIX} ${files}
  RESULT_VARIABLE status OUTPUT_VARIABLE naming)
if(NOT status EQUAL 1)
  message(FATAL_ERROR "a folder of the build (${SOURCE}, ${BUILD}, ${PREFIX}) is named in\n${naming}")
endif()
