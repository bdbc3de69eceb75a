#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "base/host_device.hpp"
#include "base/limits.hpp"

namespace wquant {

/// Σ v_a x_a stays finite for |x_a| up to here.
inline constexpr double kMostDistant = 1e305;
/// Its square is finite.
inline constexpr double kSteepest = 1e150;

/// 1 / s for s > 0, at most kSteepest.
WQUANT_HOST_DEVICE inline double precision_root(double deviation) {
  const double root = 1 / deviation;
  return root < kSteepest ? root : kSteepest;
}

/// t / s for t = v_kᵀ(x − μ) / s and s > 0, at most kSteepest in magnitude.
WQUANT_HOST_DEVICE inline double steepness(double scaled_coordinate, double deviation) {
  const double slope = scaled_coordinate * precision_root(deviation);
  return slope > kSteepest ? kSteepest : slope < -kSteepest ? -kSteepest : slope;
}

/// log Σ exp l over the terms of least rank.
class LogSum {
 public:
  WQUANT_HOST_DEVICE std::int64_t rank() const { return rank_; }

  WQUANT_HOST_DEVICE void add(std::int64_t rank, double l) {
    if (rank > rank_) return;
    if (rank < rank_) *this = LogSum(rank);
    if (l == -kInfinity) return;
    if (l <= largest_) {
      sum_ += std::exp(l - largest_);
    } else {
      sum_ = sum_ * std::exp(largest_ - l) + 1;
      largest_ = l;
    }
  }

  WQUANT_HOST_DEVICE double value() const {
    return sum_ > 0 ? largest_ + std::log(sum_) : -kInfinity;
  }

  LogSum() = default;

 private:
  static constexpr std::int64_t kNoRank = std::numeric_limits<std::int64_t>::max();

  WQUANT_HOST_DEVICE explicit LogSum(std::int64_t rank) : rank_(rank) {}

  std::int64_t rank_ = kNoRank;
  double largest_ = -kInfinity;
  double sum_ = 0;
};

}  // namespace wquant
