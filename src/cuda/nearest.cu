#include <cmath>

#include "cuda/launch.hpp"
#include "cuda/nearest.cuh"
#include "cuda/point_tile.cuh"
#include "cuda/squared_distance.cuh"

namespace wquant {
namespace {

// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 2;

template <class T>
struct Nearest {
  T square;
  std::int64_t label;
};

/// The nearer of the two, the lower label at a tie.
template <class T>
__device__ void take_nearer(Nearest<T>& best, T square, std::int64_t label) {
  if (square < best.square || (square == best.square && label < best.label)) best = {square, label};
}

/// Of the kTileSide threads that search for the same points, each gets the nearest of all.
template <class T>
__device__ void join_columns(Nearest<T> (&best)[kPairs]) {
#pragma unroll
  for (int r = 0; r < kPairs; ++r)
#pragma unroll
    for (int step = kTileSide / 2; step > 0; step /= 2) {
      const T square = __shfl_xor_sync(0xffffffffu, best[r].square, step);
      const std::int64_t label = __shfl_xor_sync(0xffffffffu, best[r].label, step);
      take_nearer(best[r], square, label);
    }
}

}  // namespace

/// One block 64 points against all centres, 64 of them at a time; 4 × 4 pairs a thread, points and
/// centres through shared memory 16 dimensions at a time, a running arg-min in registers. Per pair
/// 3 d operations in T, which may not be fused, and half a load from shared memory a dimension: the
/// arithmetic limits it on an H100. Nothing of the size of the pairs is written.
template <class T, class U>
__global__ void __launch_bounds__(kTileThreads, kResidentBlocks)
    nearest_kernel(MatrixView<const T> points, MatrixView<const U> centres,
                   VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  __shared__ PointTile<T> point_tile;
  __shared__ PointTile<T> centre_tile;
  const std::int64_t first = std::int64_t{blockIdx.x} * kTilePoints;
  const int column = static_cast<int>(threadIdx.x) % kTileSide;
  Nearest<T> best[kPairs];
#pragma unroll
  for (int r = 0; r < kPairs; ++r) best[r] = {static_cast<T>(INFINITY), 0};
  for (std::int64_t centre = 0; centre < centres.rows; centre += kTilePoints) {
    T squares[kPairs][kPairs];
    tile_squares(points, first, centres, centre, point_tile, centre_tile, squares);
#pragma unroll
    for (int c = 0; c < kPairs; ++c) {
      const std::int64_t j = centre + column + c * kTileSide;
      if (j >= centres.rows) break;
#pragma unroll
      for (int r = 0; r < kPairs; ++r)
        if (squares[r][c] < best[r].square) best[r] = {squares[r][c], j};
    }
  }
  join_columns(best);
#pragma unroll
  for (int r = 0; r < kPairs; ++r) {
    const std::int64_t i = first + threadIdx.x / kTileSide + r * kTileSide;
    if (column != r || i >= points.rows) continue;
    labels.data[i] = best[r].label;
    squared_distances.data[i] =
        squared_distance(points.data + i * points.row_stride,
                         centres.data + best[r].label * centres.row_stride, points.cols);
  }
}

template <class T, class U>
void launch_nearest(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances,
                    cudaStream_t stream) {
  const std::int64_t blocks = (points.rows + kTilePoints - 1) / kTilePoints;
  launch(nearest_kernel<T, U>, {blocks, kTileThreads}, stream, points, centres, labels,
         squared_distances);
}

template void launch_nearest(MatrixView<const float>, MatrixView<const float>,
                             VectorView<std::int64_t>, VectorView<double>, cudaStream_t);
template void launch_nearest(MatrixView<const float>, MatrixView<const double>,
                             VectorView<std::int64_t>, VectorView<double>, cudaStream_t);
template void launch_nearest(MatrixView<const double>, MatrixView<const double>,
                             VectorView<std::int64_t>, VectorView<double>, cudaStream_t);

}  // namespace wquant
