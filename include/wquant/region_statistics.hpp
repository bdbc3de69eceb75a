#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/double_double.hpp"
#include "wquant/export.hpp"
#include "wquant/partition.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// All that the bounds need to know of samples: how many lie in each region, and the moments of
/// Z = ‖x − c_region‖^ρ there. Statistics of chunks merge, from any source and in any order: counts
/// are exact, sums agree to 1e-13 relative, and to the bit if the chunks and their order do.
struct WQUANT_API RegionStatistics {
  int order = 1;                     ///< ρ, 1 or 2.
  std::uint64_t partition = 0;       ///< its fingerprint.
  std::vector<std::int64_t> count;   ///< M
  std::vector<DoubleDouble> sum;     ///< M: Σ Z over the samples of each region.
  std::vector<DoubleDouble> square;  ///< M: Σ Z².
  std::vector<double> farthest;      ///< M: the largest ‖x − c_region‖.

  /// Σ count: how many samples.
  std::int64_t total() const;

  /// Adds the samples of `other`. Throws InvalidArgument if partition, order or sizes differ.
  void merge(const RegionStatistics& other);
};

/// Nothing seen yet. Throws InvalidArgument for an order that is not 1 or 2, or for order 2 and a
/// diameter of the box beyond 1e70.
WQUANT_API RegionStatistics no_statistics(const Partition& partition, int order);

/// Statistics of samples (N × d). Points outside the box are an error: InvalidArgument names how
/// many, the first and its value. Memory O(M d) and a tile.
/// Distances are evaluated in double, for float points too; which of several centres is nearest may
/// be decided by float arithmetic there, which is a partition as good as any other.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                              MatrixView<const double> points, int order,
                                              const ProgressCallback& progress = {});
/// The same for samples in float.
WQUANT_API RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                              MatrixView<const float> points, int order,
                                              const ProgressCallback& progress = {});

/// Where each of N points belongs.
struct Regions {
  std::vector<std::int64_t> label;  ///< N: its region, 0 … M − 1.
  std::vector<double> distance;     ///< N: to the region's location.
};
/// The region of each point (N × d), which must lie in the box. Throws what region_statistics
/// throws.
WQUANT_API Regions regions_of(const Context& context, const Partition& partition,
                              MatrixView<const double> points);
/// The same for points in float.
WQUANT_API Regions regions_of(const Context& context, const Partition& partition,
                              MatrixView<const float> points);

}  // namespace wquant
