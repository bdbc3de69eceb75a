#pragma once

// The one place where the version stands; CMakeLists.txt reads it from here.
#define WQUANT_VERSION_MAJOR 0  ///< Rises with changes that break programs.
#define WQUANT_VERSION_MINOR 1  ///< Rises with additions.
#define WQUANT_VERSION_PATCH 0  ///< Rises with corrections.
