#include <cmath>

#include "cuda/eigh_parts.cuh"
#include "cuda/factor_errors.cuh"
#include "cuda/launch.hpp"
#include "cuda/warp_sum.cuh"
#include "numerics/factor_bound.hpp"

namespace wquant {
namespace {

constexpr int kTile = 32;    // entries along the side of a block's tile
constexpr int kDepth = 16;   // terms of the products that pass through shared memory at a time
constexpr int kEntries = 4;  // along the side of a thread's part of the tile
constexpr int kSide = kTile / kEntries;
constexpr int kThreads = kSide * kSide;

__host__ __device__ std::int64_t tiles_along(std::int64_t n) { return (n + kTile - 1) / kTile; }
/// Tiles on and below the diagonal.
__host__ __device__ std::int64_t tiles_of(std::int64_t n) {
  return tiles_along(n) * (tiles_along(n) + 1) / 2;
}

/// VΛVᵀ − A, in the unit of A.
struct Residual {
  static constexpr bool kContiguousTerms = false;
  const double* vectors;
  const double* values;
  const double* matrix;
  std::int64_t n, row_stride;
  double inverse_unit;

  __device__ Residual(const PackedPairs& pairs, const TensorView<const double>& matrices,
                      std::int64_t first, std::int64_t m)
      : vectors(pairs.vectors + m * pairs.n * pairs.n),
        values(pairs.values + m * pairs.n),
        matrix(matrices.data + (first + m) * matrices.matrix_stride),
        n(pairs.n),
        row_stride(matrices.row_stride),
        inverse_unit(1 / pairs.units[m]) {}
  __device__ double left(std::int64_t i, std::int64_t k) const { return right(i, k) * values[k]; }
  __device__ double right(std::int64_t i, std::int64_t k) const { return vectors[k * n + i]; }
  __device__ double target(std::int64_t i, std::int64_t j) const {
    return matrix[i * row_stride + j] * inverse_unit;
  }
};

/// VᵀV − I.
struct Orthogonality {
  static constexpr bool kContiguousTerms = true;
  const double* vectors;
  std::int64_t n;

