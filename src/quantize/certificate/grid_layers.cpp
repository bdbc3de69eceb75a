#include "quantize/certificate/grid_layers.hpp"

#include <algorithm>
#include <cmath>

#include "backend/resident.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/orthogonality.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

/// Layers or components that make a chunk of parallel work: about O(d²) operations each.
std::int64_t per_chunk(std::int64_t dimension) {
  return std::clamp<std::int64_t>(128 / (dimension * dimension), 1, 64);
}

/// What the cells of a grid take for all of its components, before anything is allocated.
double cell_bytes(const PlacedLayer<Grid>& layer) {
  double per_component = 0;
  for (const auto& points : layer.pattern.points())
    per_component += static_cast<double>(points.size());
  return per_component * static_cast<double>(layer.components.size()) * sizeof(CellMoments);
}

bool is_kept(const Grid& grid, std::int64_t k) {
  return grid.points()[k].size() > 1 || grid.has_outside();
}

/// The location for what is outside of a bounded grid's boxes.
PointBlock outside_point(const Grid& grid, std::int64_t row, double probability) {
  const std::int64_t last = grid.size() - 1;
  return {row + last, grid.location(last), {probability}};
}

}  // namespace

CellRows CellRowTable::view() const {
  return {flat_view(means),       flat_view(deviations), flat_view(cells),
          flat_view(edges_begin), flat_view(out_begin),  flat_view(edges)};
}

ProductGrids GridPoints::grids() const {
  return {flat_view(rank_), flat_view(dimension_begin_), flat_view(cells_),
          flat_view(points_begin_), flat_view(out_begin_)};
}

GridFrames GridPoints::frames() const {
  return {{offsets_.data(), static_cast<std::int64_t>(rank_.size()), dimension_},
          {directions_.data(), static_cast<std::int64_t>(cells_.size()), dimension_},
          flat_view(points_)};
}

GridComponents GridPoints::components() const {
  return {flat_view(component_begin_), flat_view(row_begin_), flat_view(weights_),
          flat_view(masses_begin_), flat_view(masses_)};
}

double LayersOf<Grid>::largest_length(const Grid& grid) {
  double largest = largest_offset(grid.axes());
  for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
    const std::vector<double>& points = grid.points()[k];
    largest = std::max({largest, length_along(grid.axes(), k, points.front()),
                        length_along(grid.axes(), k, points.back())});
    if (grid.has_outside())
      largest = std::max(largest, length_along(grid.axes(), k, grid.outside()[k]));
    if (grid.has_midpoint_edges()) continue;
    for (const double edge : grid.edges(k))
      largest = std::max(largest, length_along(grid.axes(), k, edge));
  }
  return largest;
}

void LayersOf<Grid>::prepare(const Context& context) {
  double bytes = 0;
  for (const PlacedLayer<Grid>& layer : layers_) bytes += cell_bytes(layer);
  require_workspace(context, "cell moments of the scheme", bytes);
  if (layers_.empty()) return;
  lay_out(context.backend().host_threads());
  evaluate_cells(context);
}

