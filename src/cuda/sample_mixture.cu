#include <algorithm>

#include "base/random.hpp"
#include "cuda/launch.hpp"
#include "cuda/sample_mixture.cuh"
#include "numerics/draw_index.hpp"
#include "numerics/normal_pair.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;

struct Seeds {
  std::uint64_t indices;
  std::uint64_t normals;
};

/// Normal numbers begin … begin + count − 1, count ≤ kThreads, of which the stream's pairs yield
/// one before or behind.
struct NormalTile {
  double numbers[kThreads + 2];

  /// Thread by thread; a barrier belongs before and behind.
  __device__ void fill(std::uint64_t seed, std::int64_t begin, std::int64_t count) {
    const std::int64_t first = begin / 2;
    const std::int64_t pairs = (begin + count + 1) / 2 - first;
    if (threadIdx.x >= pairs) return;
    const NormalPair pair = normal_pair(seed, static_cast<std::uint64_t>(first + threadIdx.x));
    numbers[2 * threadIdx.x] = pair.first;
    numbers[2 * threadIdx.x + 1] = pair.second;
  }
  __device__ double number(std::int64_t begin, std::int64_t j) const {
    return numbers[begin % 2 + j];
  }
};

/// How kThreads threads share the coordinates of samples in R^d: those of several samples if they
/// fit, else kThreads coordinates of one.
struct Tiling {
  std::int64_t samples;
  std::int64_t width;
  std::int64_t tiles_per_row;

  explicit Tiling(std::int64_t d)
      : samples(std::max<std::int64_t>(1, kThreads / d)),
        width(std::min<std::int64_t>(kThreads, d)),
        tiles_per_row((d + kThreads - 1) / kThreads) {}
};

/// What a block knows of its samples.
struct SampleTile {
  NormalTile normals;
  double scaled[kThreads];  // s_i ∘ z
  std::int64_t chosen[kThreads];
};

/// Σ_k V(a, k) s_k z_k of the thread's coordinate a of sample `row` (of `count` from `sample` on),
/// width by width of the k; all threads of the block take part.
__device__ double turned(const GaussianComponents& components, std::uint64_t seed,
                         std::int64_t sample, std::int64_t count, std::int64_t width,
                         std::int64_t row, std::int64_t a, SampleTile& tile) {
  const TensorView<const double>& all = components.eigenvectors;
  const std::int64_t d = components.means.cols;
  const bool active = row < count && a < d;
  const std::int64_t i = row < count ? tile.chosen[row] : 0;
  const double* const vectors =
      all.data + (all.count > 1 ? i * all.matrix_stride : 0) + a * all.row_stride;
  double sum = 0;
  for (std::int64_t begin = 0; begin < d; begin += width) {
    const std::int64_t size = d - begin < width ? d - begin : width;
    const std::int64_t number = sample * d + begin;
    tile.normals.fill(seed, number, count * size);
    __syncthreads();
    if (threadIdx.x < count * size) {
      const std::int64_t of = threadIdx.x / size;
      const std::int64_t k = begin + threadIdx.x % size;
      const double deviation =
          components.deviations.data[tile.chosen[of] * components.deviations.row_stride + k];
      tile.scaled[threadIdx.x] = deviation * tile.normals.number(number, threadIdx.x);
    }
    __syncthreads();
    if (active)
      for (std::int64_t k = 0; k < size; ++k)
        sum += vectors[begin + k] * tile.scaled[row * size + k];
  }
  return sum;
}

}  // namespace

/// A thread a coordinate, a block as Tiling says. Normal numbers are made pair by pair in shared
/// memory; above 128 dimensions once for every 128 coordinates. Per sample in R^d 8 d bytes
/// written, about 50 d double-precision operations for the normal numbers and 2 d² to turn them,
/// whose eigenvectors come from the caches: their loads limit it for large d, else arithmetic.
template <bool kUnitBasis>
__global__ void __launch_bounds__(kThreads)
    sample_mixture_kernel(GaussianComponents components, CumulativeTable choice, Seeds seeds,
                          Tiling tiling, std::int64_t first, MatrixView<double> points,
                          VectorView<std::int64_t> labels) {
  __shared__ SampleTile tile;
  const std::int64_t d = points.cols;
  const std::int64_t group = blockIdx.x / tiling.tiles_per_row;
  const std::int64_t column = blockIdx.x % tiling.tiles_per_row * tiling.width;
  const std::int64_t begin = group * tiling.samples;
  const std::int64_t left = points.rows - begin;
  const std::int64_t count = left < tiling.samples ? left : tiling.samples;
  if (threadIdx.x < count) {
    const std::int64_t sample = begin + threadIdx.x;
    const std::int64_t i =
        draw_index(choice, uniform(seeds.indices, static_cast<std::uint64_t>(first + sample)));
    tile.chosen[threadIdx.x] = i;
    if (labels.data && column == 0) labels.data[sample] = i;
  }
  const std::int64_t row = threadIdx.x / tiling.width;
  const std::int64_t a = column + threadIdx.x % tiling.width;
  const bool active = row < count && a < d;
  double sum = 0;
  if constexpr (kUnitBasis) {
    const std::int64_t number = (first + begin) * d + column;
    const std::int64_t size = d - column < tiling.width ? d - column : tiling.width;
    tile.normals.fill(seeds.normals, number, count * size);
    __syncthreads();
    if (active)
      sum = components.deviations.data[tile.chosen[row] * components.deviations.row_stride + a] *
            tile.normals.number(number, threadIdx.x);
  } else {
    __syncthreads();
    sum = turned(components, seeds.normals, first + begin, count, tiling.width, row, a, tile);
  }
  if (active)
    points.data[(begin + row) * points.row_stride + a] =
        components.means.data[tile.chosen[row] * components.means.row_stride + a] + sum;
}

void launch_sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                           std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                           VectorView<std::int64_t> labels, cudaStream_t stream) {
  const Tiling tiling(points.cols);
  const std::int64_t groups = (points.rows + tiling.samples - 1) / tiling.samples;
  const bool unit_basis = components.eigenvectors.count == 0;
  launch(unit_basis ? sample_mixture_kernel<true> : sample_mixture_kernel<false>,
         LaunchShape{groups * tiling.tiles_per_row, kThreads}, stream, components, choice,
         Seeds{stream_seed(seed, 0), stream_seed(seed, 1)}, tiling, first, points, labels);
}

}  // namespace wquant
