#pragma once

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

inline constexpr int kTilePoints = 64;
inline constexpr int kTileDims = 16;
inline constexpr int kTileThreads = 256;
inline constexpr int kTileSide = 16;  // threads along either side of a tile of pairs
inline constexpr int kPairs = kTilePoints / kTileSide;

/// kTilePoints points in kTileDims dimensions, in shared memory. The stride keeps the writes of
/// load_tile free of bank conflicts; reads are of neighbours.
template <class T>
struct PointTile {
  static constexpr int kStride = kTilePoints + (sizeof(T) == 8 ? 1 : 2);
  T at[kTileDims][kStride];
};

/// The rows of a tile: kTilePoints points from `first` on, or those that `listed` names; the last
/// one again in place of what is missing.
template <class T>
struct TileRows {
  MatrixView<const T> points;
  std::int64_t first;
  std::int64_t count = points.rows;
  const std::int64_t* listed = nullptr;

  __device__ std::int64_t index(int r) const {
    const std::int64_t at = first + r < count ? first + r : count - 1;
    return listed ? listed[at] : at;
  }
};

/// Dimensions first_dim … first_dim + dims − 1 of the rows, by a block of kTileThreads. U is
/// rounded to T.
template <class T, class U>
__device__ inline void load_tile(PointTile<T>& tile, const TileRows<U>& rows,
                                 std::int64_t first_dim, int dims) {
  const int k = static_cast<int>(threadIdx.x) % kTileDims;
  if (k >= dims) return;
  constexpr int kStep = kTileThreads / kTileDims;
#pragma unroll
  for (int s = 0; s < kTilePoints / kStep; ++s) {
    const int r = static_cast<int>(threadIdx.x) / kTileDims + s * kStep;
    const MatrixView<const U>& points = rows.points;
    tile.at[k][r] = static_cast<T>(points.data[rows.index(r) * points.row_stride + first_dim + k]);
  }
}

/// sum[r][c] += Σ_k (x − y)², in the order of the dimensions, for the kPairs × kPairs pairs of this
/// thread: points row + r kTileSide of `x`, column + c kTileSide of `y`.
template <class T>
__device__ inline void add_squares(const PointTile<T>& x, const PointTile<T>& y, int dims, int row,
                                   int column, T (&sum)[kPairs][kPairs]) {
#pragma unroll 4
  for (int k = 0; k < dims; ++k) {
    T xs[kPairs];
    T ys[kPairs];
#pragma unroll
    for (int i = 0; i < kPairs; ++i) {
      xs[i] = x.at[k][row + i * kTileSide];
      ys[i] = y.at[k][column + i * kTileSide];
    }
#pragma unroll
    for (int r = 0; r < kPairs; ++r)
#pragma unroll
      for (int c = 0; c < kPairs; ++c) {
        const T difference = xs[r] - ys[c];
        sum[r][c] += difference * difference;
      }
  }
}

/// sum[r][c] = Σ(x − y)² over all dimensions, for a tile of pairs. Every thread of the block takes
/// part.
template <class T, class U>
__device__ inline void tile_squares(const TileRows<T>& x, const TileRows<U>& y,
                                    PointTile<T>& x_tile, PointTile<T>& y_tile,
                                    T (&sum)[kPairs][kPairs]) {
  const int row = static_cast<int>(threadIdx.x) / kTileSide;
  const int column = static_cast<int>(threadIdx.x) % kTileSide;
#pragma unroll
  for (int r = 0; r < kPairs; ++r)
#pragma unroll
    for (int c = 0; c < kPairs; ++c) sum[r][c] = 0;
  for (std::int64_t k = 0; k < x.points.cols; k += kTileDims) {
    const int dims =
        x.points.cols - k < kTileDims ? static_cast<int>(x.points.cols - k) : kTileDims;
    __syncthreads();
    load_tile(x_tile, x, k, dims);
    load_tile(y_tile, y, k, dims);
    __syncthreads();
    add_squares(x_tile, y_tile, dims, row, column, sum);
  }
}

}  // namespace wquant
