#pragma once

#include <string>

#include "wquant/progress.hpp"
#include "wquant/wquant.h"

namespace wquant::c {

/// A caller's callback for the library. An exception of a callback in C++ must not pass through the
/// code of others: it counts as false.
inline ProgressCallback progress_callback(wquant_progress_callback callback, void* data) {
  if (!callback) return {};
  return [callback, data](const Progress& progress) {
    const std::string stage(progress.stage);
    try {
      return callback(stage.c_str(), progress.fraction, data);
    } catch (...) {
      return false;
    }
  };
}

}  // namespace wquant::c
