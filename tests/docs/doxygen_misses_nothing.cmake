# doxygen.cmake complains of every symbol in undocumented.hpp that is not documented, and of nothing that is.
cmake_minimum_required(VERSION 3.25)
execute_process(
  COMMAND ${CMAKE_COMMAND} -DDOXYGEN=${DOXYGEN} -DDOXYFILE=${DOXYFILE} -DWORK=${WORK} -DEXTRA=${HEADER} -P ${SCRIPT}
  RESULT_VARIABLE result ERROR_VARIABLE complaint)
if(result EQUAL 0)
  message(FATAL_ERROR "No complaint of ${HEADER}")
endif()
foreach(symbol WQUANT_SILENT_MACRO SilentStruct silent_member silent_enumerator silent_overload silent_c_function)
  if(NOT complaint MATCHES "${symbol}[^\n]*not documented")
    message(FATAL_ERROR "No complaint of ${symbol}:\n${complaint}")
  endif()
endforeach()
if(complaint MATCHES "spoken_member|loud_enumerator|int spoken")
  message(FATAL_ERROR "A complaint of what is documented:\n${complaint}")
endif()