  __device__ Orthogonality(const PackedPairs& pairs, const TensorView<const double>&, std::int64_t,
                           std::int64_t m)
      : vectors(pairs.vectors + m * pairs.n * pairs.n), n(pairs.n) {}
  __device__ double left(std::int64_t i, std::int64_t k) const { return vectors[i * n + k]; }
  __device__ double right(std::int64_t i, std::int64_t k) const { return vectors[i * n + k]; }
  __device__ double target(std::int64_t i, std::int64_t j) const { return i == j ? 1 : 0; }
};

using Slab = double[kDepth][kTile + 1];

/// Rows i_first … of `entry`, terms k_first …; 0 beyond n.
template <bool kContiguousTerms, class Entry>
__device__ void load(const Entry& entry, std::int64_t n, std::int64_t i_first, std::int64_t k_first,
                     Slab& slab) {
#pragma unroll 1
  for (int e = static_cast<int>(threadIdx.x); e < kTile * kDepth; e += kThreads) {
    const int i = kContiguousTerms ? e / kDepth : e % kTile;
    const int k = kContiguousTerms ? e % kDepth : e / kTile;
    slab[k][i] = i_first + i < n && k_first + k < n ? entry(i_first + i, k_first + k) : 0;
  }
}

/// The sum over the block, in thread 0.
__device__ double block_sum(double value) {
  __shared__ double sums[kThreads / 32];
  const double sum = warp_sum(value);
  if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = sum;
  __syncthreads();
  double total = 0;
  for (const double part : sums) total += part;
  return total;
}

}  // namespace

std::int64_t factor_error_scratch(std::int64_t n) { return 2 * tiles_of(n); }

/// One block a 32 × 32 tile on or below the diagonal, 4 × 4 entries a thread; both factors pass
/// through shared memory 16 terms at a time. Per matrix n³ operations, fused in pairs, for each of
/// the two products and as many visits to shared memory by warps as fused operations: either limits
/// it on an H100 where the 32 to 64 bytes a matrix entry come from the cache.
template <class Product>
__global__ void __launch_bounds__(kThreads)
    tile_squares_kernel(const __grid_constant__ PackedPairs pairs,
                        TensorView<const double> matrices, std::int64_t first, double* squares) {
  __shared__ Slab left, right;
  const std::int64_t n = pairs.n;
  const std::int64_t tiles = tiles_of(n);
  const Product product(pairs, matrices, first, blockIdx.x / tiles);
  std::int64_t down = 0;
  std::int64_t across = blockIdx.x % tiles;
  while (across > down) across -= ++down;

  const int row = static_cast<int>(threadIdx.x) / kSide;
  const int column = static_cast<int>(threadIdx.x) % kSide;
  double sums[kEntries][kEntries] = {};
#pragma unroll 1
  for (std::int64_t k_first = 0; k_first < n; k_first += kDepth) {
    __syncthreads();
    load<Product::kContiguousTerms>(
        [&](std::int64_t i, std::int64_t k) { return product.left(i, k); }, n, down * kTile,
        k_first, left);
    load<Product::kContiguousTerms>(
        [&](std::int64_t i, std::int64_t k) { return product.right(i, k); }, n, across * kTile,
        k_first, right);
    __syncthreads();
#pragma unroll 4
    for (int k = 0; k < kDepth; ++k)
#pragma unroll
      for (int r = 0; r < kEntries; ++r)
#pragma unroll
        for (int c = 0; c < kEntries; ++c)
          sums[r][c] += left[k][row + r * kSide] * right[k][column + c * kSide];
  }
  double square = 0;
#pragma unroll
  for (int r = 0; r < kEntries; ++r)
#pragma unroll
    for (int c = 0; c < kEntries; ++c) {
      const std::int64_t i = down * kTile + row + r * kSide;
      const std::int64_t j = across * kTile + column + c * kSide;
      if (i >= n || j >= n) continue;
      const double difference = sums[r][c] - product.target(i, j);
      square += difference * difference;
    }
  square = block_sum(square);
  if (threadIdx.x == 0) squares[blockIdx.x] = down == across ? square : 2 * square;
}

/// One warp a matrix: the tiles' sums to bounds, 8 bytes a tile and 16 a dimension.
__global__ void __launch_bounds__(32)
    factor_bound_kernel(const __grid_constant__ PackedPairs pairs, std::int64_t first,
                        const double* squares, VectorView<double> residual,
                        VectorView<double> orthogonality) {
  const std::int64_t n = pairs.n;
  const std::int64_t tiles = tiles_of(n);
  const std::int64_t m = blockIdx.x;
  const double* const off_matrix = squares + m * tiles;
  const double* const off_identity = off_matrix + pairs.count * tiles;
  double residual_square = 0, orthogonality_square = 0, product = 0, length = 0;
  for (std::int64_t t = threadIdx.x; t < tiles; t += 32) {
    residual_square += off_matrix[t];
    orthogonality_square += off_identity[t];
  }
  for (std::int64_t k = m * n + threadIdx.x; k < (m + 1) * n; k += 32) {
    product += fabs(pairs.values[k]) * pairs.lengths[k];
    length += pairs.lengths[k];
  }
  const auto d = static_cast<double>(n);
  const double bound = product_distance_bound(d, sqrt(warp_sum(residual_square)),
                                              warp_sum(product) + pairs.norms[m]);
  const double off =
      product_distance_bound(d, sqrt(warp_sum(orthogonality_square)), warp_sum(length));
  if (threadIdx.x != 0) return;
  residual.data[first + m] = pairs.failures[m] == 0 ? bound * pairs.units[m] : INFINITY;
  orthogonality.data[first + m] = off;
}

void launch_factor_errors(const PackedPairs& pairs, TensorView<const double> matrices,
                          std::int64_t first, double* scratch, VectorView<double> residual,
                          VectorView<double> orthogonality, cudaStream_t stream) {
  const std::int64_t blocks = pairs.count * tiles_of(pairs.n);
  launch(tile_squares_kernel<Residual>, {blocks, kThreads}, stream, pairs, matrices, first,
         scratch);
  launch(tile_squares_kernel<Orthogonality>, {blocks, kThreads}, stream, pairs, matrices, first,
         scratch + blocks);
  launch(factor_bound_kernel, {pairs.count, 32}, stream, pairs, first, scratch, residual,
         orthogonality);
}

}  // namespace wquant
