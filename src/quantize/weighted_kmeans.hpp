#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/quantize.hpp"
#include "wquant/view.hpp"

namespace wquant {

struct KmeansOptions {
  std::int64_t clusters = 1;      ///< at most this many centres, ≥ 1.
  std::uint64_t seed = 0;         ///< of the k-means++ start.
  std::int64_t iterations = 100;  ///< at most this many Lloyd steps; 0 keeps the start.
  double tolerance = 1e-6;        ///< stops when a step lowers the cost by less, relative to it.
  ProgressCallback progress = {};
  MatrixView<const double> start = {};  ///< first centres; none = k-means++.
};

/// Centres and the nearest one of every point. Every centre has points of positive weight.
struct Kmeans {
  std::vector<double> centres;       ///< row-major, `count` of them
  std::int64_t count = 0;            ///< of centres
  std::vector<std::int64_t> labels;  ///< one a point
  double cost = 0;  ///< Σ_i w_i ‖x_i − centre of x_i‖²; ∞ or 0 beyond the range
  std::int64_t iterations = 0;  ///< Lloyd steps taken
};

/// Few centres with small Σ_i w_i ‖x_i − nearest centre‖² for n points in R^d (n × d, host memory,
/// magnitudes up to kLargestLength) of finite weights ≥ 0: greedy k-means++ (Arthur &
/// Vassilvitskii, 2007: 2 + ln k candidates a step, the best one kept), then Lloyd's iteration. A
/// cell that lost all its weight starts anew at the point of largest w_i ‖x_i − centre‖² that no
/// other took. The cost never rises above that of the start. Fewer centres where fewer locations
/// have weight. Memory O((n + k) d); same bits for any number of threads.
/// Throws InvalidArgument, OutOfMemory, Cancelled.
Kmeans weighted_kmeans(const Context& context, MatrixView<const double> points,
                       VectorView<const double> weights, const KmeansOptions& options);

}  // namespace wquant
