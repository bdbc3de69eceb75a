#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "backend/score_margin.hpp"
#include "cuda/launch.hpp"
#include "cuda/nearest.cuh"
#include "cuda/point_tile.cuh"
#include "cuda/score_tile.cuh"
#include "cuda/squared_distance.cuh"
#include "cuda/workspace.hpp"

namespace wquant {
namespace {

// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 2;
constexpr int kThreads = 256;
constexpr int kGroup = 8;  // lanes that share the coordinates of one row
constexpr std::int64_t kShiftSample = 64;

template <class T>
struct Nearest {
  T square;
  std::int64_t label;
};

/// The greatest score x·c − ½‖c‖², its centre, and the next greatest.
template <class T>
struct Lead {
  T score, next;
  int label;

  __device__ void take(T other, int other_label) {
    const bool better = other > score;
    next = better ? score : fmax(next, other);
    score = better ? other : score;
    label = better ? other_label : label;
  }
};

template <class T>
constexpr Lead<T> kNoLead = {-std::numeric_limits<T>::infinity(),
                             -std::numeric_limits<T>::infinity(), 0};

/// Centres as the scores take them: less `shift`, which is near to their mean.
template <class T>
struct Expansion {
  T* offsets;         // −½‖c‖², padded by −∞ to whole tiles
  T* shift;           // d
  T* largest_square;  // max ‖c‖²
};

struct Doubtful {
  std::int64_t* points;
  std::int64_t* count;
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

/// Of the kScoreSide threads that search for the same points, each gets the lead of all.
template <class T>
__device__ Lead<T> join_columns(Lead<T> lead) {
#pragma unroll
  for (int step = kScoreSide / 2; step > 0; step /= 2) {
    const T next = __shfl_xor_sync(0xffffffffu, lead.next, step);
    const T score = __shfl_xor_sync(0xffffffffu, lead.score, step);
    lead.take(score, __shfl_xor_sync(0xffffffffu, lead.label, step));
    lead.next = fmax(lead.next, next);
  }
  return lead;
}

/// Σ (x − shift)² in S of each row that the group of lanes holds, in all its lanes.
template <class S, class T, class U>
__device__ S shifted_square(const U* row, const T* shift, std::int64_t d) {
  S sum = 0;
  for (std::int64_t k = threadIdx.x % kGroup; k < d; k += kGroup) {
    const auto x = static_cast<S>(static_cast<T>(row[k]) - shift[k]);
    sum += x * x;
  }
  for (int step = kGroup / 2; step > 0; step /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, step);
  return sum;
}

/// For numbers that are not negative; NaN is the largest.
__device__ void atomic_max(float* at, float value) {
  atomicMax(reinterpret_cast<unsigned*>(at), __float_as_uint(value));
}
__device__ void atomic_max(double* at, double value) {
  atomicMax(reinterpret_cast<unsigned long long*>(at),
            static_cast<unsigned long long>(__double_as_longlong(value)));
}

}  // namespace

/// One thread a dimension: the mean of up to 64 centres evenly spread over all. 4 or 8 bytes and an
/// addition a coordinate; latency limits it.
template <class T, class U>
__global__ void __launch_bounds__(kThreads)
    shift_kernel(MatrixView<const U> centres, Expansion<T> out, std::int64_t* doubtful_count) {
  const std::int64_t k = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (k == 0) {
    *out.largest_square = 0;
    *doubtful_count = 0;
  }
  if (k >= centres.cols) return;
  const std::int64_t count = centres.rows < kShiftSample ? centres.rows : kShiftSample;
  double sum = 0;
  for (std::int64_t s = 0; s < count; ++s)
    sum += static_cast<double>(centres.data[s * centres.rows / count * centres.row_stride + k]);
  out.shift[k] = static_cast<T>(sum / static_cast<double>(count));
}

/// Eight lanes a centre. 4 or 8 bytes and three operations a coordinate: memory limits it.
template <class T, class U>
__global__ void __launch_bounds__(kThreads)
    offsets_kernel(MatrixView<const U> centres, Expansion<T> out) {
  const std::int64_t j = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) / kGroup;
  const std::int64_t row = j < centres.rows ? j : centres.rows - 1;
  const double square =
      shifted_square<double>(centres.data + row * centres.row_stride, out.shift, centres.cols);
  if (threadIdx.x % kGroup != 0) return;
  out.offsets[j] = j == row ? -static_cast<T>(square / 2) : -static_cast<T>(INFINITY);
  atomic_max(out.largest_square, static_cast<T>(square));
}

/// One block 128 (float) or 64 (double) points against all centres, 128 of them at a time; 8 × 8 or
/// 4 × 8 pairs a thread, points and centres through shared memory 16 dimensions at a time, the two
/// greatest scores in registers. A pair takes d fused operations and 5 for the two greatest, and
/// 1/16 or 1/8 of a load of 16 bytes from shared memory a dimension: the arithmetic limits it on an
/// H100, for any d. Since nothing of the size of the pairs is written, a matrix product by cuBLAS,
/// which must write its product and have it read again, has nothing to gain in many dimensions
/// either.
template <class T, class U>
__global__ void __launch_bounds__(kScoreThreads, kResidentBlocks)
    scan_kernel(MatrixView<const T> points, MatrixView<const U> centres, Expansion<T> expansion,
                ScoreMargin<T> margin, VectorView<std::int64_t> labels, Doubtful doubtful) {
  constexpr int kRows = ScorePairs<T>::kRows;
  constexpr int kColumns = ScorePairs<T>::kColumns;
  constexpr int kPoints = kScorePoints<T>;
  constexpr int kCentres = kScoreCentres<T>;
  __shared__ ShiftedTile<T, kPoints> point_tile;
  __shared__ ShiftedTile<T, kCentres> centre_tile;
  __shared__ Lead<T> leads[kRows][kScoreThreads];
  __shared__ T squares[kPoints];
  const std::int64_t first = std::int64_t{blockIdx.x} * kPoints;
  const int row = static_cast<int>(threadIdx.x) / kScoreSide;
  const int column = static_cast<int>(threadIdx.x) % kScoreSide;
  for (int r = static_cast<int>(threadIdx.x) / kGroup; r < kPoints; r += kScoreThreads / kGroup) {
    const std::int64_t i = first + r < points.rows ? first + r : points.rows - 1;
    squares[r] =
        shifted_square<T>(points.data + i * points.row_stride, expansion.shift, points.cols);
  }
#pragma unroll
  for (int r = 0; r < kRows; ++r) leads[r][threadIdx.x] = kNoLead<T>;
  for (std::int64_t centre = 0; centre < centres.rows; centre += kCentres) {
    T score[kRows][kColumns];
#pragma unroll
    for (int c = 0; c < kColumns; ++c) {
      const T offset = expansion.offsets[centre + place<T>(column, c)];
#pragma unroll
      for (int r = 0; r < kRows; ++r) score[r][c] = offset;
    }
    for (std::int64_t k = 0; k < points.cols; k += kScoreDims<T>) {
      const int dims =
          points.cols - k < kScoreDims<T> ? static_cast<int>(points.cols - k) : kScoreDims<T>;
      __syncthreads();
      if (centre == 0 || points.cols > kScoreDims<T>)
        load_shifted(point_tile, points, first, expansion.shift, k, dims);
      load_shifted(centre_tile, centres, centre, expansion.shift, k, dims);
      __syncthreads();
      add_products(point_tile, centre_tile, dims, row, column, score);
    }
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
      Lead<T> lead = leads[r][threadIdx.x];
#pragma unroll
      for (int c = 0; c < kColumns; ++c)
        lead.take(score[r][c], static_cast<int>(centre) + place<T>(column, c));
      leads[r][threadIdx.x] = lead;
    }
  }
  Lead<T> own = kNoLead<T>;
#pragma unroll
  for (int r = 0; r < kRows; ++r) {
    const Lead<T> lead = join_columns(leads[r][threadIdx.x]);
    if (column == r) own = lead;
  }
  const int r = place<T>(row, column);
  const std::int64_t i = first + r;
  if (column >= kRows || i >= points.rows) return;
  labels.data[i] = own.label;
  const T largest = *expansion.largest_square;
  if (!(margin.representable(squares[r]) && margin.representable(largest) &&
        own.score - own.next > margin(squares[r], largest)))
    doubtful.points[atomicAdd(reinterpret_cast<unsigned long long*>(doubtful.count), 1ull)] = i;
}

