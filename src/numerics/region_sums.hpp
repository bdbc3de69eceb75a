#pragma once

#include <cstdint>

#include "base/double_double.hpp"
#include "base/host_device.hpp"

namespace wquant {

/// Σ Z and Σ Z² of one region, as pairs, over one part of the points. To be compiled without fused
/// operations.
struct RegionSums {
  std::int64_t count = 0;
  double sum_high = 0, sum_low = 0, square_high = 0, square_low = 0;
  double farthest_square = 0;

  WQUANT_HOST_DEVICE void add(double square, double z) {
    ++count;
    if (farthest_square < square) farthest_square = square;
    add_to_pair(sum_high, sum_low, z);
    add_to_pair(square_high, square_low, z * z);
  }
  WQUANT_HOST_DEVICE void add(const RegionSums& other) {
    count += other.count;
    if (farthest_square < other.farthest_square) farthest_square = other.farthest_square;
    add_to_pair(sum_high, sum_low, other.sum_high);
    sum_low += other.sum_low;
    add_to_pair(square_high, square_low, other.square_high);
    square_low += other.square_low;
  }
};

}  // namespace wquant
