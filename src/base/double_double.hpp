#pragma once

#include "base/host_device.hpp"
#include "wquant/double_double.hpp"

namespace wquant {

/// high + low += x, exactly but for the rounding of low (Knuth's TwoSum; Møller, 1965).
WQUANT_HOST_DEVICE inline void add_to_pair(double& high, double& low, double x) {
  const double sum = high + x;
  const double part = sum - high;
  low += (high - (sum - part)) + (x - part);
  high = sum;
}

/// The same value with |low| ≤ ε |high|.
WQUANT_HOST_DEVICE inline void normalise_pair(double& high, double& low) {
  const double carried = low;
  low = 0;
  add_to_pair(high, low, carried);
}

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
