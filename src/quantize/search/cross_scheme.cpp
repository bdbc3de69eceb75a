#include "quantize/search/cross_scheme.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/pulse.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/points/allocation.hpp"
#include "quantize/points/component_grids.hpp"
#include "quantize/points/cross_distortion.hpp"
#include "quantize/points/cross_radii.hpp"

namespace wquant {
namespace {

/// Positive variances of one component.
std::int64_t rank_of(VectorView<const double> variances) {
  return std::count_if(variances.begin(), variances.end(), [](double v) { return v > 0; });
}

/// The unscented set has all active axes, or as many of the leading ones as the budget pays.
CrossShape unscented_shape(VectorView<const double> variances, std::int64_t budget,
                           std::int64_t active) {
  const std::int64_t rank = rank_of(variances);
  const std::int64_t wanted = active > 0 ? std::min(active, rank) : rank;
  return {std::min(wanted, budget / 2), 1};
}

/// The cross of this shape on the leading directions of N(mean, V diag(variances) Vᵀ), or the mean
/// alone. basis: d × d.
Pattern gaussian_cross(MatrixView<const double> basis, VectorView<const double> variances,
                       const CrossShape& shape, CrossRadii radii, std::vector<double> mean) {
  const std::int64_t d = basis.rows;
  if (shape.axes == 0) return Grid(Axes({nullptr, d, 0}, {}, std::move(mean)), {});
  std::vector<std::int64_t> order(static_cast<std::size_t>(d));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t a, std::int64_t b) { return variances[a] > variances[b]; });
  std::vector<double> columns(static_cast<std::size_t>(d * shape.axes));
  std::vector<double> scales;
  for (std::int64_t k = 0; k < shape.axes; ++k) {
    for (std::int64_t a = 0; a < d; ++a) columns[a * shape.axes + k] = basis(a, order[k]);
    scales.push_back(std::sqrt(variances[order[k]]));
  }
  Axes axes({columns.data(), d, shape.axes}, std::move(scales), std::move(mean));
  switch (radii) {
    case CrossRadii::unscented:
      return Cross::unscented(std::move(axes));
    case CrossRadii::paper:
      return Cross(std::move(axes), paper_cross_radii(shape.axes, shape.radii),
                   Cross::Shells::norm);
    case CrossRadii::optimal:
      break;
  }
  return Cross(std::move(axes), *optimal_radii_of(shape));
}

}  // namespace

double cross_lower_bound(const GaussianMixture& mixture, const QuantizeOptions& options) {
  const std::int64_t d = mixture.dimension();
  if (options.support < mixture.components()) return INFINITY;  // merged groups, as for grids
  const std::int64_t most = options.support - mixture.components() + 1;
  double sum = 0;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    sum += mixture.weights()[i] *
           cross_lower_bound({mixture.eigenvalues().row(i), d}, most, options.active_dimensions);
  return std::sqrt(sum);
}

Scheme make_cross_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options) {
  const std::int64_t d = mixture.dimension();
  const std::int64_t count = mixture.components();
  if (options.support < count) return merged_points(context, mixture, options.support);

  Pulse::report("allocation", 0);
  const std::int64_t support = std::min(options.support, count * 2 * d * kMostRadii);
  const std::vector<double> variances =
      kept_variances(mixture, rank_tolerance_or_default(options.rank_tolerance, d));
  const MatrixView<const double> rows(variances.data(), count, d);
  const bool unscented = options.radii == CrossRadii::unscented;
  const std::vector<std::int64_t> budget =
      unscented
          ? std::vector<std::int64_t>(static_cast<std::size_t>(count), support / count)
          : allocate_budget(
                context, mixture.weights(),
                [&](std::int64_t i, std::int64_t largest) {
                  return cross_distortions({rows.row(i), d}, largest, options.active_dimensions);
                },
                support);
  const Eigenbases bases(mixture);
  std::vector<Layer> layers;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i % 256 == 0) Pulse::report("crosses", static_cast<double>(i) / static_cast<double>(count));
    const VectorView<const double> own{rows.row(i), d};
    const CrossShape shape = unscented
                                 ? unscented_shape(own, budget[i], options.active_dimensions)
                                 : best_cross_shape(own, budget[i], options.active_dimensions);
    const double* const mean = mixture.means().row(i);
    layers.push_back(
        {gaussian_cross(bases[i], own, shape, options.radii, std::vector<double>(mean, mean + d)),
         {i}});
  }
  return Scheme::layered(std::move(layers));
}

}  // namespace wquant
