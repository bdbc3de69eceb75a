#pragma once

#include <cmath>
#include <cstdint>

#include "base/outward.hpp"

namespace wquant {

/// An upper bound on the Euclidean distance for which (Σ_k (x_k − c_k)²)^{1/2} was evaluated as
/// `computed`. A square below the smallest normal number may be off by 2⁻¹⁰⁷⁵, and d of
/// them move the root by less than √(d + 1) 2⁻⁵³⁷. The result is also an upper bound on the
/// distance of every point whose computed distance puts it into a ball of radius `computed`.
inline double distance_above(double computed, std::int64_t dimension) {
  const auto d = static_cast<double>(dimension);
  return outward(outward(computed, dimension + 4) + std::sqrt(d + 1) * 0x1p-537, 1);
}

/// An upper bound on x^{1/order}, for x ≥ 0.
inline double root_above(double x, int order) { return order == 1 ? x : outward(std::sqrt(x), 1); }

/// x^order, rounded to nearest.
inline double power(double x, int order) { return order == 1 ? x : x * x; }

}  // namespace wquant
