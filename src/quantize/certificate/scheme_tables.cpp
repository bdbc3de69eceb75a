#include "quantize/certificate/scheme_tables.hpp"

#include <algorithm>
#include <cmath>

#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/lengths.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/rounding.hpp"
#include "base/validation.hpp"
#include "numerics/normal_cell.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Layers or components that make a chunk of parallel work: about O(d²) operations each.
std::int64_t per_chunk(std::int64_t dimension) {
  return std::clamp<std::int64_t>(128 / (dimension * dimension), 1, 64);
}

/// What the tables of a scheme take, before anything is allocated.
double table_bytes(const Scheme& scheme) {
  double cells = 0;
  for (const Layer& layer : scheme.layers()) {
    const Grid* const grid = std::get_if<Grid>(&layer.pattern);
    if (!grid) continue;
    double per_component = 0;
    for (const auto& points : grid->points()) per_component += static_cast<double>(points.size());
    cells += per_component * static_cast<double>(layer.components.size());
  }
  return cells * sizeof(CellMoments);
}

double largest_length(const Axes& axes, std::int64_t k, double z) {
  return std::isfinite(z) ? std::fabs(z * axes.scales()[k]) : 0;
}

double largest_length(const Grid& grid) {
  double largest = 0;
  for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
    const std::vector<double>& points = grid.points()[k];
    largest = std::max({largest, largest_length(grid.axes(), k, points.front()),
                        largest_length(grid.axes(), k, points.back())});
    if (grid.has_outside())
      largest = std::max(largest, largest_length(grid.axes(), k, grid.outside()[k]));
    if (grid.has_midpoint_edges()) continue;
    for (const double edge : grid.edges(k))
      largest = std::max(largest, largest_length(grid.axes(), k, edge));
  }
  return largest;
}

double largest_length(const Cross& cross) {
  double largest = 0;
  for (std::int64_t k = 0; k < cross.axes().rank(); ++k)
    largest = std::max(
        {largest, cross.axes().scales()[k], largest_length(cross.axes(), k, cross.radii().back())});
  return largest;
}

double largest_length(const FreePoints& points) {
  double largest = 0;
  for (std::int64_t a = 0; a < points.size(); ++a)
    for (std::int64_t k = 0; k < points.dimension(); ++k)
      largest = std::max(largest, std::fabs(points.locations()(a, k)));
  return largest;
}

double largest_length(const Tree& tree) {
  double largest = 0;
  for (std::int64_t a = 0; a < tree.size(); ++a)
    for (std::int64_t k = 0; k < tree.axes().rank(); ++k)
      largest = std::max(largest, largest_length(tree.axes(), k, tree.points()(a, k)));
  for (const Tree::Split& split : tree.splits())
    largest = std::max(largest, largest_length(tree.axes(), split.dimension, split.cut));
  return largest;
}

/// The largest length that the layers' patterns are made of.
double largest_length(const Scheme& scheme) {
  double largest = 0;
  for (const Layer& layer : scheme.layers()) {
    largest = std::max(largest,
                       std::visit([](const auto& p) { return largest_length(p); }, layer.pattern));
    const Axes* axes = nullptr;
    if (const auto* grid = std::get_if<Grid>(&layer.pattern)) axes = &grid->axes();
    if (const auto* cross = std::get_if<Cross>(&layer.pattern)) axes = &cross->axes();
    if (const auto* tree = std::get_if<Tree>(&layer.pattern)) axes = &tree->axes();
    if (!axes) continue;
    for (const double x : axes->offset()) largest = std::max(largest, std::fabs(x));
  }
  if (!(largest <= kLargestLength))
    throw InvalidArgument("scheme: coordinates up to " + number_text(largest) +
                          "; expected at most " + number_text(kLargestLength));
  return largest;
}

}  // namespace

void require_match(const Job& job) {
  const Scheme& scheme = *job.scheme;
  const GaussianMixture& mixture = *job.mixture;
  if (scheme.components() != mixture.components() || scheme.dimension() != mixture.dimension())
    throw InvalidArgument("scheme: made for " + std::to_string(scheme.components()) +
                          " components in dimension " + std::to_string(scheme.dimension()) +
                          "; the mixture has " + std::to_string(mixture.components()) + " in " +
                          std::to_string(mixture.dimension()));
}

