#pragma once

#include <vector>

#include "quantize/crosses/enclosed.hpp"
#include "quantize/crosses/radial_density.hpp"

namespace wquant {

/// What a density f puts into one shell (a, b) with the radius r: ∫ f, ∫ (κt − r) f, ∫ (κt − r)² f.
struct ShellMoments {
  Enclosed mass;
  Enclosed offset;
  Enclosed square;
};

/// Shells bounded by the midpoints of ascending radii ≥ 0, and over all of (0, ∞): ∫ t f, ∫ t² f.
struct RadialMoments {
  std::vector<ShellMoments> shells;
  Enclosed first;
  Enclosed second;
};

/// Every error is proven but for the stated accuracy of erf, exp and the like: Gauss–Legendre on
/// panels that are split until gauss_remainder is negligible beside what the panel holds; the
/// remainder, the rounding and what lies beyond range() are in the errors. κ = scale ∈ (0, 1].
/// The shells are those of the midpoints as rounded.
RadialMoments radial_moments(const RadialDensity& density, const std::vector<double>& radii,
                             double scale = 1);

}  // namespace wquant
