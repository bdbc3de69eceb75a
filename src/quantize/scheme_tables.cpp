#include "quantize/scheme_tables.hpp"

#include <algorithm>
#include <cmath>

#include "backend/normal_cell.hpp"
#include "quantize/rounding.hpp"
#include "quantize/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

template <class T>
VectorView<const T> view(const std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}

/// What the tables of a scheme take, before anything is allocated.
double table_bytes(const Scheme& scheme) {
  double cells = 0;
  for (const Layer& layer : scheme.layers()) {
    double per_component = 0;
    for (const auto& points : layer.grid.points())
      per_component += static_cast<double>(points.size());
    cells += per_component * static_cast<double>(layer.components.size());
  }
  return cells * sizeof(CellMoments);
}

/// The largest length that the layers' grids are made of. Throws InvalidArgument beyond the range
/// of a mixture's.
double largest_length(const Scheme& scheme) {
  double largest = 0;
  for (const Layer& layer : scheme.layers()) {
    const Axes& axes = layer.grid.axes();
    for (const double x : axes.offset()) largest = std::max(largest, std::fabs(x));
    for (std::int64_t k = 0; k < axes.rank(); ++k) {
      const std::vector<double>& points = layer.grid.points()[k];
      largest = std::max({largest, std::fabs(points.front() * axes.scales()[k]),
                          std::fabs(points.back() * axes.scales()[k])});
    }
  }
  if (!(largest <= kLargestLength))
    throw InvalidArgument("grid: coordinates up to " + number_text(largest) +
                          "; expected at most " + number_text(kLargestLength));
  return largest;
}

double common_unit(const Scheme& scheme, const GaussianMixture& mixture) {
  double largest = largest_length(scheme);
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    for (std::int64_t k = 0; k < mixture.dimension(); ++k)
      largest = std::max(
          {largest, std::fabs(mixture.means()(i, k)), std::sqrt(mixture.eigenvalues()(i, k))});
  return largest == 0 ? 1 : std::ldexp(1.0, std::max(std::ilogb(largest), -1000));
}

}  // namespace

SchemeTables::SchemeTables(const Context& context, const Scheme& scheme,
                           const GaussianMixture& mixture)
    : dimension_(mixture.dimension()) {
  if (scheme.components() != mixture.components() || scheme.dimension() != mixture.dimension())
    throw InvalidArgument("scheme: made for " + std::to_string(scheme.components()) +
                          " components in dimension " + std::to_string(scheme.dimension()) +
                          "; the mixture has " + std::to_string(mixture.components()) + " in " +
                          std::to_string(mixture.dimension()));
  require_workspace(context, "cell moments of the scheme", table_bytes(scheme));
  unit = common_unit(scheme, mixture);
  out_begin.push_back(0);
  component_begin.push_back(0);
  for (const Layer& layer : scheme.layers()) {
    add_grid(layer.grid);
    row_begin.push_back(static_cast<std::int64_t>(row_means.size()));
    for (const std::int64_t i : layer.components) add_component(mixture, i);
    component_begin.push_back(static_cast<std::int64_t>(component.size()));
  }
}

void SchemeTables::add_grid(const Grid& grid) {
  const Axes& axes = grid.axes();
  const MatrixView<const double> basis = axes.basis();
  std::vector<std::int64_t> kept;
  LocalFrame frame;
  frame.offset = Eigen::Map<const Eigen::VectorXd>(axes.offset().data(), dimension_);
  for (std::int64_t k = 0; k < axes.rank(); ++k) {
    if (grid.points()[k].size() > 1) {
      kept.push_back(k);
      continue;
    }
    const double shift = grid.points()[k].front() * axes.scales()[k];
    if (shift != 0)
      for (std::int64_t a = 0; a < dimension_; ++a) frame.offset[a] += basis(a, k) * shift;
  }
  dimension_begin.push_back(static_cast<std::int64_t>(cells.size()));
  rank.push_back(static_cast<std::int64_t>(kept.size()));
  out_begin.push_back(out_begin.back() + grid.size());
  offsets.insert(offsets.end(), frame.offset.begin(), frame.offset.end());
  frame.offset /= unit;

  frame.directions.resize(dimension_, rank.back());
  for (std::int64_t k = 0; k < rank.back(); ++k) {
    const std::vector<double>& local_points = grid.points()[kept[k]];
    cells.push_back(static_cast<std::int64_t>(local_points.size()));
    points_begin.push_back(static_cast<std::int64_t>(points.size()));
    edges_begin.push_back(static_cast<std::int64_t>(edges.size()));
    for (const double c : local_points) {
      unscaled_points.push_back(axes.scales()[kept[k]] * c);
      points.push_back(unscaled_points.back() / unit);
    }
    for (std::int64_t j = points_begin.back(); j + 1 < static_cast<std::int64_t>(points.size());
         ++j)
      edges.push_back(points[j] / 2 + points[j + 1] / 2);
    for (std::int64_t a = 0; a < dimension_; ++a) {
      frame.directions(a, k) = basis(a, kept[k]);
      directions.push_back(basis(a, kept[k]));
    }
  }
  frame.orthogonality = row_orthogonality_error(
      {directions.data() + dimension_begin.back() * dimension_, rank.back(), dimension_});
  local_frames.push_back(std::move(frame));
}

void SchemeTables::add_component(const GaussianMixture& mixture, std::int64_t i) {
  component.push_back(i);
  weights.push_back(mixture.weights()[i]);
  locals.push_back(project(mixture, i, local_frames.back(), unit));
  for (std::int64_t k = 0; k < rank.back(); ++k) {
    const std::int64_t at = dimension_begin.back() + k;
    row_means.push_back(locals.back().mean[k]);
    row_deviations.push_back(std::sqrt(locals.back().variance[k]));
    row_cells.push_back(cells[at]);
    row_edges_begin.push_back(edges_begin[at]);
    row_out_begin.push_back(cell_count_);
    cell_count_ += cells[at];
  }
}

ProductGrids SchemeTables::grids() const {
  return {view(rank), view(dimension_begin), view(cells), view(points_begin), view(out_begin)};
}

CellRows SchemeTables::cell_rows() const {
  return {view(row_means),       view(row_deviations), view(row_cells),
          view(row_edges_begin), view(row_out_begin),  view(edges)};
}

GridFrames SchemeTables::frames() const {
  return {{offsets.data(), layers(), dimension_},
          {directions.data(), static_cast<std::int64_t>(cells.size()), dimension_},
          view(unscaled_points)};
}

}  // namespace wquant
