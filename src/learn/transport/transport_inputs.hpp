#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/upper.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {

/// Most mass that a region may gain and lose, rounded upwards; 0 where it may not.
struct Capacities {
  std::vector<double> source;  // a_i
  std::vector<double> sink;    // b_j
};

/// What the program of Theorem 3.1 is made of (design/learning.md A4). Any costs above the suprema
/// that they stand for keep the bound valid; these are rounded so that a check in higher precision
/// finds no larger gain: c_ij upwards, and c_jj downwards where it is subtracted.
struct TransportInputs {
  std::int64_t regions = 0;
  std::vector<double> probabilities;  // p̂, rounded to nearest
  ProbabilityBox limits;
  Capacities capacities;
  std::vector<double> gains;  // M × M, g_ij = c_ij − c_jj; the diagonal is 0 and means nothing
  std::vector<double> own;    // M, c_ii rounded upwards
  Upper base;                 // Σ p̂_i c_ii
};

/// Throws InvalidArgument, OutOfMemory.
TransportInputs transport_inputs(const Context& context, const Partition& partition,
                                 const RegionStatistics& statistics,
                                 const TransportOptions& options);

/// "" if the statistics can be those of samples in the partition's regions, else what is wrong.
std::string statistics_defect(const Partition& partition, const RegionStatistics& statistics);

/// Σ weights_i values_i of numbers ≥ 0; each weight may have one rounding of its own.
Upper weighted_sum(const std::vector<double>& weights, const std::vector<double>& values);
/// Σ values_i of numbers ≥ 0.
Upper sum_above(const std::vector<double>& values);

}  // namespace wquant
