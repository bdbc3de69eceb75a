#pragma once

#include "backend/host_device.hpp"

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

}  // namespace wquant
