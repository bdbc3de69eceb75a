#include "wquant/modes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "backend/transfer.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/validation.hpp"
#include "cluster/nearest_labels.hpp"
#include "numerics/symmetric_eigen.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/mixture/mode_ascent.hpp"
#include "quantize/mixture/searched_mixture.hpp"
#include "wquant/density.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

constexpr double kTolerance = 1e-8;  // of the scale
/// Saddles are left by a move of this much of the scale along the direction that bends upwards.
constexpr double kOffSaddle = 0.05;
constexpr double kUpwards = 1e-6;  // as a fraction of the largest curvature
constexpr int kSaddleRounds = 3;
constexpr std::int64_t kMeansPerChunk = 4096;

void validate(const ModeOptions& options) {
  require_at_least("max_starts", options.max_starts, 1);
  if (!(options.prune >= 0) || !std::isfinite(options.prune))
    throw InvalidArgument("prune: " + number_text(options.prune) +
                          "; expected a finite number >= 0");
  require_at_least("iterations", options.iterations, 1);
}

/// `wanted` of the points (n × d), each the farthest from those before it (Gonzalez, 1985), from
/// the first one on.
std::vector<double> farthest_points(const Context& context, const std::vector<double>& points,
                                    std::int64_t d, std::int64_t wanted) {
  const auto count = static_cast<std::int64_t>(points.size()) / d;
  std::vector<double> squares(static_cast<std::size_t>(count), INFINITY);
  std::vector<double> out;
  std::int64_t next = 0;
  for (std::int64_t taken = 0; taken < wanted && squares[next] > 0; ++taken) {
    const double* const centre = &points[next * d];
    out.insert(out.end(), centre, centre + d);
    parallel_chunks(context.backend().host_threads(), count, kMeansPerChunk,
                    [&](std::int64_t begin, std::int64_t end) {
                      for (std::int64_t i = begin; i < end; ++i) {
                        double square = 0;
                        for (std::int64_t k = 0; k < d; ++k) {
                          const double difference = points[i * d + k] - centre[k];
                          square += difference * difference;
                        }
                        squares[i] = std::min(squares[i], square);
                      }
                    });
    next = std::max_element(squares.begin(), squares.end()) - squares.begin();
  }
  return out;
}

/// For the summits where log p may not be concave: the two points beside each that is a saddle,
/// from which p grows. `modes` are the others.
std::vector<double> beside_saddles(const Context& context, const GaussianMixture& mixture,
                                   double unit, const Summits& summits,
                                   std::vector<std::int64_t>& modes) {
  const std::int64_t d = mixture.dimension();
  std::vector<std::int64_t> doubtful;
  std::vector<double> points;
  for (std::size_t m = 0; m < summits.concave.size(); ++m) {
    if (summits.concave[m]) {
      modes.push_back(static_cast<std::int64_t>(m));
      continue;
    }
    doubtful.push_back(static_cast<std::int64_t>(m));
    for (std::int64_t k = 0; k < d; ++k) points.push_back(summits.locations[m * d + k] * unit);
  }
  const auto count = static_cast<std::int64_t>(doubtful.size());
  const HeldStage held;
  const Array<double> there = hessian(context, mixture, {points.data(), count, d});
  const HostCopy hessians(context, flat_view(there));
  std::vector<double> out;
  for (std::int64_t j = 0; j < count; ++j) {
    const Eigen::Map<const Eigen::MatrixXd> h(hessians.view().begin() + j * d * d, d, d);
    const SymmetricEigen eigen = symmetric_eigen(h);
    const Eigen::VectorXd& curvatures = eigen.values;
    if (curvatures[d - 1] <= kUpwards * curvatures.cwiseAbs().maxCoeff()) {
      modes.push_back(doubtful[j]);
      continue;
    }
    for (const double sign : {-1.0, 1.0})
      for (std::int64_t k = 0; k < d; ++k)
        out.push_back(summits.locations[doubtful[j] * d + k] +
                      sign * kOffSaddle * eigen.vectors(k, d - 1));
  }
  return out;
}

