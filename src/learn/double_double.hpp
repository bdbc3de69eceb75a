#pragma once

#include "common/double_double.hpp"
#include "wquant/region_statistics.hpp"

namespace wquant {

/// a + b, exactly.
inline DoubleDouble two_sum(double a, double b) {
  DoubleDouble out{a, 0};
  add_to_pair(out.high, out.low, b);
  return out;
}

/// The same bits for a + b and b + a.
inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
  const DoubleDouble high = two_sum(a.high, b.high);
  return two_sum(high.high, high.low + (a.low + b.low));
}

}  // namespace wquant
