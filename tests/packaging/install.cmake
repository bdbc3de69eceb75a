# Builds the library in BUILD with OPTIONS, if there are any, installs it into an empty prefix and moves that to WORK:
# whoever finds it there finds it by no path of its own.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
if(OPTIONS)
  run(${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} ${OPTIONS})
  run(${CMAKE_COMMAND} --build ${BUILD})
endif()
file(REMOVE_RECURSE ${WORK} ${WORK}.first)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}.first)
file(RENAME ${WORK}.first ${WORK})
