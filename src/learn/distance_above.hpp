#pragma once

#include <cmath>
#include <cstdint>

#include "learn/outward.hpp"

namespace wquant {

/// ≥ the Euclidean distance that `computed` = (Σ_k (x_k − c_k)²)^{1/2} stands for. Squares below
/// the smallest normal number, of differences below 2⁻⁵¹¹, may have vanished from it.
inline double distance_above(double computed, std::int64_t dimension) {
  return outward(computed, dimension + 4) + std::sqrt(static_cast<double>(dimension)) * 0x1p-511;
}

/// ≥ x^{1/order}, x ≥ 0.
inline double root_above(double x, int order) { return order == 1 ? x : outward(std::sqrt(x), 1); }

/// x^order
inline double power(double x, int order) { return order == 1 ? x : x * x; }

}  // namespace wquant
