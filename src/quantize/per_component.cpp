#include <algorithm>
#include <vector>

#include "common/progress.hpp"
#include "quantize/allocation.hpp"
#include "quantize/families.hpp"
#include "quantize/merging.hpp"
#include "wquant/grid_shape.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant {

std::vector<double> kept_variances(const GaussianMixture& mixture, double tolerance) {
  const std::int64_t d = mixture.dimension();
  std::vector<double> out;
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    const double* const lambda = mixture.eigenvalues().row(i);
    const double least = tolerance * *std::max_element(lambda, lambda + d);
    for (std::int64_t k = 0; k < d; ++k) out.push_back(lambda[k] > least ? lambda[k] : 0);
  }
  return out;
}

Eigenbases::Eigenbases(const GaussianMixture& mixture) : mixture_(mixture) {
  if (mixture.basis() != GaussianMixture::Basis::identity) return;
  const std::int64_t d = mixture.dimension();
  unit_.resize(static_cast<std::size_t>(d * d));
  for (std::int64_t k = 0; k < d; ++k) unit_[k * d + k] = 1;
}

Scheme make_merged_scheme(const Context& context, const GaussianMixture& mixture,
                          std::int64_t support) {
  std::vector<Layer> layers;
  for (auto& group : merge_components(context, mixture, support)) {
    Axes point({nullptr, mixture.dimension(), 0}, {}, group_mean(mixture, group));
    layers.push_back({Grid(std::move(point), {}), std::move(group)});
  }
  return Scheme::layered(std::move(layers));
}

namespace {

/// Guesses of a support go no further: curves of that length take seconds.
constexpr std::int64_t kMostForeseen = std::int64_t{1} << 25;

DistortionCurves curves_of(MatrixView<const double> variances) {
  return [variances](std::int64_t i, std::int64_t largest) {
    return grid_distortions({variances.row(i), variances.cols}, largest);
  };
}

/// Σ_k λ_k e(n_k) for the optimal shape of at most `budget` points.
double grid_distortion(VectorView<const double> variances, std::int64_t budget) {
  const auto shape =
      optimal_grid_shape({variances.data, static_cast<std::size_t>(variances.size)}, budget);
  double sum = 0;
  for (std::int64_t k = 0; k < variances.size; ++k)
    sum += variances[k] * normal_distortion(shape[k]);
  return sum;
}

/// The least budget for which that is at most `target`, or `most`.
std::int64_t budget_of_one(VectorView<const double> variances, double target, std::int64_t most) {
  std::int64_t fails = 0;
  std::int64_t works = 1;
  while (works < most && grid_distortion(variances, works) > target) {
    fails = works;
    works = std::min(most, 2 * works);
  }
  while (works - fails > 1) {
    const std::int64_t middle = fails + (works - fails) / 2;
    (grid_distortion(variances, middle) <= target ? works : fails) = middle;
  }
  return works;
}

}  // namespace

std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, std::int64_t most) {
  const std::int64_t d = mixture.dimension();
  const std::vector<double> variances = kept_variances(mixture, rank_tolerance(options, d));
  const MatrixView<const double> rows(variances.data(), mixture.components(), d);
  const double target = options.tolerance * options.tolerance;
  if (mixture.components() == 1) return budget_of_one({rows.row(0), d}, target, most);
  if (most <= mixture.components()) return most;
  const std::int64_t foreseen = std::max(kMostForeseen, 2 * mixture.components());
  return budget_for(context, mixture.weights(), curves_of(rows), target, std::min(most, foreseen));
}

Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options) {
  const std::int64_t d = mixture.dimension();
  if (options.support < mixture.components())
    return make_merged_scheme(context, mixture, options.support);

  report(options.progress, "allocation", 0);
  const std::vector<double> variances = kept_variances(mixture, rank_tolerance(options, d));
  const MatrixView<const double> rows(variances.data(), mixture.components(), d);
  const std::vector<std::int64_t> budget =
      allocate_budget(context, mixture.weights(), curves_of(rows), options.support);
  const Eigenbases bases(mixture);
  std::vector<Layer> layers;
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    if (i % 256 == 0)
      report(options.progress, "grids",
             static_cast<double>(i) / static_cast<double>(mixture.components()));
    const auto shape = optimal_grid_shape({rows.row(i), static_cast<std::size_t>(d)}, budget[i]);
    const double* const mean = mixture.means().row(i);
    layers.push_back(
        {gaussian_grid(bases[i], {rows.row(i), d}, shape, std::vector<double>(mean, mean + d)),
         {i}});
  }
  return Scheme::layered(std::move(layers));
}

}  // namespace wquant
