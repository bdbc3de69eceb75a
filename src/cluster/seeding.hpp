#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Weighted points in the memory of the context; the weights on the host, none = all 1.
template <class T>
struct WeightedPoints {
  MatrixView<const T> points;
  VectorView<const double> weights;  // in the memory of the context
  const std::vector<double>& host_weights;
};

/// Up to `clusters` first centres, row after row, by greedy k-means++ (kmeans.hpp); fewer where
/// every point of positive weight is a centre. One pass over the points a centre.
template <class T>
std::vector<T> seeded_centres(const Context& context, const WeightedPoints<T>& sample,
                              std::int64_t clusters, std::uint64_t seed);

}  // namespace wquant
