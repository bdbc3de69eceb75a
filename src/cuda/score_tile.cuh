#pragma once

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

inline constexpr int kScoreThreads = 256;
inline constexpr int kScoreSide = 16;  // threads along either side of a tile of pairs
inline constexpr int kLoadDims = 8;    // neighbouring coordinates that a warp reads of each row

/// What one request of 16 bytes brings from shared memory.
template <class T>
struct alignas(16) Sixteen {
  static constexpr int kCount = 16 / static_cast<int>(sizeof(T));
  T at[kCount];
};

/// The pairs of one thread: as many as its registers hold.
template <class T>
struct ScorePairs {
  static constexpr int kRows = sizeof(T) == 4 ? 8 : 4;
  static constexpr int kColumns = 8;
};
template <class T>
inline constexpr int kScoreDims = 64 / static_cast<int>(sizeof(T));
template <class T>
inline constexpr int kScorePoints = kScoreSide* ScorePairs<T>::kRows;
template <class T>
inline constexpr int kScoreCentres = kScoreSide* ScorePairs<T>::kColumns;

/// kWidth rows in kScoreDims<T> dimensions, in shared memory. With this stride neither the writes
/// of load_shifted nor reads of sixteen bytes by neighbours have bank conflicts.
template <class T, int kWidth>
struct ShiftedTile {
  static constexpr int kStride = kWidth + Sixteen<T>::kCount;
  alignas(16) T at[kScoreDims<T>][kStride];
};

/// Where element e of the thread `side` of kScoreSide stands in a row of a tile.
template <class T>
__device__ constexpr int place(int side, int e) {
  constexpr int kCount = Sixteen<T>::kCount;
  return e / kCount * kScoreSide * kCount + side * kCount + e % kCount;
}

/// Dimensions first_dim … first_dim + dims − 1 of rows first … minus those of `shift`, the last row
/// again in place of what is missing. U is rounded to T first.
template <class T, int kWidth, class U>
__device__ inline void load_shifted(ShiftedTile<T, kWidth>& tile, const MatrixView<const U>& rows,
                                    std::int64_t first, const T* shift, std::int64_t first_dim,
                                    int dims) {
  constexpr int kStep = kScoreThreads / kLoadDims;
  const int thread = static_cast<int>(threadIdx.x);
  const std::int64_t most = rows.rows - 1 - first;
  const int last = most < kWidth - 1 ? static_cast<int>(most) : kWidth - 1;
  for (int k = thread % kLoadDims; k < dims; k += kLoadDims) {
    const U* const column = rows.data + first * rows.row_stride + first_dim + k;
    const T origin = shift[first_dim + k];
#pragma unroll
    for (int s = 0; s < kWidth / kStep; ++s) {
      const int r = thread / kLoadDims + s * kStep;
      tile.at[k][r] = static_cast<T>(column[(r < last ? r : last) * rows.row_stride]) - origin;
    }
  }
}

/// The elements of one thread in dimension k.
template <class T, int kWidth, int kElements>
__device__ inline void read_elements(const ShiftedTile<T, kWidth>& tile, int k, int side,
                                     T (&out)[kElements]) {
  constexpr int kCount = Sixteen<T>::kCount;
#pragma unroll
  for (int e = 0; e < kElements; e += kCount) {
    const auto some = *reinterpret_cast<const Sixteen<T>*>(&tile.at[k][place<T>(side, e)]);
#pragma unroll
    for (int i = 0; i < kCount; ++i) out[e + i] = some.at[i];
  }
}

/// sum[r][c] += x·y over `dims` dimensions, fused.
template <class T, int kXs, int kYs, int kRows, int kColumns>
__device__ inline void add_products(const ShiftedTile<T, kXs>& x, const ShiftedTile<T, kYs>& y,
                                    int dims, int row, int column, T (&sum)[kRows][kColumns]) {
#pragma unroll 2
  for (int k = 0; k < dims; ++k) {
    T xs[kRows];
    T ys[kColumns];
    read_elements(x, k, row, xs);
    read_elements(y, k, column, ys);
#pragma unroll
    for (int r = 0; r < kRows; ++r)
#pragma unroll
      for (int c = 0; c < kColumns; ++c) sum[r][c] = fma(xs[r], ys[c], sum[r][c]);
  }
}

}  // namespace wquant
