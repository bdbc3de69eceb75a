#pragma once

#include "backend/heartbeat.hpp"
#include "wquant/error.hpp"
#include "wquant/progress.hpp"

namespace wquant {

/// Throws Cancelled if the callback asks to stop.
inline void report(const ProgressCallback& progress, std::string_view stage, double fraction) {
  if (!progress) return;
  if (!progress({stage, fraction})) throw Cancelled("cancelled during " + std::string(stage));
  Heartbeat::reported({stage, fraction});
}

}  // namespace wquant
