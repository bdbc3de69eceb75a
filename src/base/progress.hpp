#pragma once

#include "base/heartbeat.hpp"
#include "wquant/error.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// Throws Cancelled if the callback asks to stop.
inline void ask(const ProgressCallback& progress, std::string_view stage, double fraction) {
  if (progress && !progress({stage, fraction}))
    throw Cancelled("cancelled during " + std::string(stage));
}

/// The same within the library, where a Heartbeat may ask again.
inline void report(const ProgressCallback& progress, std::string_view stage, double fraction) {
  if (!progress) return;
  ask(progress, stage, fraction);
  Heartbeat::reported({stage, fraction});
}

}  // namespace wquant
