#include "quantize/evaluation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/normal_cell.hpp"
#include "quantize/rounding.hpp"
#include "quantize/summation.hpp"
#include "wquant/quantize.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

constexpr double kSmallest = std::numeric_limits<double>::min();

/// Moments of one component's 1-D cells about their points: Σ_j P_j (v_j + (m_j − c_j)²),
/// Σ_j P_j (m_j − c_j)² and Σ_j P_j c_j², summed over the kept dimensions.
struct CellSums {
  double cost = 0;
  double gap = 0;
  double second_moment = 0;
  double mass = 1;  // Π_k Σ_j P_kj, 1 but for rounding
};

CellSums cell_sums(const SchemeTables& tables, const CellTable& moments, std::int64_t layer,
                   std::int64_t row) {
  CompensatedSum cost;
  CompensatedSum gap;
  CompensatedSum second_moment;
  double product = 1;
  for (std::int64_t k = 0; k < tables.rank[layer]; ++k) {
    const double* const points =
        tables.points.data() + tables.points_begin[tables.dimension_begin[layer] + k];
    const std::int64_t begin = tables.row_out_begin[row + k];
    CompensatedSum mass;
    for (std::int64_t j = 0; j < tables.row_cells[row + k]; ++j) {
      mass += moments.mass[begin + j];
      const double offset = moments.mean[begin + j] - points[j];
      cost += moments.mass[begin + j] * (moments.variance[begin + j] + offset * offset);
      gap += moments.mass[begin + j] * offset * offset;
      second_moment += moments.mass[begin + j] * points[j] * points[j];
    }
    product *= mass.value();
  }
  return {cost.value(), gap.value(), second_moment.value(), product};
}

/// Relative error of the cells' cost: moments of 1-D cells, widths known to 2ε, sums. (An end z
/// known to 2ε|z| shifts its cell by that much, which add_layer charges as a distance.)
constexpr double kCellCostError = kCellMassError + kCellVarianceError + 64 * kEpsilon;

/// Roundings in the probability of one point, beyond those of its 1-D masses: products, and the sum
/// over components as in Backend::product_mass.
double product_rounding(const SchemeTables& tables, std::int64_t layer) {
  const auto components =
      static_cast<double>(tables.component_begin[layer + 1] - tables.component_begin[layer]);
  const auto rank = static_cast<double>(tables.rank[layer]);
  if (rank == 0 && components == 1) return 0;  // the component's weight as it is
  return (rank + std::min(components, 256.0) + components / 256 + 2) * kEpsilon;
}

/// Relative error of a layer's probabilities, averaged with the weight ‖X‖² that it is charged
/// with: r factors each off by kCellMassError and by ε(1 + z²) through its ends, and the above.
double probability_error(const SchemeTables& tables, std::int64_t layer) {
  return static_cast<double>(tables.rank[layer]) * (kCellMassError + 16 * kEpsilon) +
         product_rounding(tables, layer);
}

