# Installs the library in BUILD, builds EXAMPLE against the package's component c in WORK and runs it.
include(${CMAKE_CURRENT_LIST_DIR}/../packaging/run.cmake)

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${WORK}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Release
  -DCMAKE_PREFIX_PATH=${WORK}/prefix -DCONSUMER_SOURCE=${EXAMPLE} -DWQUANT_IS_STATIC=${STATIC})
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
expect("${output}" "within 0\\.[0-9]+ of the mixture")