double common_unit(const Job& job) {
  double largest = largest_length(*job.scheme);
  const GaussianMixture& mixture = *job.mixture;
  for (std::int64_t i = 0; i < mixture.components(); ++i)
    for (std::int64_t k = 0; k < mixture.dimension(); ++k)
      largest = std::max(
          {largest, std::fabs(mixture.means()(i, k)), std::sqrt(mixture.eigenvalues()(i, k))});
  return power_of_two_unit(largest);
}

SchemeTables::SchemeTables(const Context& context, std::span<const Job> jobs,
                           std::span<const double> units) {
  double bytes = 0;
  for (const Job& j : jobs) bytes += table_bytes(*j.scheme);
  require_workspace(context, "cell moments of the scheme", bytes);

  if (!jobs.empty()) dimension_ = jobs.front().mixture->dimension();
  component_begin.push_back(0);
  std::int64_t out = 0;
  ShortSteps steps;
  for (std::size_t j = 0; j < jobs.size(); ++j)
    for (const Layer& layer_of_job : jobs[j].scheme->layers()) {
      steps.beat();
      if (std::holds_alternative<Grid>(layer_of_job.pattern))
        count(static_cast<std::int64_t>(j), layer_of_job, out);
      out += size(layer_of_job.pattern);
    }

  local_frames.resize(layer.size());
  offsets.resize(layer.size() * static_cast<std::size_t>(dimension_));
  directions.resize(cells.size() * static_cast<std::size_t>(dimension_));
  outside.resize(cells.size());
  unscaled_points.resize(points.size());
  const int threads = context.backend().host_threads();
  const std::int64_t chunk = per_chunk(dimension_);
  parallel_chunks(threads, layers(), chunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t l = begin; l < end; ++l) fill_grid(l, units[job[l]]);
  });
  weights.resize(component.size());
  locals.resize(component.size());
  const auto components = static_cast<std::int64_t>(component.size());
  parallel_chunks(threads, components, chunk, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t l = std::upper_bound(component_begin.begin(), component_begin.end(), begin) -
                     component_begin.begin() - 1;
    for (std::int64_t c = begin; c < end; ++c) {
      while (c >= component_begin[l + 1]) ++l;
      fill_component(l, c, *jobs[job[l]].mixture, units[job[l]]);
    }
  });
}

/// Lays out layer after layer; the numbers are filled in later.
void SchemeTables::count(std::int64_t j, const Layer& layer_of_job, std::int64_t out) {
  const Grid& grid = std::get<Grid>(layer_of_job.pattern);
  layer.push_back(&layer_of_job);
  job.push_back(j);
  out_begin.push_back(out);
  dimension_begin.push_back(static_cast<std::int64_t>(cells.size()));
  row_begin.push_back(static_cast<std::int64_t>(row_cells.size()));
  std::size_t point_count = points.size();
  std::size_t edge_count = edges.size();
  for (std::int64_t k = 0; k < grid.axes().rank(); ++k) {
    if (!kept(grid, k)) continue;
    const auto n = static_cast<std::int64_t>(grid.points()[k].size());
    cells.push_back(n);
    below.push_back(grid.has_outside() && std::isfinite(grid.edges(k).front()));
    above.push_back(grid.has_outside() && std::isfinite(grid.edges(k).back()));
    points_begin.push_back(static_cast<std::int64_t>(point_count));
    edges_begin.push_back(static_cast<std::int64_t>(edge_count));
    point_count += static_cast<std::size_t>(n);
    edge_count += static_cast<std::size_t>(n - 1 + below.back() + above.back());
  }
  points.resize(point_count);
  edges.resize(edge_count);
  rank.push_back(static_cast<std::int64_t>(cells.size()) - dimension_begin.back());

  component.insert(component.end(), layer_of_job.components.begin(), layer_of_job.components.end());
  component_begin.push_back(static_cast<std::int64_t>(component.size()));
  for (std::size_t c = 0; c < layer_of_job.components.size(); ++c)
    for (std::int64_t at = dimension_begin.back(); at < static_cast<std::int64_t>(cells.size());
         ++at) {
      row_cells.push_back(below[at] + cells[at] + above[at]);
      row_edges_begin.push_back(edges_begin[at]);
      row_out_begin.push_back(cell_count_);
      row_masses_begin.push_back(cell_count_ + below[at]);
      cell_count_ += row_cells.back();
    }
  row_means.resize(row_cells.size());
  row_deviations.resize(row_cells.size());
}

