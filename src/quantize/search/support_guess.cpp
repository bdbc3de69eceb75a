#include "quantize/search/support_guess.hpp"

#include <algorithm>
#include <vector>

#include "quantize/mixture/component_tables.hpp"
#include "quantize/points/allocation.hpp"
#include "quantize/points/component_grids.hpp"
#include "wquant/grid_shape.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

/// Guesses of a support go no further: curves of that length take seconds.
constexpr std::int64_t kMostForeseen = std::int64_t{1} << 25;

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

/// Whether grids of the components foresee the family. A shared grid of a mixture is not foreseen,
/// nor is any other radius of crosses.
bool is_foreseen(SchemeFamily family, const GaussianMixture& mixture) {
  return family == SchemeFamily::automatic || family == SchemeFamily::per_component ||
         family == SchemeFamily::lloyd ||
         (family == SchemeFamily::grid && mixture.components() == 1);
}

}  // namespace

std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, double tolerance, std::int64_t most) {
  if (!is_foreseen(options.family, mixture)) return 1;
  const std::int64_t d = mixture.dimension();
  const std::vector<double> variances =
      kept_variances(mixture, rank_tolerance_or_default(options.rank_tolerance, d));
  const MatrixView<const double> rows(variances.data(), mixture.components(), d);
  const double target = tolerance * tolerance;
  if (mixture.components() == 1) return budget_of_one({rows.row(0), d}, target, most);
  if (most <= mixture.components()) return most;
  const std::int64_t foreseen = std::max(kMostForeseen, 2 * mixture.components());
  return budget_for(context, mixture.weights(), component_curves(rows), target,
                    std::min(most, foreseen));
}

}  // namespace wquant
