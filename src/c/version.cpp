#include "wquant/version.hpp"

#include "wquant/wquant.h"

#define WQUANT_TEXT(number) #number
#define WQUANT_VERSION_TEXT(major, minor, patch) \
  WQUANT_TEXT(major) "." WQUANT_TEXT(minor) "." WQUANT_TEXT(patch)

const char* wquant_version(void) {
  return WQUANT_VERSION_TEXT(WQUANT_VERSION_MAJOR, WQUANT_VERSION_MINOR, WQUANT_VERSION_PATCH);
}
