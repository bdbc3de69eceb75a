#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/upper.hpp"
#include "wquant/partition.hpp"
#include "wquant/region_statistics.hpp"
#include "wquant/split_bound.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Mean and standard deviation (divisor n − 1) of n numbers, from above, from their computed sum
/// and sum of squares, each with a relative error up to 1e-13.
struct MeanAndDeviation {
  Upper mean;
  Upper deviation;
};
MeanAndDeviation mean_and_deviation_above(DoubleDouble sum, DoubleDouble square, double n);

/// Upper limit, missed with probability at most beta, on the mean of a variable in [0, range] from
/// independent samples in the order drawn: a bettor that the mean is smaller, with a stake fixed
/// before each sample (Waudby-Smith & Ramdas 2024, section 4; the stakes
/// are those for a fixed number of samples).
Upper betting_upper(VectorView<const double> values, double range, double beta);

/// Upper limits on E Z, Z = ‖X − q(X)‖^ρ (design/learning.md B3).
class MomentLimits {
 public:
  MomentLimits(const Partition& partition, int order);

  /// Missed with probability at most beta. The samples of `statistics` count as a sample of `total`
  /// ≥ 2, of which `outside` lie in the outer region; `inside` as in SplitRule::bound.
  Upper upper(Moment moment, const RegionStatistics& statistics, std::int64_t total,
              std::int64_t outside, double beta, VectorView<const double> inside = {}) const;

  /// Throws InvalidArgument if sums are not finite or samples lie beyond their balls.
  void require_consistent(const RegionStatistics& statistics) const;
  /// Throws InvalidArgument if these are not Z of the samples of the statistics.
  void require_consistent(const RegionStatistics& statistics,
                          VectorView<const double> inside) const;

  std::size_t regions() const { return radius_.size(); }
  double inside_range() const { return inside_.value(); }    ///< ≥ Z inside.
  double outside_range() const { return outside_.value(); }  ///< ≥ Z outside.

 private:
  Upper with_distance_error(Upper z) const;
  DoubleDouble squares(const RegionStatistics& statistics, std::size_t regions, int exponent) const;
  Upper bernstein(const RegionStatistics& statistics, std::size_t regions, std::int64_t total,
                  double range, double beta) const;

  std::int64_t dimension_;
  int order_;
  std::vector<double> radius_;  // of each region, at most the farthest corner of the box
  Upper inside_;
  Upper outside_;
};

}  // namespace wquant
