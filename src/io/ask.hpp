#pragma once

#include <string>

#include "wquant/error.hpp"
#include "wquant/progress.hpp"

namespace wquant::io {

/// Asks a callback, which may be empty, whether to go on. Throws Cancelled if not.
inline void ask(const ProgressCallback& progress, std::string_view stage, double fraction) {
  if (progress && !progress({stage, fraction}))
    throw Cancelled("cancelled during " + std::string(stage));
}

}  // namespace wquant::io