/// Lays out layer after layer; the numbers are filled in later.
void LayersOf<Grid>::count(const PlacedLayer<Grid>& layer) {
  const Grid& grid = layer.pattern;
  const auto dimension_begin = static_cast<std::int64_t>(dimensions_.size());
  points_.out_begin_.push_back(layer.row);
  points_.dimension_begin_.push_back(dimension_begin);
  points_.row_begin_.push_back(static_cast<std::int64_t>(rows_.cells.size()));
  std::size_t point_count = points_.points_.size();
  std::size_t edge_count = rows_.edges.size();
  std::vector<std::int64_t> edges_begin;
  for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
    if (!is_kept(grid, k)) continue;
    const auto n = static_cast<std::int64_t>(grid.points()[k].size());
    KeptDimension dimension;
    dimension.cells_below = grid.has_outside() && std::isfinite(grid.edges(k).front());
    dimension.cells_above = grid.has_outside() && std::isfinite(grid.edges(k).back());
    dimensions_.push_back(dimension);
    points_.cells_.push_back(n);
    points_.points_begin_.push_back(static_cast<std::int64_t>(point_count));
    edges_begin.push_back(static_cast<std::int64_t>(edge_count));
    point_count += static_cast<std::size_t>(n);
    edge_count += static_cast<std::size_t>(n - 1 + dimension.cells_below + dimension.cells_above);
  }
  points_.points_.resize(point_count);
  rows_.edges.resize(edge_count);
  points_.rank_.push_back(static_cast<std::int64_t>(edges_begin.size()));

  components_.insert(components_.end(), layer.components.begin(), layer.components.end());
  points_.component_begin_.push_back(static_cast<std::int64_t>(components_.size()));
  for (std::size_t c = 0; c < layer.components.size(); ++c)
    for (std::size_t k = 0; k < edges_begin.size(); ++k) {
      const std::size_t at = static_cast<std::size_t>(dimension_begin) + k;
      const KeptDimension& dimension = dimensions_[at];
      rows_.cells.push_back(dimension.cells_below + points_.cells_[at] + dimension.cells_above);
      rows_.edges_begin.push_back(edges_begin[k]);
      rows_.out_begin.push_back(cell_count_);
      points_.masses_begin_.push_back(cell_count_ + dimension.cells_below);
      cell_count_ += rows_.cells.back();
    }
  rows_.means.resize(rows_.cells.size());
  rows_.deviations.resize(rows_.cells.size());
}

void LayersOf<Grid>::lay_out(int threads) {
  const std::int64_t d = layers_.front().measured.mixture.dimension();
  points_.dimension_ = d;
  ShortSteps steps;
  for (const PlacedLayer<Grid>& layer : layers_) {
    steps.beat();
    count(layer);
  }
  frames_.resize(layers_.size());
  points_.offsets_.resize(layers_.size() * static_cast<std::size_t>(d));
  points_.directions_.resize(dimensions_.size() * static_cast<std::size_t>(d));
  scaled_points_.resize(points_.points_.size());
  const std::int64_t chunk = per_chunk(d);
  parallel_chunks(threads, size(), chunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t l = begin; l < end; ++l) fill_grid(l);
  });
  points_.weights_.resize(components_.size());
  locals_.resize(components_.size());
  const std::vector<std::int64_t>& component_begin = points_.component_begin_;
  const auto components = static_cast<std::int64_t>(components_.size());
  parallel_chunks(threads, components, chunk, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t l = std::upper_bound(component_begin.begin(), component_begin.end(), begin) -
                     component_begin.begin() - 1;
    for (std::int64_t c = begin; c < end; ++c) {
      while (c >= component_begin[l + 1]) ++l;
      fill_component(l, c);
    }
  });
}

