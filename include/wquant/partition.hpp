#pragma once

#include <cstdint>
#include <vector>

#include "wquant/box.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// A partition of the box Ξ into M = K + 1 regions (Figueiredo, Adams & Laurenti, 2026, Algorithm
/// 1). Each of K centres c_k has a ball ‖x − c_k‖ ≤ θ_k. A point x belongs to the region of the
/// nearest centre among those whose ball holds x; of equally near ones the lowest index wins. If no
/// ball holds x, it belongs to the outer region, which is the last. The outer region is represented
/// by the centre of Ξ and has radius diam(Ξ) / 2, or the distance of the farthest corner where the
/// centre is rounded.
class WQUANT_API Partition {
 public:
  /// centres: K × d, K ≥ 1, row-major, inside the box; radii: K finite numbers ≥ 0.
  /// Throws InvalidArgument.
  Partition(Box box, std::vector<double> centres, std::vector<double> radii);

  const Box& box() const { return box_; }                                            ///< Ξ.
  std::int64_t dimension() const { return box_.dimension(); }                        ///< d.
  std::int64_t clusters() const { return regions() - 1; }                            ///< K.
  std::int64_t regions() const { return static_cast<std::int64_t>(radii_.size()); }  ///< M = K + 1.
  /// The points that represent the regions, M × d: c_0 … c_{K−1} and the centre of Ξ.
  MatrixView<const double> locations() const { return {locations_.data(), regions(), dimension()}; }
  const std::vector<double>& radii() const { return radii_; }  ///< The M radii of the regions.
  /// A hash of all bits above, so that statistics of different partitions are never mixed up.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  Box box_;
  std::vector<double> locations_, radii_;
  std::uint64_t fingerprint_ = 0;
};

/// Options of `make_partition`.
struct PartitionOptions {
  /// The number of clusters K, ≥ 1. If there are no more samples than that, each is a cluster.
  std::int64_t clusters = 100;
  double radius_factor = 1.5;        ///< The factor in the radii, ≥ 0; see make_partition.
  double neighbour_fraction = 0.05;  ///< The fraction in the radii, in [0, 1]; see make_partition.
  std::uint64_t seed = 0;            ///< The seed of k-means++.
  std::int64_t iterations = 100;     ///< The most steps of Lloyd's method.
  ProgressCallback progress = {};    ///< Called now and then; may be empty.
};

/// Makes regions from training samples (N_T × d, inside the box) by k-means. The radius θ_k is
/// radius_factor times the largest distance from c_k to the samples of its cluster, and at most
/// diam(Ξ) / 2. It is at least radius_factor / 2 times the distance from c_k to its m-th nearest
/// centre, counting itself, with m = max(⌊neighbour_fraction · K⌋, min(5, K)), so that balls reach
/// half-way to their neighbours. Throws InvalidArgument, OutOfMemory, Cancelled.
///
/// \code
/// const Context context = Context::best();
/// const double train[][2] = {{0.1, 0.2}, {0.2, 0.1}, {0.8, 0.7}, {0.9, 0.9}};
/// const Box box = Box::cube(2, 0, 1);
/// const Partition partition = make_partition(context, train, box, {.clusters = 2});
/// const RegionStatistics seen = region_statistics(context, partition, train, /*order=*/2);
/// std::printf("%ld samples in the first of %ld regions\n", seen.count[0], partition.regions());
/// \endcode
WQUANT_API Partition make_partition(const Context& context, MatrixView<const double> train,
                                    const Box& box, const PartitionOptions& options = {});
/// The same for samples in float.
WQUANT_API Partition make_partition(const Context& context, MatrixView<const float> train,
                                    const Box& box, const PartitionOptions& options = {});

}  // namespace wquant