void SchemeTables::fill_grid(std::int64_t l, double unit) {
  const Grid& grid = grid_of(l);
  const Axes& axes = grid.axes();
  const MatrixView<const double> basis = axes.basis();
  LocalFrame& frame = local_frames[l];
  frame.offset = Eigen::Map<const Eigen::VectorXd>(axes.offset().data(), dimension_);
  frame.directions.resize(dimension_, rank[l]);
  std::int64_t at = dimension_begin[l];
  for (std::int64_t k = 0; k < axes.rank(); ++k) {
    const std::vector<double>& local_points = grid.points()[k];
    const double scale = axes.scales()[k];
    if (!kept(grid, k)) {
      const double shift = local_points.front() * scale;
      if (shift != 0)
        for (std::int64_t a = 0; a < dimension_; ++a) frame.offset[a] += basis(a, k) * shift;
      continue;
    }
    double* const point = points.data() + points_begin[at];
    for (std::int64_t j = 0; j < cells[at]; ++j) {
      unscaled_points[points_begin[at] + j] = scale * local_points[j];
      point[j] = unscaled_points[points_begin[at] + j] / unit;
    }
    double* edge = edges.data() + edges_begin[at];
    if (grid.has_outside()) outside[at] = scale * grid.outside()[k] / unit;
    if (grid.has_midpoint_edges()) {
      for (std::int64_t j = 0; j + 1 < cells[at]; ++j) *edge++ = point[j] / 2 + point[j + 1] / 2;
    } else {
      for (const double e : grid.edges(k))
        if (std::isfinite(e)) *edge++ = scale * e / unit;
    }
    for (std::int64_t a = 0; a < dimension_; ++a)
      frame.directions(a, at - dimension_begin[l]) = directions[at * dimension_ + a] = basis(a, k);
    ++at;
  }
  std::copy_n(frame.offset.data(), dimension_, offsets.data() + l * dimension_);
  frame.offset = frame.offset.unaryExpr([unit](double x) { return in_units_of(unit, x); }).eval();
  frame.orthogonality = row_orthogonality_error(
      {directions.data() + dimension_begin[l] * dimension_, rank[l], dimension_});
}

void SchemeTables::fill_component(std::int64_t l, std::int64_t c, const GaussianMixture& mixture,
                                  double unit) {
  const std::int64_t i = component[c];
  weights[c] = mixture.weights()[i];
  locals[c] = project(mixture, i, local_frames[l], unit);
  const std::int64_t row = row_begin[l] + (c - component_begin[l]) * rank[l];
  for (std::int64_t k = 0; k < rank[l]; ++k) {
    row_means[row + k] = locals[c].mean[k];
    row_deviations[row + k] = std::sqrt(locals[c].variance[k]);
  }
}

ProductGrids SchemeTables::grids() const {
  return {flat_view(rank), flat_view(dimension_begin), flat_view(cells), flat_view(points_begin),
          flat_view(out_begin)};
}

GridComponents SchemeTables::components() const {
  return {flat_view(component_begin),
          flat_view(row_begin),
          flat_view(weights),
          flat_view(row_masses_begin),
          {}};
}

CellRows SchemeTables::cell_rows() const {
  return {flat_view(row_means),       flat_view(row_deviations), flat_view(row_cells),
          flat_view(row_edges_begin), flat_view(row_out_begin),  flat_view(edges)};
}

GridFrames SchemeTables::frames() const {
  return {{offsets.data(), layers(), dimension_},
          {directions.data(), static_cast<std::int64_t>(cells.size()), dimension_},
          flat_view(unscaled_points)};
}

}  // namespace wquant