/// One block 64 points, all or of the doubtful, against all centres, 64 of them at a time; 4 × 4
/// pairs a thread, points and centres through shared memory 16 dimensions at a time, a running
/// arg-min in registers. Per pair 3 d operations in T, which may not be fused, and half a load from
/// shared memory a dimension: the arithmetic limits it on an H100.
template <class T, class U>
__global__ void __launch_bounds__(kTileThreads, kResidentBlocks)
    direct_kernel(MatrixView<const T> points, MatrixView<const U> centres, Doubtful doubtful,
                  VectorView<std::int64_t> labels) {
  __shared__ PointTile<T> point_tile;
  __shared__ PointTile<T> centre_tile;
  const TileRows<T> rows{points, std::int64_t{blockIdx.x} * kTilePoints,
                         doubtful.count ? *doubtful.count : points.rows, doubtful.points};
  if (rows.first >= rows.count) return;
  const int column = static_cast<int>(threadIdx.x) % kTileSide;
  Nearest<T> best[kPairs];
#pragma unroll
  for (int r = 0; r < kPairs; ++r) best[r] = {static_cast<T>(INFINITY), 0};
  for (std::int64_t centre = 0; centre < centres.rows; centre += kTilePoints) {
    T squares[kPairs][kPairs];
    tile_squares(rows, TileRows<U>{centres, centre}, point_tile, centre_tile, squares);
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
    const int at = static_cast<int>(threadIdx.x) / kTileSide + r * kTileSide;
    if (column == r && rows.first + at < rows.count) labels.data[rows.index(at)] = best[r].label;
  }
}