/// Sums over components, weighted by w_i, of everything the certificate is made of, in the unit of
/// the tables.
struct Totals {
  CompensatedSum cells;          // squared distances within the spans of the grids
  CompensatedSum off_span;       // squared distances to the spans
  CompensatedSum gap;            // squared distances between points and means of cells
  CompensatedSum mismatch;       // squared distances between components and product Gaussians
  CompensatedSum lengths;        // squares of distances that rounding may add
  CompensatedSum spread;         // E‖X − centre‖²
  CompensatedSum within;         // E‖X − offset of its layer‖²
  double probability_error = 0;  // relative, of points
  double layer_error = 0;        // relative, of the layers' shares
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
  CompensatedSum mass_error;
  VectorXd off_centre = VectorXd::Zero(mixture.dimension());
  for (std::int64_t c = begin; c < end; ++c) {
    const double w = tables.weights[c];
    const LocalGaussian& local = tables.locals[c];
    const CellSums sums =
        cell_sums(tables, moments, layer, tables.row_begin[layer] + (c - begin) * rank);
    // Means of cells, their differences from the points, and the ends of cells.
    const double length =
        local.mean_rounding + 32 * kEpsilon * rank_root * (std::sqrt(local.trace) + local.distance);
    weight += w;
    mass_error += w * (sums.mass - 1);
    layer_second_moment += w * sums.second_moment;
    totals.cells += w * sums.cost;
    totals.off_span += w * local.off_span;
    // By convexity over the components of a cell.
    totals.gap += w * (sums.gap + local.regression + (rank > 0 ? local.off_span_mean : 0));
    totals.mismatch += w * local.mismatch * local.mismatch;
    lengths_without_location += w * length * length;
    // Products of weights and squares may have vanished below the smallest normal number.
    if (w > 0 && local.trace + local.distance > 0)
      lengths_without_location +=
          static_cast<double>(mixture.dimension() + 4 * rank + 4) * kSmallest;
    const Eigen::Map<const Eigen::VectorXd> mean(mixture.means().row(tables.component[c]),
                                                 mixture.dimension());
    const Eigen::Map<const Eigen::VectorXd> from(centre.data(), mixture.dimension());
    totals.spread += w * (local.trace + ((mean - from) / tables.unit).squaredNorm());
    off_centre += w * (mean / tables.unit - tables.local_frames[layer].offset);
    totals.within += w * (local.trace + local.distance * local.distance);
  }
  if (weight.value() == 0) return;
  if (rank == 0) totals.gap += off_centre.squaredNorm() / weight.value();  // the one cell's mean
  totals.probability_error = std::max(totals.probability_error, probability_error(tables, layer));
  totals.layer_error = std::max(totals.layer_error, std::fabs(mass_error.value()) / weight.value() +
                                                        product_rounding(tables, layer));
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
/// for D' with exact probabilities p. Those of D, normalised, are q = p + (t − 1) p + r: the share
/// of the point's layer is off by |t − 1| ≤ 2η', and within the layer |r| ≤ 2η p with Σ r = 0. Mass
/// that leaves cell a for x_b costs at most 2‖X − x̄‖² + 2‖x_b − x̄‖² for any x̄, and no point both
/// loses and gains; with E‖X − x̄‖² = S that adds at most 4η' (√S + W₂)² to the squared cost for the
/// shares, and 4η (√S' + W₂)² within the layers, S' = E‖X − offset of its layer‖² if that is less.
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
  const double across = std::sqrt(totals.spread.value()) + distance;
  const double within =
      std::sqrt(std::min(totals.within.value(), totals.spread.value())) + distance;
  const double misplaced =
      4 * (totals.layer_error * across * across + totals.probability_error * within * within);
  const double moved =
      misplaced == 0 ? 0 : misplaced / (distance + std::sqrt(distance * distance + misplaced));
  certificate.rounding = round_up(lengths + moved + 4 * kEpsilon * distance);
  const double gap =
      std::sqrt(totals.gap.value()) * (1 + kCellCostError) + lengths + 4 * kEpsilon * distance;
  certificate.centroid_gap = round_up(std::min(gap, distance));
  certificate.w2 =
      round_up(plain + certificate.reduction + certificate.basis + certificate.rounding);
  return certificate;
}

/// x in the units of the input, rounded up where it falls below the smallest double.
double scaled(double x, double factor) {
  return x > 0 ? std::max(x * factor, std::numeric_limits<double>::denorm_min()) : 0;
}

Certificate in_units(const Certificate& c, double unit) {
  return {.w2 = scaled(c.w2, unit),
          .cells = scaled(scaled(c.cells, unit), unit),
          .dropped = scaled(scaled(c.dropped, unit), unit),
          .reduction = scaled(c.reduction, unit),
          .basis = scaled(c.basis, unit),
          .rounding = scaled(c.rounding, unit),
          .centroid_gap = scaled(c.centroid_gap, unit)};
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
  for (std::int64_t layer = 0; layer < tables.layers(); ++layer)
    add_layer(tables, moments, layer, mixture, centre, totals);
  totals.probability_error += mixture.weight_error();
  totals.layer_error = tables.layers() > 1 ? totals.layer_error + mixture.weight_error() : 0;
  certificate = in_units(make_certificate(totals), tables.unit);
}

Certificate certify(const Context& context, const Scheme& scheme, const GaussianMixture& mixture) {
  return Evaluation(context, scheme, mixture).certificate;
}

}  // namespace wquant
