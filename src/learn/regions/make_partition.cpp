#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "learn/regions/named_statistics.hpp"
#include "wquant/error.hpp"
#include "wquant/kmeans.hpp"
#include "wquant/partition.hpp"

namespace wquant {
namespace {

void validate(const PartitionOptions& options) {
  require_at_least("clusters", options.clusters, 1);
  require_at_least("iterations", options.iterations, 0);
  if (!(options.radius_factor >= 0 && options.radius_factor <= kLargestLength))
    throw_bad_value("radius_factor", {}, options.radius_factor, "a finite number >= 0");
  if (!(options.neighbour_fraction >= 0 && options.neighbour_fraction <= 1))
    throw_bad_value("neighbour_fraction", {}, options.neighbour_fraction, "a number in [0, 1]");
}

/// Throws unless all samples are finite and in the box.
template <class T>
void require_inside(const Context& context, const Box& box, MatrixView<const T> train) {
  const Partition whole(box, box.centre(), {box.diameter() / 2});
  named_statistics(context, whole, "train", train, 1);
}

/// K × d: k-means, or the samples where there are no more of them.
template <class T>
std::vector<double> find_centres(const Context& context, MatrixView<const T> train,
                                 const PartitionOptions& options) {
  if (train.rows <= options.clusters) {
    const std::vector<T> values = host_values(context, train);
    return {values.begin(), values.end()};
  }
  KmeansOptions<T> how;
  how.clusters = options.clusters;
  how.seed = options.seed;
  how.iterations = options.iterations;
  const Array<T> centres = kmeans(context, train, how).centres.to_host();
  return {centres.data(), centres.data() + centres.size()};
}

/// Means of points in the box lie in it, but for rounding.
void clamp_into(const Box& box, std::vector<double>& centres) {
  for (std::size_t at = 0; at < centres.size(); ++at) {
    const std::size_t k = at % box.lower().size();
    centres[at] = std::clamp(centres[at], box.lower()[k], box.upper()[k]);
  }
}

/// The largest distance from each centre to the samples that are nearest to it.
template <class T>
std::vector<double> reaches(const Context& context, MatrixView<const T> train,
                            const std::vector<double>& centres) {
  const std::vector<T> in_type(centres.begin(), centres.end());
  const Array<T> there = on_context(context, in_type, train.cols);
  Array<std::int64_t> labels(context, train.rows);
  Array<double> squares(context, train.rows);
  context.backend().nearest(train, there.view(), flat_view(labels), flat_view(squares));
  const std::vector<std::int64_t> label = host_values(context, labels);
  const std::vector<double> square = host_values(context, squares);
  std::vector<double> largest(static_cast<std::size_t>(there.rows()));
  for (std::int64_t i = 0; i < train.rows; ++i)
    largest[label[i]] = std::max(largest[label[i]], square[i]);
  for (double& reach : largest) reach = std::sqrt(reach);
  return largest;
}

/// The distance from each centre to its m-th nearest, itself the first; centres in tiles.
std::vector<double> neighbour_distances(const Context& context, const std::vector<double>& centres,
                                        std::int64_t d, std::int64_t m) {
  constexpr std::int64_t kTile = 256;
  const Array<double> all = on_context(context, centres, d);
  const std::int64_t count = all.rows();
  std::vector<double> out;
  for (std::int64_t first = 0; first < count; first += kTile) {
    Pulse::report("neighbours", static_cast<double>(first) / static_cast<double>(count));
    const std::int64_t rows = std::min(kTile, count - first);
    Array<double> there(context, rows, count);
    context.backend().pairwise_distances({all.view().row(first), rows, d, d, all.space()},
                                         all.view(), there.view());
    Array<double> distances = there.to_host();
    for (std::int64_t i = 0; i < rows; ++i) {
      Pulse::beat();
      double* const row = distances.view().row(i);
      std::nth_element(row, row + (m - 1), row + count);
      out.push_back(row[m - 1]);
    }
  }
  return out;
}

template <class T>
Partition partition_of(const Context& context, MatrixView<const T> samples, const Box& box,
                       const PartitionOptions& options) {
  const Pulse pulse(options.progress);
  validate(options);
  require_shape("train", {samples.cols}, {box.dimension()});
  if (samples.rows < 1) throw InvalidArgument("train: no samples; expected at least one");
  const ContextCopy<T> train(context, samples);
  require_inside(context, box, train.view());
  std::vector<double> centres = find_centres(context, train.view(), options);
  clamp_into(box, centres);

  const auto count = static_cast<std::int64_t>(centres.size()) / box.dimension();
  const auto m =
      std::max(static_cast<std::int64_t>(options.neighbour_fraction * static_cast<double>(count)),
               std::min<std::int64_t>(5, count));
  std::vector<double> radii = reaches(context, train.view(), centres);
  const std::vector<double> neighbours = neighbour_distances(context, centres, box.dimension(), m);
  for (std::int64_t k = 0; k < count; ++k)
    radii[k] = std::max(std::min(options.radius_factor * radii[k], box.diameter() / 2),
                        options.radius_factor * neighbours[k] / 2);
  return {box, std::move(centres), std::move(radii)};
}

}  // namespace

Partition make_partition(const Context& context, MatrixView<const double> train, const Box& box,
                         const PartitionOptions& options) {
  return partition_of(context, train, box, options);
}

Partition make_partition(const Context& context, MatrixView<const float> train, const Box& box,
                         const PartitionOptions& options) {
  return partition_of(context, train, box, options);
}

}  // namespace wquant
