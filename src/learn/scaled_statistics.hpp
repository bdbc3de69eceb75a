#pragma once

#include <cstdint>

#include "wquant/region_statistics.hpp"

namespace wquant {

/// The statistics of `total` samples that fall as these did: for predictions only.
RegionStatistics scaled(const RegionStatistics& statistics, std::int64_t total);

}  // namespace wquant
