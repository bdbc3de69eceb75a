#pragma once

namespace wquant {

/// The unevaluated sum high + low of two doubles, with |low| ≤ ε |high|.
struct DoubleDouble {
  double high = 0;  ///< The sum, rounded to a double.
  double low = 0;   ///< What the rounding left out.
};

}  // namespace wquant
