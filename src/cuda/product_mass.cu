#include "cuda/grid_point.cuh"
#include "cuda/launch.hpp"
#include "cuda/product_mass.cuh"

namespace wquant {
namespace {

constexpr std::int64_t kComponentsPerBlock = 256;
constexpr int kThreads = 256;
// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 4;
constexpr int kLanes = 32;
/// A grid of fewer than 2⁶⁴ points has at most so many dimensions of two or more.
constexpr int kMostIndices = 64;

// Loops are not unrolled: ptxas would spill registers on some architectures.

/// A grid point before the components of its grid.
class PointMass {
 public:
  __device__ PointMass(const ProductGrids& grids, const GridComponents& components,
                       std::int64_t row) {
    GridPoint point(grids, row);
    exists_ = point.exists();
    if (!exists_) return;
    const std::int64_t first = components.component_begin.data[point.grid()];
    count_ = components.component_begin.data[point.grid() + 1] - first;
    rank_ = point.rank();
    cells_ = grids.cells.data + point.first_dimension();
    weights_ = components.weights.data + first;
    masses_begin_ = components.masses_begin.data + components.row_begin.data[point.grid()];
    masses_ = components.masses.data;
    int used = 0;
#pragma unroll 1
    for (std::int64_t k = 0; k < rank_; ++k) {
      const std::int64_t index = point.take_index(k);
      if (cells_[k] > 1) index_[used++] = index;
    }
  }

  __device__ bool exists() const { return exists_; }
  __device__ std::int64_t blocks() const {
    return (count_ + kComponentsPerBlock - 1) / kComponentsPerBlock;
  }

  /// Σ_c weights[c] Π_k masses over one block of components, in order.
  __device__ double block_sum(std::int64_t block) const {
    const std::int64_t begin = block * kComponentsPerBlock;
    const std::int64_t left = count_ - begin;
    const std::int64_t end = begin + (left < kComponentsPerBlock ? left : kComponentsPerBlock);
    double sum = 0;
#pragma unroll 1
    for (std::int64_t c = begin; c < end; ++c) {
      double product = weights_[c];
      int used = 0;
#pragma unroll 1
      for (std::int64_t k = 0; k < rank_; ++k) {
        const std::int64_t index = cells_[k] > 1 ? index_[used++] : 0;
        product *= masses_[masses_begin_[c * rank_ + k] + index];
      }
      sum += product;
    }
    return sum;
  }

 private:
  bool exists_ = false;
  std::int64_t count_ = 0;
  std::int64_t rank_ = 0;
  const std::int64_t* cells_ = nullptr;
  const double* weights_ = nullptr;
  const std::int64_t* masses_begin_ = nullptr;
  const double* masses_ = nullptr;
  std::int64_t index_[kMostIndices];  // in the dimensions of more than one cell
};

}  // namespace

/// One thread a grid point, through all components. Per point and component of a grid of rank r:
/// up to 4 r + 1 loads, which the caches serve, r multiplications and an addition, so that loads
/// limit it.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    product_mass_kernel(ProductGrids grids, GridComponents components,
                        VectorView<double> probabilities) {
  const std::int64_t row = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (row >= probabilities.size) return;
  const PointMass point(grids, components, row);
  if (!point.exists()) return;
  double mass = 0;
  for (std::int64_t block = 0; block < point.blocks(); ++block) mass += point.block_sum(block);
  probabilities.data[row] = mass;
}

/// The same sums, in the same order, for many components: 8 warps share 32 points, each takes every
/// eighth block of components, and the first adds up what they found, 8 blocks at a time.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    shared_product_mass_kernel(ProductGrids grids, GridComponents components,
                               VectorView<double> probabilities) {
  constexpr int kWarps = kThreads / kLanes;
  __shared__ double found[kWarps][kLanes];
  const int warp = threadIdx.x / kLanes;
  const int lane = threadIdx.x % kLanes;
  const std::int64_t row = std::int64_t{blockIdx.x} * kLanes + lane;
  const PointMass point(grids, components, row);
  const bool exists = point.exists() && row < probabilities.size;
  const std::int64_t blocks = exists ? point.blocks() : 0;
  double mass = 0;
#pragma unroll 1
  for (std::int64_t first = 0; __syncthreads_or(first < blocks); first += kWarps) {
    if (first + warp < blocks) found[warp][lane] = point.block_sum(first + warp);
    __syncthreads();
    if (warp == 0)
#pragma unroll 1
      for (int w = 0; w < kWarps && first + w < blocks; ++w) mass += found[w][lane];
  }
  if (warp == 0 && exists) probabilities.data[row] = mass;
}

void launch_product_mass(const ProductGrids& grids, const GridComponents& components,
                         VectorView<double> probabilities, cudaStream_t stream) {
  if (grids.rank.size == 0) return;
  const bool many = components.weights.size / grids.rank.size >= 2 * kComponentsPerBlock;
  launch(
      many ? shared_product_mass_kernel : product_mass_kernel,
      LaunchShape{one_thread_each(probabilities.size, many ? kLanes : kThreads).blocks, kThreads},
      stream, grids, components, probabilities);
}

}  // namespace wquant
