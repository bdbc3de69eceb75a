#include <algorithm>

#include "cuda/launch.hpp"
#include "cuda/seeding_step.cuh"
#include "cuda/warp_sum.cuh"

namespace wquant {
namespace {

constexpr int kThreads = 256;
constexpr int kWarps = kThreads / 32;
constexpr int kQuads = 4;
constexpr int kCandidates = 4 * kQuads;  // of one pass over the points

template <class T>
constexpr int kDims = 128 / sizeof(T);  // of one tile: a line of the cache

template <class T>
struct alignas(16) Quad {
  T at[4];
};

/// kThreads points, row by row with an odd distance, which keeps a column free of bank conflicts,
/// and the candidates of a pass, 0 in place of what is missing.
template <class T>
struct Tile {
  T points[kThreads * (kDims<T> + 1)];
  Quad<T> candidates[kDims<T>][kQuads];
};

/// Dimensions first_dim … first_dim + dims − 1 of points first …, neighbours by neighbours.
template <class T>
__device__ void load_points(Tile<T>& tile, const MatrixView<const T>& points, std::int64_t first,
                            std::int64_t first_dim, int dims) {
  const int k = static_cast<int>(threadIdx.x) % dims;
  const int at_once = kThreads / dims;
  const int count =
      points.rows - first < kThreads ? static_cast<int>(points.rows - first) : kThreads;
  int row = static_cast<int>(threadIdx.x) / dims;
  if (row == at_once) return;
  const T* const from = points.data + first * points.row_stride + first_dim + k;
#pragma unroll 4
  for (; row < count; row += at_once)
    tile.points[row * (dims | 1) + k] = from[row * points.row_stride];
}

template <class T>
__device__ void load_candidates(Tile<T>& tile, const MatrixView<const T>& candidates,
                                std::int64_t first_dim, int dims) {
  for (int e = static_cast<int>(threadIdx.x); e < dims * kCandidates; e += kThreads) {
    const int k = e / kCandidates;
    const int c = e % kCandidates;
    tile.candidates[k][c / 4].at[c % 4] =
        c < candidates.rows ? candidates.data[c * candidates.row_stride + first_dim + k] : T(0);
  }
}

/// sum[c] += Σ_k (x_k − candidate c_k)², in the order of the dimensions, for this thread's point.
template <class T>
__device__ void add_squares(const Tile<T>& tile, int dims, int candidates, T (&sum)[kCandidates]) {
  const T* const x = tile.points + static_cast<int>(threadIdx.x) * (dims | 1);
#pragma unroll
  for (int q = 0; q < kQuads; ++q) {
    if (4 * q >= candidates) break;
#pragma unroll 4
    for (int k = 0; k < dims; ++k) {
      const Quad<T> quad = tile.candidates[k][q];
#pragma unroll
      for (int c = 0; c < 4; ++c) {
        const T difference = x[k] - quad.at[c];
        sum[4 * q + c] += difference * difference;
      }
    }
  }
}

}  // namespace

/// One block kSeedingBlock points, kThreads at a time, one thread a point: its coordinates through
/// shared memory, the distances to all candidates in registers. Per point sizeof(T) d + 24 bytes,
/// and 3 d operations in T a candidate, which may not be fused; a load of four candidates and one
/// of the point for twelve of them. For d = 16 and nine candidates that is 80 instructions a
/// coordinate: on an H100 they limit it in float, at 1.6 times what memory takes; in double
/// arithmetic and memory take the same.
template <class T>
__global__ void __launch_bounds__(kThreads, 2)
    seeding_kernel(MatrixView<const T> points, VectorView<const double> weights,
                   MatrixView<const T> candidates, bool update, VectorView<double> squares,
                   MatrixView<double> costs) {
  __shared__ Tile<T> tile;
  __shared__ double warp_costs[kWarps][kCandidates];
  const int thread = static_cast<int>(threadIdx.x);
  const int count = static_cast<int>(candidates.rows);
  const std::int64_t begin = std::int64_t{blockIdx.x} * kSeedingBlock;
  double cost[kCandidates] = {};
  for (std::int64_t first = begin; first < begin + kSeedingBlock && first < points.rows;
       first += kThreads) {
    const std::int64_t i = first + thread;
    T square[kCandidates] = {};
    for (std::int64_t k = 0; k < points.cols; k += kDims<T>) {
      const int dims = points.cols - k < kDims<T> ? static_cast<int>(points.cols - k) : kDims<T>;
      __syncthreads();
      load_points(tile, points, first, k, dims);
      load_candidates(tile, candidates, k, dims);
      __syncthreads();
      if (i < points.rows) add_squares(tile, dims, count, square);
    }
    if (i >= points.rows) continue;
    double so_far = squares.data[i];
    if (update) {
      const auto latest = static_cast<double>(square[0]);
      if (latest < so_far) so_far = latest;
      squares.data[i] = so_far;
    }
    const double weight = weights.size > 0 ? weights.data[i] : 1;
#pragma unroll
    for (int c = 0; c < kCandidates; ++c) {
      if (c / 4 * 4 >= count) break;
      const auto wide = static_cast<double>(square[c]);
      cost[c] += weight * (wide < so_far ? wide : so_far);
    }
  }
#pragma unroll
  for (int c = 0; c < kCandidates; ++c) {
    if (c >= count) break;
    const double sum = warp_sum(cost[c]);
    if (thread % 32 == 0) warp_costs[thread / 32][c] = sum;
  }
  __syncthreads();
  if (thread >= count) return;
  double sum = 0;
  for (int w = 0; w < kWarps; ++w) sum += warp_costs[w][thread];
  costs.data[std::int64_t{blockIdx.x} * costs.row_stride + thread] = sum;
}

template <class T>
void launch_seeding_step(MatrixView<const T> points, VectorView<const double> weights,
                         MatrixView<const T> candidates, VectorView<double> squares,
                         MatrixView<double> costs, cudaStream_t stream) {
  const std::int64_t blocks = (points.rows + kSeedingBlock - 1) / kSeedingBlock;
  for (std::int64_t first = 0; first < candidates.rows; first += kCandidates) {
    MatrixView<const T> some = candidates;
    some.data += first * candidates.row_stride;
    some.rows = std::min<std::int64_t>(kCandidates, candidates.rows - first);
    MatrixView<double> some_costs = costs;
    some_costs.data += first;
    launch(seeding_kernel<T>, {blocks, kThreads}, stream, points, weights, some, first == 0,
           squares, some_costs);
  }
}

template void launch_seeding_step(MatrixView<const float>, VectorView<const double>,
                                  MatrixView<const float>, VectorView<double>, MatrixView<double>,
                                  cudaStream_t);
template void launch_seeding_step(MatrixView<const double>, VectorView<const double>,
                                  MatrixView<const double>, VectorView<double>, MatrixView<double>,
                                  cudaStream_t);

}  // namespace wquant
