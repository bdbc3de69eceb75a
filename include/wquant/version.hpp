#pragma once

// The one place where the version stands; CMakeLists.txt reads it from here.
#define WQUANT_VERSION_MAJOR 0  ///< rises with changes that break programs.
#define WQUANT_VERSION_MINOR 1  ///< rises with additions.
#define WQUANT_VERSION_PATCH 0  ///< rises with corrections.
