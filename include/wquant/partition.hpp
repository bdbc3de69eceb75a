#pragma once

#include <cstdint>
#include <vector>

#include "wquant/box.hpp"
#include "wquant/context.hpp"
#include "wquant/export.hpp"
#include "wquant/progress.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// A partition of Ξ into M = K + 1 regions (Figueiredo, Adams & Laurenti, 2026, Algorithm 1). Point
/// x belongs to the region of the nearest centre c_k, k < K, among those whose ball
/// ‖x − c_k‖ ≤ θ_k holds it, ties to the lowest index; to the outer region, the last, if there is
/// none. The outer region is represented by the centre of Ξ and has radius diam(Ξ) / 2, or the
/// distance of the farthest corner where the centre is rounded.
class WQUANT_API Partition {
 public:
  /// centres: K × d, K ≥ 1, row-major, inside the box; radii: K finite numbers ≥ 0.
  /// Throws InvalidArgument.
  Partition(Box box, std::vector<double> centres, std::vector<double> radii);

  const Box& box() const { return box_; }                                            ///< Ξ
  std::int64_t dimension() const { return box_.dimension(); }                        ///< d
  std::int64_t clusters() const { return regions() - 1; }                            ///< K
  std::int64_t regions() const { return static_cast<std::int64_t>(radii_.size()); }  ///< M = K + 1
  /// M × d: c_0 … c_{K−1} and the centre of Ξ.
  MatrixView<const double> locations() const { return {locations_.data(), regions(), dimension()}; }
  const std::vector<double>& radii() const { return radii_; }  ///< M
  /// A hash of all bits above: statistics of different partitions are never mixed up.
  std::uint64_t fingerprint() const { return fingerprint_; }

 private:
  Box box_;
  std::vector<double> locations_, radii_;
  std::uint64_t fingerprint_ = 0;
};

/// What `make_partition` is asked for.
struct PartitionOptions {
  std::int64_t clusters = 100;       ///< K ≥ 1; the samples themselves if there are no more.
  double radius_factor = 1.5;        ///< of the radii, ≥ 0.
  double neighbour_fraction = 0.05;  ///< of the centres that a ball reaches half-way, in [0, 1].
  std::uint64_t seed = 0;            ///< of k-means++.
  std::int64_t iterations = 100;     ///< of Lloyd's method, at most.
  ProgressCallback progress = {};    ///< may be empty.
};

/// Regions from training samples (N_T × d, inside the box), by k-means: θ_k = radius_factor times
/// the largest distance from c_k to its samples, at most diam(Ξ) / 2, and at least radius_factor /
/// 2 times the distance from c_k to its m-th nearest centre counting itself, m = max(⌊neighbour_
/// fraction · K⌋, min(5, K)). Throws InvalidArgument, OutOfMemory, Cancelled.
WQUANT_API Partition make_partition(const Context& context, MatrixView<const double> train,
                                    const Box& box, const PartitionOptions& options = {});
/// The same for samples in float.
WQUANT_API Partition make_partition(const Context& context, MatrixView<const float> train,
                                    const Box& box, const PartitionOptions& options = {});

}  // namespace wquant
