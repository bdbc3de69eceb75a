#include "quantize/points/component_grids.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/pulse.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/mixture/merging.hpp"
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

DistortionCurves component_curves(MatrixView<const double> variances) {
  return [variances](std::int64_t i, std::int64_t largest) {
    return grid_distortions({variances.row(i), variances.cols}, largest);
  };
}

Grid gaussian_grid(MatrixView<const double> basis, VectorView<const double> variances,
                   const std::vector<std::int64_t>& shape, std::vector<double> offset) {
  const auto rank = std::count_if(shape.begin(), shape.end(), [](std::int64_t n) { return n > 1; });
  std::vector<double> columns(static_cast<std::size_t>(basis.rows * rank));
  std::vector<double> scales;
  std::vector<std::vector<double>> points;
  for (std::size_t k = 0; k < shape.size(); ++k) {
    if (shape[k] == 1) continue;
    for (std::int64_t a = 0; a < basis.rows; ++a)
      columns[a * rank + static_cast<std::int64_t>(scales.size())] =
          basis(a, static_cast<std::int64_t>(k));
    scales.push_back(std::sqrt(variances[static_cast<std::int64_t>(k)]));
    points.push_back(normal_quantizer(shape[k])->points);
  }
  Axes axes({columns.data(), basis.rows, rank}, std::move(scales), std::move(offset));
  return Grid(std::move(axes), std::move(points));
}

Scheme merged_points(const Context& context, const GaussianMixture& mixture, std::int64_t support) {
  std::vector<Layer> layers;
  for (auto& group : merge_components(context, mixture, support)) {
    Axes point({nullptr, mixture.dimension(), 0}, {}, group_mean(mixture, group));
    layers.push_back({Grid(std::move(point), {}), std::move(group)});
  }
  return Scheme::layered(std::move(layers));
}

Scheme component_grids(const Context& context, const GaussianMixture& mixture, std::int64_t support,
                       double rank_tolerance) {
  const std::int64_t d = mixture.dimension();
  if (support < mixture.components()) return merged_points(context, mixture, support);

  Pulse::report("allocation", 0);
  const std::vector<double> variances = kept_variances(mixture, rank_tolerance);
  const MatrixView<const double> rows(variances.data(), mixture.components(), d);
  const std::vector<std::int64_t> budget =
      allocate_budget(context, mixture.weights(), component_curves(rows), support);
  const Eigenbases bases(mixture);
  std::vector<Layer> layers;
  for (std::int64_t i = 0; i < mixture.components(); ++i) {
    if (i % 256 == 0)
      Pulse::report("grids", static_cast<double>(i) / static_cast<double>(mixture.components()));
    const auto shape = optimal_grid_shape({rows.row(i), static_cast<std::size_t>(d)}, budget[i]);
    const double* const mean = mixture.means().row(i);
    layers.push_back(
        {gaussian_grid(bases[i], {rows.row(i), d}, shape, std::vector<double>(mean, mean + d)),
         {i}});
  }
  return Scheme::layered(std::move(layers));
}

Scheme fine_scheme(const Context& context, const GaussianMixture& mixture, std::int64_t support) {
  return component_grids(context, mixture, support,
                         rank_tolerance_or_default(-1, mixture.dimension()));
}

}  // namespace wquant
