#include "wquant/sampling.hpp"

#include <algorithm>

#include "backend/resident.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/mixture/cumulative.hpp"

namespace wquant {
namespace {

/// Coordinates that one backend call makes, about.
constexpr std::int64_t kCoordinatesPerCall = std::int64_t{1} << 22;

void validate(const Context& context, std::int64_t count, std::int64_t dimension,
              std::int64_t alternatives, bool labelled) {
  require_at_least("count", count, 1);
  const double per_sample = static_cast<double>(dimension) + (labelled ? 1 : 0);
  require_workspace(
      context,
      "count: " + std::to_string(count) + " samples in dimension " + std::to_string(dimension),
      sizeof(double) * static_cast<double>(count) * per_sample + Cumulative::bytes(alternatives));
}

/// draw(first, points, labels) for blocks of rows.
template <class Draw>
Array<double> draw_blocks(const Context& context, std::int64_t count, std::int64_t dimension,
                          Array<std::int64_t>* labels, const Draw& draw) {
  Array<double> points(context, count, dimension);
  if (labels) *labels = Array<std::int64_t>(context, count);
  const std::int64_t block = std::max<std::int64_t>(1, kCoordinatesPerCall / dimension);
  for (std::int64_t first = 0; first < count; first += block) {
    Pulse::report("samples", static_cast<double>(first) / static_cast<double>(count));
    const std::int64_t rows = std::min(block, count - first);
    VectorView<std::int64_t> block_labels;
    if (labels) block_labels = {labels->data() + first, rows, labels->space()};
    draw(first,
         MatrixView<double>(points.data() + first * dimension, rows, dimension, dimension,
                            points.space()),
         block_labels);
  }
  Pulse::report("samples", 1);
  return points;
}

/// Samples of a mixture; `labels`, if given, receives the component of each.
Array<double> draw(const Context& context, const GaussianMixture& mixture, std::int64_t count,
                   std::uint64_t seed, const SampleOptions& options, Array<std::int64_t>* labels) {
  const Pulse pulse(options.progress);
  const std::int64_t d = mixture.dimension();
  require_rank_tolerance(options.rank_tolerance);
  validate(context, count, d, mixture.components(), labels != nullptr);
  const ComponentTables tables(mixture, rank_tolerance_or_default(options.rank_tolerance, d));
  const Cumulative cumulative(mixture.weights());
  const auto there = resident(context, tables.view(), cumulative.view());
  return draw_blocks(
      context, count, d, labels,
      [&](std::int64_t first, MatrixView<double> points, VectorView<std::int64_t> of) {
        context.backend().sample_mixture(get<0>(there), get<1>(there), seed, first, points, of);
      });
}

/// Samples of a distribution; `labels`, if given, receives the index of the point of each.
Array<double> draw(const Context& context, const DiscreteDistribution& distribution,
                   std::int64_t count, std::uint64_t seed, const ProgressCallback& progress,
                   Array<std::int64_t>* labels) {
  const Pulse pulse(progress);
  const Array<double>& probabilities = distribution.probabilities();
  require_reachable(context, "locations", distribution.locations().space());
  require_reachable(context, "probabilities", probabilities.space());
  validate(context, count, distribution.dimension(), distribution.size(), labels != nullptr);
  const Cumulative cumulative(HostCopy(context, flat_view(probabilities)).view());
  const auto there = resident(context, distribution.locations().view(), cumulative.view());
  return draw_blocks(
      context, count, distribution.dimension(), labels,
      [&](std::int64_t first, MatrixView<double> points, VectorView<std::int64_t> of) {
        context.backend().sample_discrete(get<0>(there), get<1>(there), seed, first, points, of);
      });
}

}  // namespace

Array<double> sample(const Context& context, const GaussianMixture& mixture, std::int64_t count,
                     std::uint64_t seed, const SampleOptions& options) {
  return draw(context, mixture, count, seed, options, nullptr);
}

LabelledSamples sample_with_labels(const Context& context, const GaussianMixture& mixture,
                                   std::int64_t count, std::uint64_t seed,
                                   const SampleOptions& options) {
  LabelledSamples out;
  out.points = draw(context, mixture, count, seed, options, &out.labels);
  return out;
}

Array<double> sample(const Context& context, const DiscreteDistribution& distribution,
                     std::int64_t count, std::uint64_t seed, const ProgressCallback& progress) {
  return draw(context, distribution, count, seed, progress, nullptr);
}

LabelledSamples sample_with_labels(const Context& context, const DiscreteDistribution& distribution,
                                   std::int64_t count, std::uint64_t seed,
                                   const ProgressCallback& progress) {
  LabelledSamples out;
  out.points = draw(context, distribution, count, seed, progress, &out.labels);
  return out;
}

}  // namespace wquant
