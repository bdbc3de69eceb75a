#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "wquant/partition.hpp"
#include "wquant/region_statistics.hpp"

namespace wquant::test {

RegionStatistics empty_statistics(const Partition& partition, int order);

/// Σ Z and Σ Z² of `total` numbers with this mean and variance (divisor total − 1).
void set_moments(RegionStatistics& statistics, std::size_t region, double mean, double variance,
                 double total);

/// Counts of `total` independent draws from p.
std::vector<std::int64_t> multinomial(const std::vector<double>& p, std::int64_t total,
                                      std::mt19937_64& engine);

}  // namespace wquant::test
