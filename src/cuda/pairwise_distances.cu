#include <cmath>

#include "cuda/launch.hpp"
#include "cuda/pairwise_distances.cuh"
#include "cuda/point_tile.cuh"

namespace wquant {

/// One block a tile of 64 × 64 pairs, 4 × 4 of them a thread; points pass through shared memory 16
/// dimensions at a time. Per pair 3 d double-precision operations that are not fused, and 8 bytes
/// written: those operations limit it on an H100 from about 14 dimensions on, memory below.
__global__ void __launch_bounds__(kTileThreads)
    pairwise_distances_kernel(MatrixView<const double> a, MatrixView<const double> b,
                              MatrixView<double> distances) {
  __shared__ PointTile<double> a_tile;
  __shared__ PointTile<double> b_tile;
  const std::int64_t across = (b.rows + kTilePoints - 1) / kTilePoints;
  const std::int64_t a_first = blockIdx.x / across * kTilePoints;
  const std::int64_t b_first = blockIdx.x % across * kTilePoints;
  double squares[kPairs][kPairs];
  tile_squares(TileRows<double>{a, a_first}, TileRows<double>{b, b_first}, a_tile, b_tile, squares);
#pragma unroll
  for (int r = 0; r < kPairs; ++r)
#pragma unroll
    for (int c = 0; c < kPairs; ++c) {
      const std::int64_t i = a_first + threadIdx.x / kTileSide + r * kTileSide;
      const std::int64_t j = b_first + threadIdx.x % kTileSide + c * kTileSide;
      if (i < a.rows && j < b.rows)
        distances.data[i * distances.row_stride + j] = sqrt(squares[r][c]);
    }
}

void launch_pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                               MatrixView<double> distances, cudaStream_t stream) {
  const std::int64_t down = (a.rows + kTilePoints - 1) / kTilePoints;
  const std::int64_t across = (b.rows + kTilePoints - 1) / kTilePoints;
  launch(pairwise_distances_kernel, {down * across, kTileThreads}, stream, a, b, distances);
}

}  // namespace wquant
