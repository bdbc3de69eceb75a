#include "wquant/reduce.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "base/lengths.hpp"
#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "base/validation.hpp"
#include "cluster/bisection.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/mixture/mixture_parts.hpp"
#include "quantize/mixture/root_embedding.hpp"
#include "wquant/kmeans.hpp"

namespace wquant {
namespace {

/// Coordinate differences that k-means may cost: some twenty seconds on two cores.
constexpr double kMostOperations = 4e11;
/// The same for its start by greedy k-means++, which is one pass over the points a centre.
constexpr double kMostSeeding = 1e10;

void validate(const ReduceOptions& options) {
  require_at_least("components", options.components, 1);
  require_at_least("iterations", options.iterations, 0);
}

/// Components of positive weight, those that are alike together, in an order that depends on their
/// parameters alone.
Groups distinct_components(const GaussianMixture& mixture) {
  std::vector<std::int64_t> positive = all_components(mixture);
  std::erase_if(positive, [&](std::int64_t i) { return mixture.weights()[i] == 0; });
  Groups out;
  out.members = canonical_order(mixture, std::move(positive));
  ShortSteps steps;
  for (std::size_t at = 1; at < out.members.size(); ++at) {
    steps.beat();
    if (compare_components(mixture, out.members[at - 1], out.members[at]) != 0)
      out.begin.push_back(static_cast<std::int64_t>(at));
  }
  out.begin.push_back(static_cast<std::int64_t>(out.members.size()));
  return out;
}

/// Σ_i w_i x_i / Σ_i w_i over a group: exactly x if all are.
void write_mean(MatrixView<const double> points, VectorView<const double> weights,
                const Groups& groups, std::int64_t j, double* out) {
  const std::int64_t* const begin = groups.group(j);
  const std::int64_t* const end = begin + groups.size(j);
  double mass = 0;
  std::for_each(begin, end, [&](std::int64_t i) { mass += weights[i]; });
  const double* const origin = points.row(*begin);
  std::vector<double> shift(static_cast<std::size_t>(points.cols));
  std::for_each(begin, end, [&](std::int64_t i) {
    const double share = weights[i] / mass;
    for (std::int64_t k = 0; k < points.cols; ++k) shift[k] += share * (points(i, k) - origin[k]);
  });
  for (std::int64_t k = 0; k < points.cols; ++k) out[k] = origin[k] + shift[k];
}

std::vector<double> means_of(const Context& context, MatrixView<const double> points,
                             VectorView<const double> weights, const Groups& groups) {
  std::vector<double> out(static_cast<std::size_t>(groups.count() * points.cols));
  parallel_chunks(context.backend().host_threads(), groups.count(), 16,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t j = begin; j < end; ++j)
                      write_mean(points, weights, groups, j, out.data() + j * points.cols);
                  });
  return out;
}

/// k-means of the points; bisection where a single step would cost too much.
Groups clusters(const Context& context, MatrixView<const double> points,
                VectorView<const double> weights, const ReduceOptions& options) {
  const std::int64_t count = options.components;
  KmeansOptions<double> lloyd{.clusters = count,
                              .weights = weights,
                              .seed = options.seed,
                              .iterations = options.iterations};
  const double step = static_cast<double>(points.rows) * static_cast<double>(count) *
                      static_cast<double>(points.cols);
  std::vector<double> start;
  if (step * (2 + std::log(count)) > kMostSeeding) {
    Pulse::report("bisection", 0);
    Groups groups = bisect(points, weights, count);
    const auto affordable = static_cast<std::int64_t>(kMostOperations / step);
    if (affordable < 2) return groups;
    lloyd.iterations = std::min(lloyd.iterations, affordable - 1);
    start = means_of(context, points, weights, groups);
    lloyd.start = {start.data(), groups.count(), points.cols};
  }
  const KmeansResult<double> found = kmeans(context, points, lloyd);
  return groups_of(host_values(context, found.labels), found.centres.rows());
}

/// Puts what the groups' means stand for in the place of groups of two or more, and returns the
/// bound on W₂ for that.
double replace_groups(const Context& context, const GaussianMixture& mixture,
                      const RootEmbedding& embedding, const Groups& groups,
                      GaussianMixture& reduced) {
  const MatrixView<const double> points = embedding.points();
  const std::vector<double> means = means_of(context, points, mixture.weights(), groups);
  const MatrixView<const double> centres(means.data(), groups.count(), points.cols);
  const EmbeddedGaussians there = gaussians_at(context, mixture, centres);
  const std::int64_t d = mixture.dimension();
  const double unit = power_of_two_unit(points);
  RootMeanSquare moved(points.cols, unit);
  RootMeanSquare rounding(1, unit);
  for (std::int64_t j = 0; j < groups.count(); ++j) {
    Pulse::beat();
    if (groups.size(j) == 1) continue;
    MixtureParts::replace(reduced, j, centres.row(j), there.eigenvalues.data() + j * d,
                          there.eigenvectors.data() + (there.eigenvectors.empty() ? 0 : j * d * d));
    std::for_each(groups.group(j), groups.group(j) + groups.size(j), [&](std::int64_t i) {
      moved.add(mixture.weights()[i], points.row(i), centres.row(j));
      const double error = embedding.error(i) + there.errors[j];
      rounding.add(mixture.weights()[i], &error);
    });
  }
  // The true weights are at most 1 + weight_error times the stored ones.
  const Upper root = embedding.stretch() * moved.above(1) + rounding.above(1);
  return (root * Upper(1 + mixture.weight_error() + 2 * kEpsilon)).value();
}

std::vector<std::int64_t> labels_of(const GaussianMixture& mixture, const Groups& distinct,
                                    const std::vector<std::int64_t>& group) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(mixture.components()));
  for (std::int64_t j = 0; j < distinct.count(); ++j)
    std::for_each(distinct.group(j), distinct.group(j) + distinct.size(j),
                  [&](std::int64_t i) { out[i] = group[j]; });
  return out;
}

}  // namespace

Reduction reduce(const Context& context, const GaussianMixture& given,
                 const ReduceOptions& options) {
  const Pulse pulse(options.progress);
  validate(options);
  Pulse::report("duplicates", 0);
  const Groups duplicates = distinct_components(given);
  GaussianMixture mixture = MixtureParts::merged(given, duplicates);
  if (mixture.components() <= options.components) {
    std::vector<std::int64_t> labels = labels_of(given, duplicates, all_components(mixture));
    return {std::move(mixture), 0, std::move(labels)};
  }

  Pulse::report("roots", 0);
  const RootEmbedding embedding(context, mixture);
  const Groups groups = clusters(context, embedding.points(), mixture.weights(), options);
  GaussianMixture reduced = MixtureParts::merged(mixture, groups);
  const double bound = replace_groups(context, mixture, embedding, groups, reduced);
  return {std::move(reduced), bound, labels_of(given, duplicates, groups.labels())};
}

}  // namespace wquant
