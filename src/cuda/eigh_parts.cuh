#pragma once

#include <cmath>

namespace wquant {

/// The power of two of the order of a matrix's largest entry. In such units neither squares nor
/// rotations overflow, and nothing vanishes that counts.
struct Unit {
  double value;
  double inverse;
};

__device__ inline Unit unit_of(double largest) {
  const int exponent = largest > 0 ? min(max(ilogb(largest), -1000), 1000) : 0;
  return {ldexp(1.0, exponent), ldexp(1.0, -exponent)};
}

/// Whether eigenvalue j precedes eigenvalue k: descending, ties in their order.
__device__ inline bool precedes(double value_j, int j, double value_k, int k) {
  return value_j > value_k || (value_j == value_k && j < k);
}

}  // namespace wquant
