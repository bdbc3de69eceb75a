# Every public header compiles by itself with a plain C++20 compiler, every warning an error; wquant.h also as C.
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
foreach(standard c99 c11 c17 c++11 c++20)
  set(language c)
  set(compiler ${C_COMPILER})
  if(standard MATCHES "\\+")
    set(language c++)
    set(compiler ${COMPILER})
  endif()
  execute_process(
    COMMAND ${compiler} -std=${standard} -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -fsyntax-only
            -I${INCLUDE} -include wquant/wquant.h -x ${language} /dev/null
    RESULT_VARIABLE failed ERROR_VARIABLE message)
  if(failed)
    message(SEND_ERROR "wquant.h as ${standard}: ${message}")
  endif()
endforeach()
