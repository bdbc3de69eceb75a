#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// A quantiser of Z ~ N(0,1) with n points.
struct NormalQuantizer {
  std::vector<double> points;  ///< The n points, ascending.
  std::vector<double> masses;  ///< The n probabilities of the points' Voronoi cells.
  double distortion = 1;       ///< E(Z − nearest point)², rounded up.
};

/// The optimal quantiser of N(0,1) with n points (quantization.md §2): each point is the mean of
/// its cell, found by Newton's method. Above n = 10⁴ it is the companding quantiser (quantiles of
/// N(0,3)) with its own distortion. Quantisers up to n = 10⁴ are cached; any thread may call this.
/// Throws InvalidArgument for n < 1 or n > 10⁹.
WQUANT_API std::shared_ptr<const NormalQuantizer> normal_quantizer(std::int64_t n);

/// The distortion e(n) of the optimal quantiser of N(0,1) with n points. It is computed for n ≤
/// 256, and beyond that approximated by an asymptotic series with a relative error below 1e-6. It
/// serves searches only: a certificate always uses the distortion of the points themselves. Throws
/// InvalidArgument for n < 1.
WQUANT_API double normal_distortion(std::int64_t n);

}  // namespace wquant
