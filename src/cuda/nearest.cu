#include <cmath>
#include <cstdint>
#include <limits>

#include "cuda/launch.hpp"
#include "cuda/nearest.cuh"
#include "cuda/point_tile.cuh"
#include "cuda/score_tile.cuh"
#include "cuda/shifted_centres.cuh"
#include "cuda/squared_distance.cuh"
#include "cuda/workspace.hpp"
#include "numerics/score_margin.hpp"

namespace wquant {
namespace {

// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 2;
constexpr int kThreads = 256;
constexpr int kGroup = 8;  // lanes that share the coordinates of one row

template <class T>
struct Nearest {
  T square;
  std::int64_t label;
};

template <class T>
struct alignas(2 * sizeof(T)) TwoScores {
  T greatest, next;
};

/// The greatest score x·c − ½‖c‖² and the next, and the centre of the greatest.
template <class T>
struct Lead {
  TwoScores<T> scores;
  int label;

  __device__ void take(T score, int other_label) {
    const bool better = score > scores.greatest;
    const T lesser = better ? scores.greatest : score;
    scores.next = fmax(scores.next, lesser);
    scores.greatest = better ? score : scores.greatest;
    label = better ? other_label : label;
  }
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
    const T next = __shfl_xor_sync(0xffffffffu, lead.scores.next, step);
    const T greatest = __shfl_xor_sync(0xffffffffu, lead.scores.greatest, step);
    lead.take(greatest, __shfl_xor_sync(0xffffffffu, lead.label, step));
    lead.scores.next = fmax(lead.scores.next, next);
  }
  return lead;
}

/// Σ (x − shift)² of the row that the kGroup neighbouring lanes hold, in all of them.
template <class T>
__device__ T shifted_square(const T* row, const T* shift, int d) {
  T sum = 0;
  for (int k = static_cast<int>(threadIdx.x) % kGroup; k < d; k += kGroup) {
    const T x = row[k] - shift[k];
    sum += x * x;
  }
  for (int step = kGroup / 2; step > 0; step /= 2) sum += __shfl_xor_sync(0xffffffffu, sum, step);
  return sum;
}

}  // namespace

