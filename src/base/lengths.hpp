#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "base/limits.hpp"
#include "base/summation.hpp"
#include "base/upper.hpp"
#include "wquant/view.hpp"

namespace wquant {

double largest_magnitude(MatrixView<const double> values);

/// A power of two of the order of the largest length, 1 for 0: in multiples of it no square
/// overflows, and none vanishes that matters.
double power_of_two_unit(double largest);
inline double power_of_two_unit(MatrixView<const double> values) {
  return power_of_two_unit(largest_magnitude(values));
}

/// x in multiples of a power of two; the smallest double where that vanishes, so that what is not
/// zero never becomes it.
inline double in_units_of(double unit, double x) {
  const double multiple = x / unit;
  return multiple == 0 && x != 0 ? std::copysign(kSmallestPositive, x) : multiple;
}

/// Throws InvalidArgument for an entry beyond kLargestLength.
void require_lengths(const std::string& name, MatrixView<const double> values);

/// (Σ w ‖a − b‖² / Σ w)^{1/2}, for weights with sum about 1.
class RootMeanSquare {
 public:
  /// Vectors of `dimension` entries, the largest of them of the order of `unit`.
  RootMeanSquare(std::int64_t dimension, double unit) : dimension_(dimension), unit_(unit) {}

  void add(double weight, const double* a, const double* b);
  /// b = 0.
  void add(double weight, const double* a);

  /// Exactly 0 if no difference of positive weight was.
  Upper above(double total_weight) const;

 private:
  void add_square(double weight, double square, bool zero);

  std::int64_t dimension_;
  double unit_;
  std::int64_t terms_ = 0;  // those that are not zero
  CompensatedSum sum_;
};

/// ≥ (Σ_a p_a ‖x_a − mean‖²)^{1/2} for the normalised probabilities and a mean that need not be
/// exact. Host memory.
Upper spread_above(MatrixView<const double> points, VectorView<const double> probabilities);

}  // namespace wquant
