# The program in PREFIX runs where it was moved to, and makes of a mixture points with a bound.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/run.cmake)
run(${PREFIX}/bin/wquant --version)
expect("${output}" "^wquant ${VERSION}\n$")
run(${PREFIX}/bin/wquant quantize ${SOURCE}/data/plane.json --support 20 --family per-component --json)
expect("${output}" "\"w2\": 0\\.[0-9]+")
