#include "quantize/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/normal_cell.hpp"
#include "quantize/rounding.hpp"
#include "quantize/summation.hpp"
#include "wquant/quantize.hpp"

namespace wquant {
namespace {

/// Moments of one component's 1-D cells about their points: Σ_j P_j (v_j + (m_j − c_j)²) and
/// Σ_j P_j c_j², summed over the kept dimensions.
struct CellSums {
  double cost = 0;
  double second_moment = 0;
};

CellSums cell_sums(const SchemeTables& tables, const CellTable& moments, std::int64_t layer,
                   std::int64_t row) {
  CompensatedSum cost;
  CompensatedSum second_moment;
  for (std::int64_t k = 0; k < tables.rank[layer]; ++k) {
    const double* const points =
        tables.points.data() + tables.points_begin[tables.dimension_begin[layer] + k];
    const std::int64_t begin = tables.row_out_begin[row + k];
    for (std::int64_t j = 0; j < tables.row_cells[row + k]; ++j) {
      const double offset = moments.mean[begin + j] - points[j];
      cost += moments.mass[begin + j] * (moments.variance[begin + j] + offset * offset);
      second_moment += moments.mass[begin + j] * points[j] * points[j];
    }
  }
  return {cost.value(), second_moment.value()};
}

/// Relative error of the cells' cost beyond what is charged as a distance: moments of 1-D cells,
/// of ends known to 2ε — which changes mass and cost of a cell by at most 4ε(1 + z²) —, and sums.
constexpr double kCellCostError = kCellMassError + kCellVarianceError + 64 * kEpsilon;

/// Relative error of a layer's probabilities, averaged with the weight ‖X‖² that it is charged
/// with: r factors each off by kCellMassError and by ε(1 + z²) through its ends, the sum over
/// components as in Backend::product_mass. A single component on a single point keeps its weight.
double probability_error(const SchemeTables& tables, std::int64_t layer) {
  const auto components =
      static_cast<double>(tables.component_begin[layer + 1] - tables.component_begin[layer]);
  const auto rank = static_cast<double>(tables.rank[layer]);
  if (rank == 0 && components == 1) return 0;
  return rank * (kCellMassError + 16 * kEpsilon) +
         (rank + std::min(components, 256.0) + components / 256 + 8) * kEpsilon;
}

/// Sums over components, weighted by w_i, of everything the certificate is made of.
struct Totals {
  CompensatedSum cells;     // squared distances within the spans of the grids
  CompensatedSum off_span;  // squared distances to the spans
  CompensatedSum mismatch;  // squared distances between components and product Gaussians
  CompensatedSum lengths;   // squares of distances that rounding may add
  CompensatedSum spread;    // E‖X − centre‖²
  double probability_error = 0;
};

void add_layer(const SchemeTables& tables, const CellTable& moments, std::int64_t layer,
               const GaussianMixture& mixture, const std::vector<double>& centre, Totals& totals) {
  const std::int64_t rank = tables.rank[layer];
  const std::int64_t begin = tables.component_begin[layer];
  const std::int64_t end = tables.component_begin[layer + 1];
  const auto rank_root = std::sqrt(static_cast<double>(rank));
  CompensatedSum weight;
  CompensatedSum lengths_without_location;
  CompensatedSum layer_second_moment;
  for (std::int64_t c = begin; c < end; ++c) {
    const double w = tables.weights[c];
    const LocalGaussian& local = tables.locals[c];
    const CellSums sums =
        cell_sums(tables, moments, layer, tables.row_begin[layer] + (c - begin) * rank);
    // Means of cells and their differences from the points, in the units of the input.
    const double length =
        local.mean_rounding + 32 * kEpsilon * rank_root * (std::sqrt(local.trace) + local.distance);
    weight += w;
    layer_second_moment += w * sums.second_moment;
    totals.cells += w * sums.cost;
    totals.off_span += w * local.off_span;
    totals.mismatch += w * local.mismatch * local.mismatch;
    lengths_without_location += w * length * length;
    const Eigen::Map<const Eigen::VectorXd> mean(mixture.means().row(tables.component[c]),
                                                 mixture.dimension());
    const Eigen::Map<const Eigen::VectorXd> from(centre.data(), mixture.dimension());
    totals.spread += w * (local.trace + (mean - from).squaredNorm());
  }
  totals.probability_error = std::max(totals.probability_error, probability_error(tables, layer));
  if (weight.value() == 0) return;
  // Rounding of the locations o + Σ_k q_k y_k, and q_k stored instead of orthonormal.
  const double radius = std::sqrt(layer_second_moment.value() / weight.value());
  const LocalFrame& frame = tables.local_frames[layer];
  const double location = rank == 0 ? 0
                                    : static_cast<double>(rank + 4) * kEpsilon *
                                              (frame.offset.norm() + rank_root * radius) +
                                          frame.orthogonality * radius;
  const double both =
      std::sqrt(lengths_without_location.value()) + std::sqrt(weight.value()) * location;
  totals.lengths += both * both;
}

/// quantization.md §10. With C = cells, δ² = mismatch, O = off span, Minkowski's inequality gives
///     W₂(P, D') ≤ √((√C + δ)² + O) + lengths
/// for D' with exact probabilities. The probabilities q of D, normalised, have relative errors up
/// to 2η: a mass of at most 2η p_a leaves cell a or arrives at x_a, never both. Moving from X to
/// x_b costs at most 2‖X − x̄‖² + 2‖x_b − x̄‖², and with E‖X − x̄‖² = S both kinds of mass have a mean
/// square of at most (√S + W₂)², so the squared cost grows by at most 4η (√S + W₂)².
Certificate make_certificate(const Totals& totals) {
  Certificate certificate;
  certificate.cells = totals.cells.value() * (1 + kCellCostError);
  certificate.dropped = round_up(totals.off_span.value());
  const double mismatch = round_up(std::sqrt(totals.mismatch.value()));
  const double plain = std::sqrt(certificate.cells + certificate.dropped);
  const double with_mismatch =
      root_sum_squares(std::sqrt(certificate.cells) + mismatch, std::sqrt(certificate.dropped));
  const double gain = mismatch * (2 * std::sqrt(certificate.cells) + mismatch);
  certificate.basis = gain == 0 ? 0 : round_up(gain / (plain + with_mismatch));

  const double lengths = round_up(std::sqrt(totals.lengths.value()));
  const double distance = plain + certificate.basis + lengths;
  const double radius = std::sqrt(totals.spread.value()) + distance;
  const double misplaced = 4 * totals.probability_error * radius * radius;
  const double moved =
      misplaced == 0 ? 0 : misplaced / (distance + std::sqrt(distance * distance + misplaced));
  certificate.rounding = round_up(lengths + moved + 4 * kEpsilon * distance);
  certificate.w2 =
      round_up(plain + certificate.reduction + certificate.basis + certificate.rounding);
  return certificate;
}

}  // namespace

Evaluation::Evaluation(const Context& context, const Scheme& scheme, const GaussianMixture& mixture)
    : tables(context, scheme, mixture), cell_mass(context, tables.cell_count()) {
  Array<double> cell_mean(context, tables.cell_count());
  Array<double> cell_variance(context, tables.cell_count());
  const CellTable moments{{cell_mass.data(), cell_mass.size(), cell_mass.space()},
                          {cell_mean.data(), cell_mean.size(), cell_mean.space()},
                          {cell_variance.data(), cell_variance.size(), cell_variance.space()}};
  context.backend().cell_moments(tables.cell_rows(), moments);
  const std::vector<double> centre = mixture.mean();
  Totals totals;
  totals.probability_error = mixture.weight_error();
  for (std::int64_t layer = 0; layer < tables.layers(); ++layer)
    add_layer(tables, moments, layer, mixture, centre, totals);
  certificate = make_certificate(totals);
}

Certificate certify(const Context& context, const Scheme& scheme, const GaussianMixture& mixture) {
  return Evaluation(context, scheme, mixture).certificate;
}

}  // namespace wquant
