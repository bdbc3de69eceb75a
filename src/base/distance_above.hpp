#pragma once

#include <cmath>
#include <cstdint>

#include "base/outward.hpp"

namespace wquant {

/// ≥ the Euclidean distance that `computed` = (Σ_k (x_k − c_k)²)^{1/2} stands for. Each square
/// below the smallest normal number may be off by 2⁻¹⁰⁷⁵, which its root feels. Also ≥ the distance
/// of any point that lies in a ball of radius `computed` by the computed distance.
inline double distance_above(double computed, std::int64_t dimension) {
  const auto d = static_cast<double>(dimension);
  return outward(outward(computed, dimension + 4) + std::sqrt(d + 1) * 0x1p-537, 1);
}

/// ≥ x^{1/order}, x ≥ 0.
inline double root_above(double x, int order) { return order == 1 ? x : outward(std::sqrt(x), 1); }

/// x^order
inline double power(double x, int order) { return order == 1 ? x : x * x; }

}  // namespace wquant
