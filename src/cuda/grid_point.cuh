#pragma once

#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// The last of `count` ascending values at or below `value`, or 0.
__device__ inline std::int64_t last_at_or_below(const std::int64_t* values, std::int64_t count,
                                                std::int64_t value) {
  std::int64_t last = 0;
  while (count > 1) {
    const std::int64_t half = count / 2;
    if (values[last + half] <= value) last += half;
    count -= half;
  }
  return last;
}

/// The grid point whose results are row `row`, taken apart dimension by dimension.
class GridPoint {
 public:
  __device__ GridPoint(const ProductGrids& grids, std::int64_t row)
      : grid_(last_at_or_below(grids.out_begin.data, grids.rank.size, row)),
        rank_(grids.rank.data[grid_]),
        first_(grids.dimension_begin.data[grid_]),
        rest_(row - grids.out_begin.data[grid_]),
        cells_(grids.cells.data + first_) {
#pragma unroll 1
    for (std::int64_t k = 0; k < rank_; ++k) stride_ *= cells_[k];
  }

  /// Whether the row is one of a grid's.
  __device__ bool exists() const { return rest_ >= 0 && rest_ < stride_; }
  __device__ std::int64_t grid() const { return grid_; }
  __device__ std::int64_t rank() const { return rank_; }
  /// Where the grid's dimensions begin in `cells` and `points_begin`.
  __device__ std::int64_t first_dimension() const { return first_; }

  /// Index in dimension k; to be asked for k = 0, 1, … in order.
  __device__ std::int64_t take_index(std::int64_t k) {
    stride_ /= cells_[k];
    const std::int64_t index = rest_ / stride_;
    rest_ -= index * stride_;
    return index;
  }

 private:
  std::int64_t grid_;
  std::int64_t rank_;
  std::int64_t first_;
  std::int64_t rest_;
  const std::int64_t* cells_;
  std::int64_t stride_ = 1;
};

}  // namespace wquant
