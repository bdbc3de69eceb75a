# Every public header compiles by itself with a plain C++20 compiler, every warning an error.
foreach(header ${HEADERS})
  get_filename_component(name ${header} NAME)
  execute_process(
    COMMAND ${COMPILER} -std=c++20 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
            -fsyntax-only -I${INCLUDE} -include wquant/${name} -x c++ /dev/null
    RESULT_VARIABLE failed ERROR_VARIABLE message)
  if(failed)
    message(SEND_ERROR "${header}: ${message}")
  endif()
endforeach()
