#include "cuda/grid_point.cuh"
#include "cuda/launch.hpp"
#include "cuda/product_locations.cuh"

namespace wquant {
namespace {

constexpr int kThreads = 256;

}  // namespace

/// One thread a coordinate, so that writes and reads of directions are coalesced. Per coordinate
/// 8 bytes written, and per dimension of the grid two 64-bit divisions (ptxas takes 32-bit ones
/// where both operands are small), a multiplication and an addition; the grids themselves stay in
/// the caches. Instruction issue limits it.
__global__ void __launch_bounds__(kThreads)
    product_locations_kernel(ProductGrids grids, GridFrames frames, MatrixView<double> locations) {
  const std::int64_t entry = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  const std::int64_t row = entry / locations.cols;
  const std::int64_t j = entry - row * locations.cols;
  if (row >= locations.rows) return;
  GridPoint point(grids, row);
  if (!point.exists()) return;
  double sum = frames.offsets.data[point.grid() * frames.offsets.row_stride + j];
#pragma unroll 1  // the divisions are calls, which unrolled spill
  for (std::int64_t k = 0; k < point.rank(); ++k) {
    const std::int64_t at = point.first_dimension() + k;
    const double factor = frames.points.data[grids.points_begin.data[at] + point.take_index(k)];
    sum += factor * frames.directions.data[at * frames.directions.row_stride + j];
  }
  locations.data[row * locations.row_stride + j] = sum;
}

void launch_product_locations(const ProductGrids& grids, const GridFrames& frames,
                              MatrixView<double> locations, cudaStream_t stream) {
  if (grids.rank.size == 0) return;
  launch(product_locations_kernel, one_thread_each(locations.rows * locations.cols, kThreads),
         stream, grids, frames, locations);
}

}  // namespace wquant
