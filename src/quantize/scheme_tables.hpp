#pragma once

#include <cstdint>
#include <vector>

#include "backend/backend.hpp"
#include "quantize/local_gaussian.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// A scheme and a mixture laid out as the backend's kernels want them: only dimensions with more
/// than one grid point are kept (the others move the offset). All lengths are multiples of `unit`,
/// a power of two of the order of the largest of them, so that no square overflows or vanishes that
/// matters; nothing is rounded by that.
struct SchemeTables {
  SchemeTables(const Context& context, const Scheme& scheme, const GaussianMixture& mixture);

  std::int64_t layers() const { return static_cast<std::int64_t>(rank.size()); }
  std::int64_t support() const { return out_begin.back(); }
  std::int64_t dimension() const { return dimension_; }
  /// 1-D cells over all components and dimensions.
  std::int64_t cell_count() const { return cell_count_; }

  ProductGrids grids() const;
  CellRows cell_rows() const;
  /// In the units of the input.
  GridFrames frames() const;

  double unit = 1;

  // One entry a layer (`…_begin` with a closing one).
  std::vector<std::int64_t> rank, dimension_begin, out_begin, component_begin, row_begin;
  std::vector<LocalFrame> local_frames;
  std::vector<double> offsets;  // L × d, in the units of the input

  // One entry a kept dimension.
  std::vector<std::int64_t> cells, points_begin, edges_begin;
  std::vector<double> directions;  // Σ rank × d
  std::vector<double> points, edges;
  std::vector<double> unscaled_points;  // in the units of the input

  // One entry a component, in the order of the layers.
  std::vector<std::int64_t> component;
  std::vector<double> weights;
  std::vector<LocalGaussian> locals;

  // One entry a (component, kept dimension) pair.
  std::vector<double> row_means, row_deviations;
  std::vector<std::int64_t> row_cells, row_edges_begin, row_out_begin;

 private:
  void add_grid(const Grid& grid);
  void add_component(const GaussianMixture& mixture, std::int64_t i);

  std::int64_t dimension_;
  std::int64_t cell_count_ = 0;
};

}  // namespace wquant