/// One block 128 (float) or 64 (double) points against all centres, 128 of them at a time; 8 × 8 or
/// 4 × 8 pairs a thread, points and centres through shared memory 16 dimensions at a time. Per
/// pair d fused operations, 5 for the two greatest scores, and 1/16 or 3/16 of a 16-byte load from
/// shared memory a dimension; counted in the PTX for 1024 centres, 28 instructions a pair in 16
/// dimensions and 127 in 96 (float), 33 and 151 (double). Instruction issue limits it on an H100 in
/// float, in double the arithmetic, which is issued at half the rate; memory does not, whatever the
/// dimension, since nothing of the size of the pairs is written, as the product of a matrix library
/// would have to be. Two blocks, or 16 of 64 warps, on a multiprocessor. Doubtful points are listed
/// in any order.
template <class T>
__global__ void __launch_bounds__(kScoreThreads, kResidentBlocks)
    scan_kernel(MatrixView<const T> points, ShiftedCentres<T> centres, ScoreMargin<T> margin,
                VectorView<std::int64_t> labels, Doubtful doubtful) {
  constexpr int kRows = kScoreRows<T>;
  constexpr int kPoints = kScorePoints<T>;
  __shared__ ScoreTile<T, kPoints> point_tile;
  __shared__ ScoreTile<T, kScoreCentres> centre_tile;
  __shared__ TwoScores<T> scores[kRows][kScoreThreads];
  __shared__ int best[kRows][kScoreThreads];
  __shared__ T squares[kPoints];
  const std::int64_t first = std::int64_t{blockIdx.x} * kPoints;
  const int d = static_cast<int>(points.cols);
  const int thread = static_cast<int>(threadIdx.x);
  const int row = thread / kScoreSide;
  const int column = thread % kScoreSide;
  for (int r = thread / kGroup; r < kPoints; r += kScoreThreads / kGroup) {
    const std::int64_t i = first + r < points.rows ? first + r : points.rows - 1;
    squares[r] = shifted_square(points.data + i * points.row_stride, centres.shift, d);
  }
#pragma unroll
  for (int r = 0; r < kRows; ++r) {
    scores[r][thread] = {-static_cast<T>(INFINITY), -static_cast<T>(INFINITY)};
    best[r][thread] = 0;
  }
  const PointRows<T> rows(points, first);
  for (int centre = 0; centre < centres.stride; centre += kScoreCentres) {
    T score[kRows][kScoreColumns];
    T offsets[kScoreColumns];
    read_elements(centres.offsets + centre + place<T>(column, 0), offsets);
#pragma unroll
    for (int r = 0; r < kRows; ++r)
#pragma unroll
      for (int c = 0; c < kScoreColumns; ++c) score[r][c] = offsets[c];
    for (int k = 0; k < d; k += kScoreDims) {
      const int dims = d - k < kScoreDims ? d - k : kScoreDims;
      __syncthreads();
      if (centre == 0 || d > kScoreDims) rows.load(point_tile, centres.shift, k, dims);
      load_columns(centre_tile, centres.columns + k * centres.stride + centre, centres.stride,
                   dims);
      __syncthreads();
      add_products(point_tile, centre_tile, dims, row, column, score);
    }
#pragma unroll
    for (int r = 0; r < kRows; ++r) {
      Lead<T> lead{scores[r][thread], -1};
#pragma unroll
      for (int c = 0; c < kScoreColumns; ++c) lead.take(score[r][c], place<T>(0, c));
      scores[r][thread] = lead.scores;
      if (lead.label >= 0) best[r][thread] = centre + place<T>(column, 0) + lead.label;
    }
  }
  Lead<T> own{};
#pragma unroll
  for (int r = 0; r < kRows; ++r) {
    const Lead<T> lead = join_columns(Lead<T>{scores[r][thread], best[r][thread]});
    if (column == r) own = lead;
  }
  const int r = place<T>(row, column);
  const std::int64_t i = first + r;
  if (column >= kRows || i >= points.rows) return;
  labels.data[i] = own.label;
  const T largest = *centres.largest_square;
  if (!(margin.representable(squares[r]) && margin.representable(largest) &&
        own.scores.greatest - own.scores.next > margin(squares[r], largest)))
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

std::int64_t tiles(std::int64_t points, std::int64_t size) { return (points + size - 1) / size; }

/// In fewer dimensions choosing the nearest costs more than the squares: 14 and 18 instructions a
/// pair by the direct form against 11 and 12, and more points would be in doubt.
constexpr std::int64_t kLeastExpandedDimension = 3;

template <class T>
bool expands(std::int64_t centres, std::int64_t d) {
  constexpr std::int64_t kMost = std::numeric_limits<int>::max() / 2;  // indices fit an int
  return d >= kLeastExpandedDimension && ScoreMargin<T>::holds(d) && d < kMost && centres < kMost;
}

template <class T, class U>
void scan_directly(MatrixView<const T> points, MatrixView<const U> centres,
                   const Doubtful& doubtful, VectorView<std::int64_t> labels, cudaStream_t stream) {
  launch(direct_kernel<T, U>, {tiles(points.rows, kTilePoints), kTileThreads}, stream, points,
         centres, doubtful, labels);
}

template <class T, class U>
void scan_by_scores(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, Backend& backend, cudaStream_t stream) {
  const std::int64_t n = points.rows;
  using Shifted = ShiftedCentres<T>;
  const Workspace<T> memory(backend, Shifted::size(centres.rows, centres.cols));
  const Workspace<std::int64_t> list(backend, n + 1);
  const Shifted shifted(memory.data(), centres.rows, centres.cols);
  const Doubtful doubtful{list.data(), list.data() + n};
  launch_shift_centres(centres, shifted, stream);
  WQUANT_CUDA_CHECK(cudaMemsetAsync(doubtful.count, 0, sizeof(*doubtful.count), stream));
  launch(scan_kernel<T>, {tiles(n, kScorePoints<T>), kScoreThreads}, stream, points, shifted,
         ScoreMargin<T>(points.cols), labels, doubtful);
  scan_directly(points, centres, doubtful, labels, stream);
}

}  // namespace

template <class T, class U>
void launch_nearest(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances,
                    Backend& backend, cudaStream_t stream) {
  if (points.rows == 0) return;
  if (expands<T>(centres.rows, points.cols))
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
