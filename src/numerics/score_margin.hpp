#pragma once

#include <cstdint>
#include <limits>

#include "base/host_device.hpp"

namespace wquant {

/// How far a centre must lead by its score ½‖c‖² − x·c to have the least Σ(x − c)² as T evaluates
/// it, where points and centres were shifted by one vector before, all rounded to T and the scores
/// by one fused operation a dimension.
///
/// With u the unit roundoff, X = ‖x‖ and C = max ‖c‖ after the shift, and to first order, the
/// difference of two scores is off by d u (C² + 2 XC) from the fused operations and (d + 1) u C²
/// from the ½‖c‖², that of two squares by 4 u (X + C)² from the shift and 2 (d + 2) u (X + C)² from
/// their own evaluation. Squares differ by twice what scores do, so that a lead of
/// 2 (d + 4) u (X + C)² + (d + 1) u C² ≤ 5 (d + 4) u (X² + C²) decides; 6 in place of 5 covers the
/// second order, and the roundings of X², C² and the margin, as (d + 4) u ≤ 1/128. What underflows
/// is lost by less than the least normal number in each operation.
template <class T>
class ScoreMargin {
 public:
  /// Requires holds(d).
  explicit ScoreMargin(std::int64_t d)
      : factor_(3 * static_cast<T>(d + 4) * std::numeric_limits<T>::epsilon()),
        vanished_(8 * static_cast<T>(d + 4) * std::numeric_limits<T>::min()) {}

  static bool holds(std::int64_t d) {
    return static_cast<T>(d + 4) * std::numeric_limits<T>::epsilon() <= T{1} / 64;
  }

  /// Whether nothing overflows for X² or C² as T evaluates it; false for what is not finite.
  WQUANT_HOST_DEVICE bool representable(T square) const { return square < most_; }

  /// Requires that both be representable.
  WQUANT_HOST_DEVICE T operator()(T point_square, T largest_centre_square) const {
    return factor_ * (point_square + largest_centre_square) + vanished_;
  }

 private:
  T factor_, vanished_;
  T most_ = std::numeric_limits<T>::max() / 64;
};

}  // namespace wquant
