#include "quantize/search/grid_scheme.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/backend.hpp"
#include "backend/workspace_limit.hpp"
#include "base/eigen.hpp"
#include "base/pulse.hpp"
#include "quantize/mixture/common_basis.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/mixture/component_tables.hpp"
#include "quantize/mixture/marginals.hpp"
#include "quantize/points/component_grids.hpp"
#include "quantize/points/marginal_terms.hpp"
#include "wquant/grid_shape.hpp"

namespace wquant {
namespace {

/// Of the marginal mixtures about their centre.
Eigen::VectorXd variances_of(const GaussianMixture& mixture, const Marginals& along) {
  const Eigen::Map<const Eigen::VectorXd> weights(mixture.weights().data, mixture.components());
  return (along.means.cwiseAbs2() + along.deviations.cwiseAbs2()).transpose() * weights;
}

/// Cells that may be evaluated to polish the points of one dimension; from there on, and for very
/// many components at once, the quantiser of the moment-matched Gaussian is kept.
constexpr std::int64_t kMostCells = 40'000'000;
constexpr int kMostIterations = 100;
/// Newton converges quadratically: after such a move what is left is 1e-12.
constexpr double kTolerance = 1e-6;

}  // namespace

Scheme make_grid_scheme(const Context& context, const GaussianMixture& mixture,
                        const QuantizeOptions& options, const LocalCovariance* local) {
  const std::int64_t d = mixture.dimension();
  Pulse::report("common basis", 0);
  const RowMajor basis = common_basis(context, mixture, options.seed);
  const std::vector<double> centre = mixture.mean();
  const Marginals along = marginals(mixture, all_components(mixture), basis, centre);
  Eigen::VectorXd variances = variances_of(mixture, along);
  Eigen::VectorXd start = Eigen::VectorXd::Zero(d);
  if (local) {
    const Eigen::Map<const RowMajor> covariance(local->covariance.data(), d, d);
    variances = (basis.transpose() * covariance * basis).diagonal();
    start = basis.transpose() * (Eigen::Map<const Eigen::VectorXd>(local->centre.data(), d) -
                                 Eigen::Map<const Eigen::VectorXd>(centre.data(), d));
  }
  const double least = rank_tolerance_or_default(options.rank_tolerance, d) * variances.maxCoeff();
  for (std::int64_t k = 0; k < d; ++k)
    if (!(variances[k] > least)) variances[k] = 0;

  Pulse::report("grid shape", 0.5);
  const std::vector<std::int64_t> shape =
      optimal_grid_shape({variances.data(), static_cast<std::size_t>(d)}, options.support);
  double points_in_all = 0;
  for (const std::int64_t n : shape) points_in_all += static_cast<double>(n);
  require_workspace(context, "points of the grid's dimensions", 8 * sizeof(double) * points_in_all);
  Grid grid = gaussian_grid({basis.data(), d, d}, {variances.data(), d}, shape, centre);
  if (mixture.components() == 1) return Scheme::grid(std::move(grid), 1);

  std::vector<std::vector<double>> points = grid.points();
  std::size_t at = 0;
  for (std::int64_t k = 0; k < d; ++k) {
    if (shape[k] == 1) continue;
    const double scale = grid.axes().scales()[at];
    for (double& z : points[at]) z += start[k] / scale;
    Pulse::report("grid points", 0.5 + 0.5 * static_cast<double>(k) / static_cast<double>(d));
    const Eigen::VectorXd means = along.means.col(k) / scale;
    const Eigen::VectorXd deviations = along.deviations.col(k) / scale;
    const MarginalTerms terms(mixture.weights(), {means.data(), means.size()},
                              {deviations.data(), deviations.size()},
                              context.backend().host_threads());
    const auto affordable = static_cast<int>(
        std::min<std::int64_t>(kMostIterations, kMostCells / mixture.components() / shape[k]));
    if (affordable > 0) points[at] = stationary_points(points[at], terms, kTolerance, affordable);
    ++at;
  }
  return Scheme::grid(Grid(grid.axes(), std::move(points)), mixture.components());
}

}  // namespace wquant
