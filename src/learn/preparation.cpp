#include "learn/preparation.hpp"

#include <cmath>
#include <vector>

#include "learn/regions/scaled_statistics.hpp"

namespace wquant {
namespace {

TransportOptions transport_options(const LearnOptions& options) {
  return {.beta = options.beta, .costs = options.costs, .time_limit = options.time_limit};
}

SplitOptions split_options(const LearnOptions& options) {
  SplitOptions out;
  out.beta = options.beta;
  out.moment = options.moment;
  out.discrete = options.discrete;
  return out;
}

/// Z of each sample, 0 in the outer region.
template <class T>
std::vector<double> inside_moments(const Context& context, const Partition& partition,
                                   MatrixView<const T> samples, int order) {
  const Regions regions = regions_of(context, partition, samples);
  std::vector<double> out;
  out.reserve(regions.label.size());
  for (std::size_t i = 0; i < regions.label.size(); ++i) {
    const bool inside = regions.label[i] < partition.clusters();
    out.push_back(inside ? std::pow(regions.distance[i], order) : 0);
  }
  return out;
}

}  // namespace

template <class T>
Preparation prepare(const Context& context, MatrixView<const T> makers, MatrixView<const T> judges,
                    const Box& box, std::int64_t clusters, std::int64_t total,
                    const LearnOptions& options) {
  PartitionOptions how;
  how.clusters = clusters;
  how.radius_factor = options.radius_factor;
  how.neighbour_fraction = options.neighbour_fraction;
  how.seed = options.seed;
  how.iterations = options.iterations;
  Partition partition = make_partition(context, makers, box, how);
  RegionStatistics train = region_statistics(context, partition, judges, options.order);
  std::optional<SplitRule> rule;
  if (options.method == BoundMethod::split)
    rule.emplace(context, partition, train, total, split_options(options));
  return {std::move(partition), std::move(train), std::move(rule)};
}

double predicted_bound(const Context& context, const Preparation& preparation, std::int64_t total,
                       const LearnOptions& options) {
  if (options.method == BoundMethod::split) return preparation.rule->predicted().bound;
  const RegionStatistics expected = scaled(preparation.train, total);
  if (options.method == BoundMethod::vertex)
    return vertex_bound(context, preparation.partition, expected, transport_options(options)).bound;
  return dual_bound(context, preparation.partition, expected, transport_options(options)).bound;
}

template <class T>
LearnedBound evaluated_bound(const Context& context, const Preparation& preparation,
                             const RegionStatistics& statistics, MatrixView<const T> samples,
                             const LearnOptions& options) {
  const Partition& partition = preparation.partition;
  switch (options.method) {
    case BoundMethod::dual:
      return dual_bound(context, partition, statistics, transport_options(options));
    case BoundMethod::exact:
      return exact_bound(context, partition, statistics, transport_options(options));
    case BoundMethod::vertex:
      return vertex_bound(context, partition, statistics, transport_options(options));
    case BoundMethod::fournier:
      return FournierBound{
          fournier_bound(partition.box(), statistics.total(), options.order, options.beta)};
    case BoundMethod::split:
      break;
  }
  if (options.moment != Moment::betting) return preparation.rule->bound(statistics);
  const std::vector<double> inside = inside_moments(context, partition, samples, options.order);
  return preparation.rule->bound(statistics,
                                 {inside.data(), static_cast<std::int64_t>(inside.size())});
}

double value(const LearnedBound& bound) {
  return std::visit([](const auto& parts) { return parts.bound; }, bound);
}

#define WQUANT_INSTANTIATE(T)                                                                \
  template Preparation prepare(const Context&, MatrixView<const T>, MatrixView<const T>,     \
                               const Box&, std::int64_t, std::int64_t, const LearnOptions&); \
  template LearnedBound evaluated_bound(const Context&, const Preparation&,                  \
                                        const RegionStatistics&, MatrixView<const T>,        \
                                        const LearnOptions&);
WQUANT_INSTANTIATE(double)
WQUANT_INSTANTIATE(float)
#undef WQUANT_INSTANTIATE

}  // namespace wquant