void LayersOf<Grid>::fill_grid(std::int64_t l) {
  const std::int64_t d = points_.dimension_;
  const double unit = layers_[l].measured.unit;
  const Grid& grid = layers_[l].pattern;
  const Axes& axes = grid.axes();
  const MatrixView<const double> basis = axes.basis();
  const std::int64_t rank = points_.rank_[l];
  const std::int64_t dimension_begin = points_.dimension_begin_[l];
  LocalFrame& frame = frames_[l];
  frame.offset = Eigen::Map<const Eigen::VectorXd>(axes.offset().data(), d);
  frame.directions.resize(d, rank);
  std::int64_t kept = 0;
  for (std::int64_t k = 0; k < axes.rank(); ++k) {
    const std::vector<double>& local_points = grid.points()[k];
    const double scale = axes.scales()[k];
    if (!is_kept(grid, k)) {
      const double shift = local_points.front() * scale;
      if (shift != 0)
        for (std::int64_t a = 0; a < d; ++a) frame.offset[a] += basis(a, k) * shift;
      continue;
    }
    const std::int64_t at = dimension_begin + kept;
    const std::int64_t n = points_.cells_[at];
    double* const point = scaled_points_.data() + points_.points_begin_[at];
    for (std::int64_t j = 0; j < n; ++j) {
      double& unscaled = points_.points_[points_.points_begin_[at] + j];
      unscaled = scale * local_points[j];
      point[j] = unscaled / unit;
    }
    dimensions_[at].points = {point, static_cast<std::size_t>(n)};
    if (grid.has_outside()) dimensions_[at].outside = scale * grid.outside()[k] / unit;
    double* edge = rows_.edges.data() + rows_.edges_begin[points_.row_begin_[l] + kept];
    if (grid.has_midpoint_edges()) {
      for (std::int64_t j = 0; j + 1 < n; ++j) *edge++ = point[j] / 2 + point[j + 1] / 2;
    } else {
      for (const double e : grid.edges(k))
        if (std::isfinite(e)) *edge++ = scale * e / unit;
    }
    for (std::int64_t a = 0; a < d; ++a)
      frame.directions(a, kept) = points_.directions_[at * d + a] = basis(a, k);
    ++kept;
  }
  std::copy_n(frame.offset.data(), d, points_.offsets_.data() + l * d);
  frame.offset = frame.offset.unaryExpr([unit](double x) { return in_units_of(unit, x); }).eval();
  frame.orthogonality =
      row_orthogonality_error({points_.directions_.data() + dimension_begin * d, rank, d});
}

void LayersOf<Grid>::fill_component(std::int64_t l, std::int64_t c) {
  const MeasuredMixture& measured = layers_[l].measured;
  const std::int64_t i = components_[c];
  const std::int64_t rank = points_.rank_[l];
  points_.weights_[c] = measured.mixture.weights()[i];
  locals_[c] = project(measured.mixture, i, frames_[l], measured.unit);
  const std::int64_t row = points_.row_begin_[l] + (c - points_.component_begin_[l]) * rank;
  for (std::int64_t k = 0; k < rank; ++k) {
    rows_.means[row + k] = locals_[c].mean[k];
    rows_.deviations[row + k] = std::sqrt(locals_[c].variance[k]);
  }
}

void LayersOf<Grid>::evaluate_cells(const Context& context) {
  points_.masses_ = Array<double>(context, cell_count_);
  Array<double> mean(context, cell_count_);
  Array<double> variance(context, cell_count_);
  {
    const auto [rows] = resident(context, rows_.view());
    context.backend().cell_moments(
        rows, {flat_view(points_.masses_), flat_view(mean), flat_view(variance)});
  }
  host_mass_ = HostCopy(context, flat_view(points_.masses_));
  host_mean_ = on_host(std::move(mean));
  host_variance_ = on_host(std::move(variance));
}

EvaluatedLayer LayersOf<Grid>::evaluated(std::int64_t l, const AffineImage* image) const {
  const PlacedLayer<Grid>& layer = layers_[l];
  const auto rank = static_cast<std::size_t>(points_.rank_[l]);
  const std::size_t count = layer.components.size();
  const LaidGrid laid{
      .has_outside = layer.pattern.has_outside(),
      .frame = frames_[l],
      .dimensions = {dimensions_.data() + points_.dimension_begin_[l], rank},
      .components = layer.components,
      .locals = {locals_.data() + points_.component_begin_[l], count},
      .first_cells = {points_.masses_begin_.data() + points_.row_begin_[l], count * rank},
      .moments = {host_mass_.view(), flat_view(host_mean_), flat_view(host_variance_)}};
  const GridTotals found = grid_totals(laid, layer.measured, image);
  EvaluatedLayer out{found.totals, {}};
  if (layer.pattern.has_outside())
    out.points = outside_point(layer.pattern, layer.row, found.outside_mass);
  return out;
}

}  // namespace wquant
