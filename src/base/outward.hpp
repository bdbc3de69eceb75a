#pragma once

#include <cstdint>

#include "base/limits.hpp"

namespace wquant {

/// An upper bound on the exact value of x ≥ 0 that came of at most `operations` rounded operations,
/// none of which cancelled: each errs by ε / 2 relative or by a subnormal.
inline double outward(double x, std::int64_t operations) {
  const auto n = static_cast<double>(operations + 2);
  return x * (1 + n * kEpsilon) + n * kSmallestPositive;
}

}  // namespace wquant
