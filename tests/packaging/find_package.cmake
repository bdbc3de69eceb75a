# Builds the consumer in WORK against the package in PREFIX and runs it, where of all that wquant is built from only
# NEEDED may be found; then without each of NEEDED in turn, when configuring must fail.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
set(packages Boost CLI11 CUDAToolkit CoinOr Eigen3 Lemon OpenMP fmt nlohmann_json)
set(disabled "")
foreach(package ${packages})
  if(package IN_LIST NEEDED)
    list(APPEND disabled -DCMAKE_DISABLE_FIND_PACKAGE_${package}=OFF)
  else()
    list(APPEND disabled -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
  endif()
endforeach()
file(REMOVE_RECURSE ${WORK})
set(configure ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK} ${OPTIONS}
  -DCONSUMER_SOURCE=${SOURCE}/examples/readme.cpp -DCMAKE_PREFIX_PATH=${PREFIX} ${disabled})
run(${configure})
run(${CMAKE_COMMAND} --build ${WORK})
run(${WORK}/consumer)
expect("${output}" "within 0\\.[0-9]+ of the mixture")

foreach(package ${NEEDED})
  execute_process(COMMAND ${configure} -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE error)
  if(NOT failed)
    message(FATAL_ERROR "wquant's package is found without ${package}, which it is said to need")
  endif()
  expect("${error}" "${package}")
endforeach()

# Another minor version is another interface.
foreach(version 0.0 0.2 1.0)
  execute_process(COMMAND ${configure} -DWQUANT_WANTED=${version}
    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE error)
  if(NOT failed)
    message(FATAL_ERROR "version ${VERSION} passes for ${version}")
  endif()
  expect("${error}" "requested version \"${version}\"")
endforeach()
