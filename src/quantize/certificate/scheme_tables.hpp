#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "quantize/certificate/local_gaussian.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// A scheme to be laid over a mixture; both outlive what is made of them.
struct Job {
  const Scheme* scheme;
  const GaussianMixture* mixture;
};

/// Throws InvalidArgument unless the scheme has the mixture's components and dimension.
void require_match(const Job& job);

/// A power of two of the order of the largest length in the job, so that no square overflows or
/// vanishes that matters when lengths are multiples of it; nothing is rounded by that. Throws
/// InvalidArgument beyond the range of a mixture's lengths.
double common_unit(const Job& job);

/// The grid layers of a batch of jobs, laid out as the backend's kernels want them: only dimensions
/// with more than one grid point, or with bounds, are kept (the others move the offset).
struct SchemeTables {
  /// units: one a job.
  SchemeTables(const Context& context, std::span<const Job> jobs, std::span<const double> units);

  std::int64_t layers() const { return static_cast<std::int64_t>(layer.size()); }
  std::int64_t dimension() const { return dimension_; }
  /// 1-D cells over all components and dimensions.
  std::int64_t cell_count() const { return cell_count_; }
  bool has_outside(std::int64_t l) const { return grid_of(l).has_outside(); }
  std::int64_t boxes(std::int64_t l) const { return grid_of(l).size() - (has_outside(l) ? 1 : 0); }

  ProductGrids grids() const;
  /// Without the masses.
  GridComponents components() const;
  CellRows cell_rows() const;
  /// In the units of the input.
  GridFrames frames() const;

  // One entry a grid layer (component_begin with a closing one).
  std::vector<const Layer*> layer;
  std::vector<std::int64_t> job, rank, dimension_begin, out_begin, component_begin, row_begin;
  std::vector<LocalFrame> local_frames;
  std::vector<double> offsets;  // L × d, in the units of the input

  // One entry a kept dimension. The boxes of a bounded one lie between cells for what is below
  // (`below` of them, 0 or 1) and above.
  std::vector<std::int64_t> cells, below, above, points_begin, edges_begin;
  std::vector<double> directions;  // Σ rank × d
  std::vector<double> outside;     // coordinate of the location for what is outside
  std::vector<double> points, edges;
  std::vector<double> unscaled_points;  // in the units of the input

  // One entry a component, in the order of the layers.
  std::vector<std::int64_t> component;
  std::vector<double> weights;
  std::vector<LocalGaussian> locals;

  // One entry a (component, kept dimension) pair.
  std::vector<double> row_means, row_deviations;
  std::vector<std::int64_t> row_cells, row_edges_begin, row_out_begin, row_masses_begin;

 private:
  const Grid& grid_of(std::int64_t l) const { return std::get<Grid>(layer[l]->pattern); }
  bool kept(const Grid& grid, std::int64_t k) const {
    return grid.points()[k].size() > 1 || grid.has_outside();
  }
  void count(std::int64_t j, const Layer& layer_of_job, std::int64_t out);
  void fill_grid(std::int64_t l, double unit);
  void fill_component(std::int64_t l, std::int64_t c, const GaussianMixture& mixture, double unit);

  std::int64_t dimension_ = 0;
  std::int64_t cell_count_ = 0;
};

}  // namespace wquant
