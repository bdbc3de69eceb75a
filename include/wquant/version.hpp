#pragma once

// The one place where the version stands; CMakeLists.txt reads it from here.
#define WQUANT_VERSION_MAJOR 0
#define WQUANT_VERSION_MINOR 1
#define WQUANT_VERSION_PATCH 0
