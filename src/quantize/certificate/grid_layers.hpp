#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "quantize/certificate/grid_totals.hpp"
#include "quantize/certificate/layers.hpp"
#include "wquant/array.hpp"
#include "wquant/grid.hpp"

namespace wquant {

/// What Backend::cell_moments reads of grids: a row for each component of a grid and each dimension
/// that is kept.
struct CellRowTable {
  std::vector<double> means, deviations;
  std::vector<std::int64_t> cells, edges_begin, out_begin;
  std::vector<double> edges;

  CellRows view() const;
};

/// What the kernels of product grids read: where the points of grids are, and what they weigh. All
/// that is left of grids once they are evaluated.
class GridPoints {
 public:
  ProductGrids grids() const;
  /// In the units of the input.
  GridFrames frames() const;
  GridComponents components() const;

 private:
  friend class LayersOf<Grid>;

  std::int64_t dimension_ = 0;
  // One entry for each grid (component_begin_ with a closing one).
  std::vector<std::int64_t> rank_, dimension_begin_, out_begin_, component_begin_{0}, row_begin_;
  std::vector<double> offsets_;  // grids × d
  // One entry for each kept dimension of each grid.
  std::vector<std::int64_t> cells_, points_begin_;
  std::vector<double> directions_;  // kept dimensions × d
  std::vector<double> points_;
  // One entry for each component of each grid.
  std::vector<double> weights_;
  // One entry for each row of the CellRowTable.
  std::vector<std::int64_t> masses_begin_;
  Array<double> masses_;  // of all cells, in the memory of the context
};

/// Grids, laid out as the kernels want them: only dimensions with more than one grid point, or with
/// bounds, are kept (the others move the offset).
template <>
class LayersOf<Grid> : public LayerList<Grid> {
 public:
  static double largest_length(const Grid& grid);
  void prepare(const Context& context);
  EvaluatedLayer evaluated(std::int64_t l, const AffineImage* image) const;

  /// What was prepared for the kernel of cells.
  const CellRowTable& cell_rows() const { return rows_; }
  /// 1-D cells over all components and dimensions.
  std::int64_t cell_count() const { return cell_count_; }
  /// The points, once all layers are evaluated.
  GridPoints take_points() { return std::move(points_); }

 private:
  void count(const PlacedLayer<Grid>& layer);
  void lay_out(int threads);
  void fill_grid(std::int64_t l);
  void fill_component(std::int64_t l, std::int64_t c);
  void evaluate_cells(const Context& context);

  CellRowTable rows_;
  std::int64_t cell_count_ = 0;
  GridPoints points_;

  // What the host reads; lengths are in multiples of the job's unit.
  std::vector<LocalFrame> frames_;                // one for each grid
  std::vector<KeptDimension> dimensions_;         // one for each kept dimension of each grid
  std::vector<double> scaled_points_;             // as GridPoints::points_
  std::vector<std::int64_t> components_;          // one for each component of each grid
  std::vector<LocalGaussian> locals_;             // likewise
  HostCopy<VectorView<const double>> host_mass_;  // of the cells
  Array<double> host_mean_, host_variance_;
};

}  // namespace wquant