/// All summits of the searched mixture that are modes, in multiples of `unit`.
Summits climb(const Context& context, const GaussianMixture& mixture, double unit,
              const ModeOptions& options) {
  const std::int64_t d = mixture.dimension();
  const AscentTables tables(context, mixture, unit);
  std::vector<double> starts = tables.means();
  if (mixture.components() > options.max_starts)
    starts = farthest_points(context, starts, d, options.max_starts);
  Summits all;
  for (int round = 0; round < kSaddleRounds && !starts.empty(); ++round) {
    const Summits found =
        ascend(context, tables, std::move(starts), kTolerance, options.iterations);
    all.iterations = std::max(all.iterations, found.iterations);
    all.converged = all.converged && found.converged;
    std::vector<std::int64_t> modes;
    starts = beside_saddles(context, mixture, unit, found, modes);
    for (const std::int64_t m : modes) {
      all.locations.insert(all.locations.end(), &found.locations[m * d],
                           &found.locations[m * d] + d);
      all.log_densities.push_back(found.log_densities[m]);
    }
  }
  return all;
}

/// Where nothing has any variance: the means, the heaviest first.
Summits point_masses(const GaussianMixture& mixture) {
  const GaussianMixture distinct = mixture.merge_duplicates();
  Summits out;
  out.locations.assign(distinct.means().row(0), distinct.means().row(distinct.components()));
  for (const double w : distinct.weights()) out.log_densities.push_back(std::log(w));
  return out;
}

}  // namespace

SearchedMixture searched_mixture(const Context& context, const GaussianMixture& given) {
  std::vector<std::int64_t> positive;
  for (std::int64_t i = 0; i < given.components(); ++i)
    if (given.weights()[i] > 0) positive.push_back(i);
  SearchedMixture out{given.select(positive), 0, 0};
  const GaussianMixture& mixture = out.mixture;
  const std::int64_t d = mixture.dimension();
  const std::int64_t count = mixture.components();
  const double least = rank_tolerance_or_default(-1, d);
  bool singular = false;
  double mean_variance = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const double* const lambda = mixture.eigenvalues().row(i);
    const double variance = std::accumulate(lambda, lambda + d, 0.0) / static_cast<double>(d);
    mean_variance += mixture.weights()[i] * variance;
    out.scale += mixture.weights()[i] * std::sqrt(variance);
    const auto [smallest, largest] = std::minmax_element(lambda, lambda + d);
    singular = singular || !(*smallest > least * *largest);
  }
  if (!singular || mean_variance == 0) return out;
  out.added_variance = 1e-6 * mean_variance;
  std::vector<double> lambda(mixture.eigenvalues().row(0), mixture.eigenvalues().row(count));
  for (double& x : lambda) x += out.added_variance;
  const MatrixView<const double> raised(lambda.data(), count, d);
  if (mixture.basis() == GaussianMixture::Basis::identity)
    out.mixture = GaussianMixture::diagonal(context, mixture.weights(), mixture.means(), raised);
  else
    out.mixture = GaussianMixture::eigen(
        context, mixture.weights(), mixture.means(), raised,
        {mixture.eigenvectors(0).data,
         mixture.basis() == GaussianMixture::Basis::shared ? 1 : count, d, d});
  return out;
}

Modes find_modes(const Context& context, const GaussianMixture& mixture,
                 const ModeOptions& options) {
  const Pulse pulse(options.progress);
  validate(options);
  Pulse::report("modes", 0);
  const SearchedMixture searched = searched_mixture(context, mixture);
  const std::int64_t d = mixture.dimension();
  const double unit = searched.scale > 0 ? searched.scale : 1;
  const Summits summits = searched.scale > 0 ? climb(context, searched.mixture, unit, options)
                                             : point_masses(searched.mixture);
  std::vector<std::int64_t> order(summits.log_densities.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return summits.log_densities[a] > summits.log_densities[b];
  });
  std::vector<double> sorted;
  for (const std::int64_t m : order)
    sorted.insert(sorted.end(), &summits.locations[m * d], &summits.locations[m * d] + d);

  Modes out;
  out.dimension = d;
  out.scale = searched.scale;
  out.added_variance = searched.added_variance;
  out.iterations = summits.iterations;
  out.converged = summits.converged;
  for (const std::int64_t m : apart(sorted, d, searched.scale > 0 ? options.prune : 0)) {
    for (std::int64_t k = 0; k < d; ++k) out.locations.push_back(sorted[m * d + k] * unit);
    out.log_densities.push_back(summits.log_densities[order[m]] -
                                static_cast<double>(d) * std::log(unit));
  }
  out.labels = nearest_labels(context, mixture.means(), out.view());
  Pulse::report("modes", 1);
  return out;
}

}  // namespace wquant
