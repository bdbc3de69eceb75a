#pragma once

namespace wquant {

/// An unevaluated sum high + low of doubles, |low| ≤ ε |high|.
struct DoubleDouble {
  double high = 0;  ///< the sum, rounded to a double.
  double low = 0;   ///< the rest of it.
};

}  // namespace wquant
