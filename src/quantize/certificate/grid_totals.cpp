#include "quantize/certificate/grid_totals.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/heartbeat.hpp"
#include "base/limits.hpp"
#include "numerics/normal_cell.hpp"
#include "quantize/certificate/component_totals.hpp"

namespace wquant {
namespace {

using Eigen::VectorXd;

/// One component in one dimension: inside the boxes Σ_j P_j (v_j + (m_j − c_j)²),
/// Σ_j P_j (m_j − c_j), Σ_j P_j (m_j − c_j)², Σ_j P_j c_j² and the second moment about the location
/// for what is outside; outside, mass and that second moment.
struct RowSums {
  double cost = 0;
  double bias = 0;
  double centroid_gap = 0;
  double second_moment = 0;
  double mass = 0;         // of all cells, 1 but for rounding
  double inside_mass = 0;  // of those inside
  double inside_about_outside = 0;
  double outside_mass = 0;
  double outside_moment = 0;
};

double about(double mass, double variance, double offset) {
  return mass * (variance + offset * offset);
}

/// begin: the first of the cells that are boxes.
RowSums row_sums(const LaidGrid& grid, const KeptDimension& dimension, std::int64_t begin) {
  const HostMoments& moments = grid.moments;
  const std::span<const double> points = dimension.points;
  const auto count = static_cast<std::int64_t>(points.size());
  const double z = dimension.outside;
  CompensatedSum cost, bias, gap, second_moment, mass, about_outside;
  for (std::int64_t j = 0; j < count; ++j) {
    const double p = moments.mass[begin + j];
    const double offset = moments.mean[begin + j] - points[j];
    mass += p;
    cost += about(p, moments.variance[begin + j], offset);
    bias += p * offset;
    gap += p * offset * offset;
    second_moment += p * points[j] * points[j];
    if (grid.has_outside)
      about_outside += about(p, moments.variance[begin + j], moments.mean[begin + j] - z);
  }
  RowSums sums{.cost = cost.value(),
               .bias = bias.value(),
               .centroid_gap = gap.value(),
               .second_moment = second_moment.value(),
               .inside_mass = mass.value(),
               .inside_about_outside = about_outside.value()};
  for (const std::int64_t j : {begin - 1, begin + count}) {
    if (j < begin ? dimension.cells_below == 0 : dimension.cells_above == 0) continue;
    sums.outside_mass += moments.mass[j];
    sums.outside_moment += about(moments.mass[j], moments.variance[j], moments.mean[j] - z);
  }
  mass += sums.outside_mass;
  sums.mass = mass.value();
  return sums;
}

/// One component over all dimensions.
struct CellSums {
  double cost = 0;
  double centroid_gap = 0;
  double second_moment = 0;
  double mass = 1;
  double outside_mass = 0;
};

CellSums unbounded_sums(const std::vector<RowSums>& rows) {
  CellSums out;
  CompensatedSum cost, gap, second_moment;
  for (const RowSums& row : rows) {
    cost += row.cost;
    gap += row.centroid_gap;
    second_moment += row.second_moment;
    out.mass *= row.mass;
  }
  out.cost = cost.value();
  out.centroid_gap = gap.value();
  out.second_moment = second_moment.value();
  return out;
}

/// 1 − Q and log(1 − Q), Q the mass outside, from whichever side is small: each is relatively as
/// good as a cell's mass.
double inside_mass(const RowSums& row) {
  return row.outside_mass <= 0.5 ? 1 - row.outside_mass : row.inside_mass;
}
double log_inside_mass(const RowSums& row) {
  return row.outside_mass <= 0.5 ? std::log1p(-row.outside_mass) : std::log(row.inside_mass);
}

/// With Q_k the mass outside in dimension k: inside means inside in all dimensions, so that what is
/// inside in k counts Π_{l≠k} (1 − Q_l) times there and the rest of it outside. No term is
/// negative, and every factor is relatively good to kCellMassError and its own rounding.
CellSums bounded_sums(const LaidGrid& grid, const std::vector<RowSums>& rows) {
  CellSums out;
  CompensatedSum cost, gap, second_moment, far;
  double log_inside = 0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    double others = 1;      // Π_{l≠k} (1 − Q_l)
    double log_others = 0;  // its logarithm
    for (std::size_t l = 0; l < rows.size(); ++l) {
      if (l == k) continue;
      others *= inside_mass(rows[l]);
      log_others += log_inside_mass(rows[l]);
    }
    log_inside += log_inside_mass(rows[k]);
    const double outside =
        rows[k].outside_moment + rows[k].inside_about_outside * -std::expm1(log_others);
    cost += rows[k].cost * others;
    cost += outside;
    gap += rows[k].centroid_gap * others;
    gap += outside;
    second_moment += rows[k].second_moment * others;
    out.mass *= rows[k].mass;
    const double z = grid.dimensions[k].outside;
    far += z * z;
  }
  const double factors = 1 + static_cast<double>(rows.size()) * (kCellMassError + 8 * kEpsilon);
  out.cost = cost.value() * factors;
  out.centroid_gap = gap.value() * factors;
  out.outside_mass = -std::expm1(log_inside);
  out.second_moment = second_moment.value() + out.outside_mass * far.value();
  return out;
}

/// Roundings in the probability of one point, beyond those of its 1-D masses: products, and the sum
/// over components as in Backend::product_mass.
double product_rounding(const LaidGrid& grid) {
  const auto components = static_cast<double>(grid.components.size());
  const auto rank = static_cast<double>(grid.rank());
  if (rank == 0 && components == 1) return 0;  // the component's weight as it is
  return (rank + std::min(components, 256.0) + components / 256 + 2) * kEpsilon;
}

/// Relative error of a layer's probabilities, averaged with the weight ‖X‖² that it is charged
/// with: r factors each off by kCellMassError and by ε(1 + z²) through its ends, and the above.
double probability_error(const LaidGrid& grid) {
  return static_cast<double>(grid.rank()) * (kCellMassError + 16 * kEpsilon) +
         product_rounding(grid);
}

}  // namespace

