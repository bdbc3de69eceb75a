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

/// Everything that the bounds need to know of samples: how many lie in each of the M regions, and
/// the moments of Z = ‖x − c_region‖^ρ there. Statistics of chunks can be merged, wherever they
/// come from and in any order: counts are exact, and sums agree to 1e-13 relative, or bit for bit
/// if the chunks and their order are the same.
struct WQUANT_API RegionStatistics {
  int order = 1;                     ///< The order ρ, 1 or 2.
  std::uint64_t partition = 0;       ///< The fingerprint of the partition.
  std::vector<std::int64_t> count;   ///< The number of samples in each region.
  std::vector<DoubleDouble> sum;     ///< Σ Z over the samples of each region.
  std::vector<DoubleDouble> square;  ///< Σ Z² over the samples of each region.
  std::vector<double> farthest;      ///< The largest ‖x − c_region‖ in each region.

  /// The number of samples in all regions.
  std::int64_t total() const;

  /// Adds the samples of `other`. Throws InvalidArgument if partition, order or sizes differ.
  void merge(const RegionStatistics& other);
};

/// The statistics of no samples. Throws InvalidArgument for an order that is not 1 or 2, or for
/// order 2 if the diameter of the box is beyond 1e70.
WQUANT_API RegionStatistics no_statistics(const Partition& partition, int order);

/// The statistics of samples (N × d). Samples outside the box are an error, whose message says how
/// many there are, and the first with its value. Memory is O(M d), and a tile of samples. Distances
/// are evaluated in double, for float samples too. For these, float arithmetic may decide which of
/// several centres is nearest, which gives a partition as good as any other.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                              MatrixView<const double> points, int order,
                                              const ProgressCallback& progress = {});
/// The same for samples in float.
WQUANT_API RegionStatistics region_statistics(const Context& context, const Partition& partition,
                                              MatrixView<const float> points, int order,
                                              const ProgressCallback& progress = {});

/// The regions of N points.
struct Regions {
  std::vector<std::int64_t> label;  ///< The region of each point, 0 … M − 1.
  std::vector<double> distance;     ///< The distance of each point to its region's location.
};
/// The region of each point (N × d), which must lie in the box. Throws what region_statistics
/// throws.
WQUANT_API Regions regions_of(const Context& context, const Partition& partition,
                              MatrixView<const double> points);
/// The same for points in float.
WQUANT_API Regions regions_of(const Context& context, const Partition& partition,
                              MatrixView<const float> points);

}  // namespace wquant
