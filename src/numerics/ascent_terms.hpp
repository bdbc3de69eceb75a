#pragma once

#include "backend/backend.hpp"
#include "numerics/cholesky.hpp"

namespace wquant {

/// A − Σ r_i (g_i − g)(g_i − g)ᵀ counts as positive definite if its pivots exceed this fraction of
/// its diagonal.
inline constexpr double kLeastPivot = 1e-10;

/// ≥ l_i(x) for every component i of block b: none is nearer than the box of the means, and none
/// falls off more slowly than along the largest deviation.
WQUANT_HOST_DEVICE inline double block_bound(const AscentMixture& mixture, std::int64_t b,
                                             const double* x) {
  const double* const lower = mixture.lower.data + b * mixture.lower.row_stride;
  const double* const upper = mixture.upper.data + b * mixture.upper.row_stride;
  double square = 0;
  for (std::int64_t k = 0; k < mixture.lower.cols; ++k) {
    const double below = lower[k] - x[k];
    const double above = x[k] - upper[k];
    const double off = below > 0 ? below : above > 0 ? above : 0;
    square += off * off;
  }
  const double deviation = mixture.block_deviations.data[b];
  return mixture.block_log_factors.data[b] - square / (2 * deviation * deviation);
}

}  // namespace wquant