GridTotals grid_totals(const LaidGrid& grid, const MeasuredMixture& measured,
                       const AffineImage* image) {
  const GaussianMixture& mixture = measured.mixture;
  const std::int64_t rank = grid.rank();
  const LocalFrame& frame = grid.frame;
  const bool from_cells = image && !grid.has_outside;
  CompensatedSum image_cost_sum;
  ComponentTotals components(measured, rank);
  CompensatedSum cells, gap, second_moment, mass_error, outside_mass;
  VectorXd off_centre = VectorXd::Zero(mixture.dimension());
  std::vector<RowSums> rows(static_cast<std::size_t>(rank));
  std::vector<CoordinateError> errors(rows.size());
  ShortSteps steps;
  for (std::size_t c = 0; c < grid.components.size(); ++c) {
    steps.beat();
    const std::int64_t i = grid.components[c];
    const double w = mixture.weights()[i];
    const LocalGaussian& local = grid.locals[c];
    const auto first_cells = grid.first_cells.subspan(c * rows.size(), rows.size());
    for (std::int64_t k = 0; k < rank; ++k)
      rows[k] = row_sums(grid, grid.dimensions[k], first_cells[k]);
    const CellSums sums = grid.has_outside ? bounded_sums(grid, rows) : unbounded_sums(rows);
    components.add(i, local);
    mass_error += w * (sums.mass - 1);
    outside_mass += w * sums.outside_mass;
    second_moment += w * sums.second_moment;
    cells += w * sums.cost;
    if (from_cells) {
      for (std::int64_t k = 0; k < rank; ++k) errors[k] = {rows[k].cost, rows[k].bias};
      image_cost_sum += w * image_cost(*image, measured, i, frame, local, errors);
    }
    // By convexity over the components of a cell.
    gap += w * (sums.centroid_gap + local.regression + (rank > 0 ? local.dropped_mean : 0));
    const Eigen::Map<const VectorXd> mean(mixture.means().row(i), mixture.dimension());
    off_centre += w * (mean / measured.unit - frame.offset);
  }
  GridTotals out;
  out.outside_mass = outside_mass.value();
  LayerTotals& totals = out.totals;
  totals = components.totals();
  totals.cells = cells.value();
  const double weight = components.weight();
  if (weight == 0) return out;
  totals.centroid_gap = gap.value();
  if (rank == 0) totals.centroid_gap += off_centre.squaredNorm() / weight;  // the one cell's mean
  totals.probability_error = probability_error(grid);
  totals.layer_error = std::fabs(mass_error.value()) / weight + product_rounding(grid);
  totals.rounding = components.rounding_with_points(frame, second_moment.value());
  if (image) stretch(totals, image->norm);
  if (from_cells) {
    // The images of the axes and of what is across them are not orthogonal: δ adds to both.
    totals.cells = image_cost_sum.value();
    totals.dropped = 0;
  }
  return out;
}

}  // namespace wquant
