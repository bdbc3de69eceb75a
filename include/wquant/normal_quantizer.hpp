#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// An n-point quantiser of Z ~ N(0,1).
struct NormalQuantizer {
  std::vector<double> points;  ///< n, ascending.
  std::vector<double> masses;  ///< n: of the Voronoi cells.
  double distortion = 1;       ///< E(Z − nearest point)², rounded up.
};

/// The optimal n-point quantiser of N(0,1) (quantization.md §2): each point is the mean of its
/// cell, found by Newton's method. Above n = 10⁴ the companding quantiser (quantiles of N(0,3))
/// with its own distortion. Quantisers up to n = 10⁴ are cached; safe to call from any thread.
/// Throws InvalidArgument for n < 1 or n > 10⁹.
WQUANT_API std::shared_ptr<const NormalQuantizer> normal_quantizer(std::int64_t n);

/// e(n), the distortion of the optimal n-point quantiser of N(0,1): computed for n ≤ 256 and
/// by an asymptotic series of relative error below 1e-6 beyond, for searches only — a
/// certificate always uses the distortion of the points themselves.
/// Throws InvalidArgument for n < 1.
WQUANT_API double normal_distortion(std::int64_t n);

}  // namespace wquant
