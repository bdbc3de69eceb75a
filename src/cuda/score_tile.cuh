#pragma once

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

inline constexpr int kScoreThreads = 256;
inline constexpr int kScoreSide = 16;  // threads along either side of a tile of pairs
inline constexpr int kLoadDims = 8;    // neighbouring coordinates that a warp reads of each row

/// What one request of 16 bytes brings.
template <class T>
struct alignas(16) Sixteen {
  static constexpr int kCount = 16 / static_cast<int>(sizeof(T));
  T at[kCount];
};

/// The pairs of one thread: as many as its registers hold.
template <class T>
inline constexpr int kScoreRows = sizeof(T) == 4 ? 8 : 4;
inline constexpr int kScoreColumns = 8;
template <class T>
inline constexpr int kScorePoints = kScoreSide* kScoreRows<T>;
inline constexpr int kScoreCentres = kScoreSide * kScoreColumns;
inline constexpr int kScoreDims = 16;

/// kWidth rows in kScoreDims dimensions, in shared memory. With this stride neither the writes of
/// PointRows nor reads of sixteen bytes by neighbours have bank conflicts.
template <class T, int kWidth>
struct ScoreTile {
  static constexpr int kStride = kWidth + Sixteen<T>::kCount;
  alignas(16) T at[kScoreDims][kStride];
};

/// Where element e of the thread `side` of kScoreSide stands in a row of a tile.
template <class T>
__device__ constexpr int place(int side, int e) {
  constexpr int kCount = Sixteen<T>::kCount;
  return e / kCount * kScoreSide * kCount + side * kCount + e % kCount;
}

/// The points of a block, as one thread loads them: first …, the last one again in place of what is
/// missing.
template <class T>
class PointRows {
 public:
  __device__ PointRows(const MatrixView<const T>& points, std::int64_t first) {
    const std::int64_t last = points.rows - 1;
#pragma unroll
    for (int s = 0; s < kRows; ++s) {
      const std::int64_t i = first + row(s);
      rows_[s] = points.data + (i < last ? i : last) * points.row_stride + lane();
    }
  }

  /// Dimensions first_dim … first_dim + dims − 1 minus those of `shift`.
  __device__ void load(ScoreTile<T, kScorePoints<T>>& tile, const T* shift, int first_dim,
                       int dims) const {
#pragma unroll
    for (int part = 0; part < kScoreDims; part += kLoadDims) {
      const int k = lane() + part;
      if (k >= dims) break;
      const T origin = shift[first_dim + k];
#pragma unroll
      for (int s = 0; s < kRows; ++s) tile.at[k][row(s)] = rows_[s][first_dim + part] - origin;
    }
  }

 private:
  static constexpr int kStep = kScoreThreads / kLoadDims;
  static constexpr int kRows = kScorePoints<T> / kStep;
  __device__ static int lane() { return static_cast<int>(threadIdx.x) % kLoadDims; }
  __device__ static int row(int s) { return static_cast<int>(threadIdx.x) / kLoadDims + s * kStep; }

  const T* rows_[kRows];
};

/// kScoreCentres columns of `dims` rows that lie `stride` apart.
template <class T>
__device__ inline void load_columns(ScoreTile<T, kScoreCentres>& tile, const T* columns,
                                    std::int64_t stride, int dims) {
  constexpr int kCount = Sixteen<T>::kCount;
  constexpr int kAcross = kScoreCentres / kCount;
  constexpr int kStep = kScoreThreads / kAcross;
  const int at = static_cast<int>(threadIdx.x) % kAcross * kCount;
#pragma unroll
  for (int s = 0; s < kScoreDims; s += kStep) {
    const int k = static_cast<int>(threadIdx.x) / kAcross + s;
    if (k < dims)
      *reinterpret_cast<Sixteen<T>*>(&tile.at[k][at]) =
          *reinterpret_cast<const Sixteen<T>*>(columns + k * stride + at);
  }
}

/// The elements of the thread whose first one is at `from`.
template <class T, int kElements>
__device__ inline void read_elements(const T* from, T (&out)[kElements]) {
  constexpr int kCount = Sixteen<T>::kCount;
#pragma unroll
  for (int e = 0; e < kElements; e += kCount) {
    const auto some = *reinterpret_cast<const Sixteen<T>*>(from + place<T>(0, e));
#pragma unroll
    for (int i = 0; i < kCount; ++i) out[e + i] = some.at[i];
  }
}

/// sum[r][c] += x·y over `dims` dimensions, fused.
template <class T, int kXs, int kYs, int kRows, int kColumns>
__device__ inline void add_products(const ScoreTile<T, kXs>& x, const ScoreTile<T, kYs>& y,
                                    int dims, int row, int column, T (&sum)[kRows][kColumns]) {
  const T* x_at = x.at[0] + place<T>(row, 0);
  const T* y_at = y.at[0] + place<T>(column, 0);
#pragma unroll 2
  for (int k = 0; k < dims; ++k, x_at += x.kStride, y_at += y.kStride) {
    T xs[kRows];
    T ys[kColumns];
    read_elements(x_at, xs);
    read_elements(y_at, ys);
#pragma unroll
    for (int r = 0; r < kRows; ++r)
#pragma unroll
      for (int c = 0; c < kColumns; ++c) sum[r][c] = fma(xs[r], ys[c], sum[r][c]);
  }
}

}  // namespace wquant
