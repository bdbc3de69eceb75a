#pragma once

#include <cmath>

#include "base/limits.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Above the exact value of a short expression of non-negative terms whose computed value is x.
inline double round_up(double x) { return x == 0 ? 0 : x * (1 + 16 * kEpsilon); }

/// x in multiples of a power of two; the smallest double where that vanishes, so that what is not
/// zero never becomes it.
inline double in_units_of(double unit, double x) {
  const double multiple = x / unit;
  return multiple == 0 && x != 0 ? std::copysign(kSmallestPositive, x) : multiple;
}

inline double root_sum_squares(double a, double b) { return std::sqrt(a * a + b * b); }

/// ≥ ‖MMᵀ − I‖_F for a matrix whose rows are the directions, rounding included; exactly 0 if they
/// are distinct unit vectors.
double row_orthogonality_error(MatrixView<const double> matrix);
/// The same for columns.
double column_orthogonality_error(MatrixView<const double> matrix);

}  // namespace wquant
