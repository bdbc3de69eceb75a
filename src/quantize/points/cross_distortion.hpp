#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "quantize/crosses/cross_shells.hpp"
#include "wquant/cross.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Crosses with more radii than this gain nothing that is worth a point.
inline constexpr std::int64_t kMostRadii = 4096;

/// What the radii of a cross in R^n bound for N(0, I_n); kept for the next call with the same ones.
std::shared_ptr<const CrossShells> shells_of(std::int64_t n, const std::vector<double>& radii,
                                             Cross::Shells kind);

/// The distortion a cross in R^n with m optimal radii leaves a dimension, E‖Z − point‖² / n, and
/// its limit for m → ∞, 1 − E[M²]/n: for searches only. Computed where m is a power of two, between
/// them by the law (m + a)⁻² that the distance from the limit follows; kept.
double cross_distortion(std::int64_t n, std::int64_t m);
double cross_distortion_limit(std::int64_t n);

/// Axes and radii of a cross.
struct CrossShape {
  std::int64_t axes = 0;  ///< 0: one point does as well.
  std::int64_t radii = 0;
  std::int64_t size() const { return axes == 0 ? 1 : 2 * axes * radii; }
};

/// The optimal radii of a shape with axes; kept.
std::shared_ptr<const std::vector<double>> optimal_radii_of(const CrossShape& shape);

/// The shape of at most `budget` points with the least Σ_active λ_k f(n, m) + Σ_inactive λ_k, over
/// all m and the n of a grid of step 1 up to 16 and of 12 % beyond, or with `active` axes if that
/// is not 0 (never more than there are positive variances). Any order of the variances.
CrossShape best_cross_shape(VectorView<const double> variances, std::int64_t budget,
                            std::int64_t active);

/// That least distortion for budgets n = 0 … largest (entry 0 is unused).
std::vector<double> cross_distortions(VectorView<const double> variances, std::int64_t largest,
                                      std::int64_t active);

/// Below what any cross of at most `budget` points leaves of these variances.
double cross_lower_bound(VectorView<const double> variances, std::int64_t budget,
                         std::int64_t active);

}  // namespace wquant
