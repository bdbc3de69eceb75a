#pragma once

#include <cstdint>
#include <vector>

#include "quantize/radial_density.hpp"
#include "quantize/summation.hpp"

namespace wquant {

/// A number known to within ± error.
struct Enclosed {
  double value;
  double error;
  double lower() const { return value - error; }
  double upper() const { return value + error; }
};

/// A sum of enclosed terms; its own rounding is charged by the caller with the terms.
class EnclosedSum {
 public:
  void add(double value, double error) {
    value_ += value;
    error_ += error;
  }
  Enclosed total() const { return {value_.value(), kErrorsOfErrors * error_.value()}; }

 private:
  /// Errors are computed to first order.
  static constexpr double kErrorsOfErrors = 1.01;
  CompensatedSum value_;
  CompensatedSum error_;
};

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
/// remainder, the rounding and what lies beyond support() are in the errors. κ = scale ∈ (0, 1].
/// The shells are those of the midpoints as rounded.
RadialMoments radial_moments(const RadialDensity& density, const std::vector<double>& radii,
                             double scale = 1);

}  // namespace wquant
