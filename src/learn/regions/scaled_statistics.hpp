#pragma once

#include <cstdint>
#include <vector>

#include "wquant/region_statistics.hpp"

namespace wquant {

/// Counts with the sum `total` in proportion to the masses: differences of rounded cumulative sums.
std::vector<std::int64_t> proportional(const std::vector<double>& mass, std::int64_t total);

/// The statistics of `total` samples that fall as these did: for predictions only.
RegionStatistics scaled(const RegionStatistics& statistics, std::int64_t total);

}  // namespace wquant
