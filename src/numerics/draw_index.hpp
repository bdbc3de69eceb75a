#pragma once

#include "backend/backend.hpp"
#include "base/host_device.hpp"

namespace wquant {

/// The first i with u < cumulative[i], by the indexed search of Chen & Asau (On generating random
/// variates from an empirical distribution, 1974).
WQUANT_HOST_DEVICE inline std::int64_t draw_index(const CumulativeTable& table, double u) {
  const auto bucket = static_cast<std::int64_t>(u * static_cast<double>(table.guide.size));
  std::int64_t i = table.guide.data[bucket];
  while (u >= table.cumulative.data[i]) ++i;
  return i;
}

}  // namespace wquant