/// Squared distances to the labelled centres; eight lanes a point, or one where d < 8. 8 or 16
/// bytes and three double-precision operations a coordinate: memory limits it on an H100.
template <int kLanes, class T, class U>
__global__ void __launch_bounds__(kThreads)
    squares_kernel(MatrixView<const T> points, MatrixView<const U> centres,
                   VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  const std::int64_t at = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) / kLanes;
  const std::int64_t i = at < points.rows ? at : points.rows - 1;
  const T* const x = points.data + i * points.row_stride;
  const U* const c = centres.data + labels.data[i] * centres.row_stride;
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  const double square = kLanes == 8 ? squared_distance_of_eight(x, c, points.cols, lane)
                                    : squared_distance(x, c, points.cols);
  if (lane == 0 && i == at) squared_distances.data[i] = square;
}

namespace {

std::int64_t whole(std::int64_t items, std::int64_t tile) {
  return (items + tile - 1) / tile * tile;
}

/// By instructions, of whole tiles: 3 d + 4 of the direct form, d + 7 of the expanded one a pair.
template <class T>
bool expansion_pays(std::int64_t centres, std::int64_t d) {
  return ScoreMargin<T>::holds(d) && centres <= std::numeric_limits<int>::max() / 2 &&
         whole(centres, kTilePoints) * (3 * d + 4) > whole(centres, kScoreCentres<T>) * (d + 7);
}

template <class T, class U>
void scan_directly(MatrixView<const T> points, MatrixView<const U> centres,
                   const Doubtful& doubtful, VectorView<std::int64_t> labels, cudaStream_t stream) {
  launch(direct_kernel<T, U>, {whole(points.rows, kTilePoints) / kTilePoints, kTileThreads}, stream,
         points, centres, doubtful, labels);
}

template <class T, class U>
void scan_by_scores(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, Backend& backend, cudaStream_t stream) {
  const std::int64_t padded = whole(centres.rows, kScoreCentres<T>);
  const Workspace<T> memory(backend, padded + centres.cols + 1);
  const Workspace<std::int64_t> list(backend, points.rows + 1);
  const Expansion<T> expansion{memory.data(), memory.data() + padded,
                               memory.data() + padded + centres.cols};
  const Doubtful doubtful{list.data(), list.data() + points.rows};
  launch(shift_kernel<T, U>, one_thread_each(centres.cols, kThreads), stream, centres, expansion,
         doubtful.count);
  launch(offsets_kernel<T, U>, one_thread_each(padded * kGroup, kThreads), stream, centres,
         expansion);
  launch(scan_kernel<T, U>, {whole(points.rows, kScorePoints<T>) / kScorePoints<T>, kScoreThreads},
         stream, points, centres, expansion, ScoreMargin<T>(points.cols), labels, doubtful);
  scan_directly(points, centres, doubtful, labels, stream);
}

}  // namespace

template <class T, class U>
void launch_nearest(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances,
                    Backend& backend, cudaStream_t stream) {
  if (points.rows == 0) return;
  if (expansion_pays<T>(centres.rows, points.cols))
    scan_by_scores(points, centres, labels, backend, stream);
  else
    scan_directly(points, centres, {}, labels, stream);
  if (points.cols < 8)
    launch(squares_kernel<1, T, U>, one_thread_each(points.rows, kThreads), stream, points, centres,
           labels, squared_distances);
  else
    launch(squares_kernel<8, T, U>, one_thread_each(points.rows * 8, kThreads), stream, points,
           centres, labels, squared_distances);
}

template void launch_nearest(MatrixView<const float>, MatrixView<const float>,
                             VectorView<std::int64_t>, VectorView<double>, Backend&, cudaStream_t);
template void launch_nearest(MatrixView<const float>, MatrixView<const double>,
                             VectorView<std::int64_t>, VectorView<double>, Backend&, cudaStream_t);
template void launch_nearest(MatrixView<const double>, MatrixView<const double>,
                             VectorView<std::int64_t>, VectorView<double>, Backend&, cudaStream_t);

}  // namespace wquant
