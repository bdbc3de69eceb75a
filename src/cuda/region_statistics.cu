#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "cuda/launch.hpp"
#include "cuda/nearest.cuh"
#include "cuda/region_statistics.cuh"
#include "cuda/squared_distance.cuh"
#include "cuda/workspace.hpp"
#include "numerics/region_sums.hpp"

namespace wquant {
namespace {

constexpr int kGroup = 8;  // lanes that choose the region of one point
constexpr int kGroupsPerBlock = 32;
constexpr int kRegionsPerBlock = 128;
constexpr std::int64_t kNoPoint = std::numeric_limits<std::int64_t>::max();

/// What the kernels hand on: the region of each point and the squared distance to its location.
struct Chosen {
  std::int64_t* labels;
  double* squares;
};

/// Points are summed part by part: enough parts to fill the device, and so few that their totals
/// take no more room than 48 bytes a point.
struct Parts {
  explicit Parts(std::int64_t n, std::int64_t regions)
      : count(std::clamp<std::int64_t>(n / std::max<std::int64_t>(regions, 512), 1, 1024)),
        size(std::max<std::int64_t>((n + count - 1) / count, 1)) {}
  std::int64_t count, size;
};

struct Ball {
  double square;
  std::int64_t label;
};

/// Whether the point lies in the box, the same answer in all lanes of its group. What is not finite
/// compares false.
template <class T>
__device__ bool in_box(const T* x, const RegionGeometry& regions, int lane, unsigned group) {
  bool outside = false;
  for (std::int64_t k = lane; k < regions.lower.size; k += kGroup) {
    const auto value = static_cast<double>(x[k]);
    outside |= !(regions.lower.data[k] <= value && value <= regions.upper.data[k]);
  }
  return __any_sync(group, outside) == 0;
}

/// The nearest ball that holds the point, or the outer region; each lane of the group looks at
/// every eighth ball.
template <class T>
__device__ Ball nearest_ball(const T* x, const RegionGeometry& regions, int lane, unsigned group) {
  const MatrixView<const double>& at = regions.locations;
  const std::int64_t outer = at.rows - 1;
  Ball best{INFINITY, outer};
  for (std::int64_t j = lane; j < outer; j += kGroup) {
    const double square = squared_distance(x, at.data + j * at.row_stride, at.cols);
    const double radius = regions.radii.data[j];
    if (square <= radius * radius && square < best.square) best = {square, j};
  }
  for (int step = kGroup / 2; step > 0; step /= 2) {
    const double square = __shfl_xor_sync(group, best.square, step);
    const std::int64_t label = __shfl_xor_sync(group, best.label, step);
    if (square < best.square || (square == best.square && label < best.label))
      best = {square, label};
  }
  if (best.label == outer)
    best.square = squared_distance(x, at.data + outer * at.row_stride, at.cols);
  return best;
}

}  // namespace

__global__ void no_point_outside_kernel(VectorView<std::int64_t> outside) {
  outside.data[0] = 0;
  outside.data[1] = kNoPoint;
}

/// From nearest locations to regions: eight lanes a point, which share its coordinates for the box
/// and the balls for the search where the nearest location's ball does not hold the point. Per
/// point 8 d or 4 d + 32 bytes: memory limits it on an H100 where balls hold their points, else the
/// 3 d double-precision operations a ball, whose rows come from the cache.
template <class T>
__global__ void __launch_bounds__(kGroup* kGroupsPerBlock)
    choose_regions_kernel(MatrixView<const T> points, RegionGeometry regions, Chosen chosen,
                          RegionTotals totals) {
  const int lane = static_cast<int>(threadIdx.x) % kGroup;
  const unsigned group = 0xffu << (threadIdx.x % 32 / kGroup * kGroup);
  const std::int64_t i = std::int64_t{blockIdx.x} * kGroupsPerBlock + threadIdx.x / kGroup;
  if (i >= points.rows) return;
  const T* const x = points.data + i * points.row_stride;
  const bool inside = in_box(x, regions, lane, group);
  Ball ball{chosen.squares[i], chosen.labels[i]};
  const double radius = regions.radii.data[ball.label];
  if (!(ball.square <= radius * radius)) ball = nearest_ball(x, regions, lane, group);
  __syncwarp(group);
  if (lane != 0) return;
  chosen.squares[i] = ball.square;
  chosen.labels[i] = ball.label;
  if (totals.distances.data) totals.distances.data[i] = sqrt(ball.square);
  if (inside) return;
  atomicAdd(reinterpret_cast<unsigned long long*>(totals.outside.data), 1ull);
  atomicMin(reinterpret_cast<long long*>(totals.outside.data + 1), static_cast<long long>(i));
}

/// One block a part of the points and kRegionsPerBlock regions, one thread a region: labels and
/// squares pass through shared memory, and each thread adds its own points in their order. Per
/// point 16 bytes read and, a region, a load and a comparison, which limit it on an H100.
__global__ void __launch_bounds__(kRegionsPerBlock)
    sum_part_kernel(Chosen chosen, std::int64_t n, Parts parts, std::int64_t regions, int order,
                    RegionSums* sums) {
  __shared__ int labels[kRegionsPerBlock];
  __shared__ double squares[kRegionsPerBlock];
  const std::int64_t across = (regions + kRegionsPerBlock - 1) / kRegionsPerBlock;
  const std::int64_t part = blockIdx.x / across;
  const std::int64_t first_region = blockIdx.x % across * kRegionsPerBlock;
  const int thread = static_cast<int>(threadIdx.x);
  const std::int64_t end = (part + 1) * parts.size < n ? (part + 1) * parts.size : n;
  RegionSums sum;
  for (std::int64_t begin = part * parts.size; begin < end; begin += kRegionsPerBlock) {
    const int count =
        end - begin < kRegionsPerBlock ? static_cast<int>(end - begin) : kRegionsPerBlock;
    __syncthreads();
    if (thread < count) {
      const std::int64_t label = chosen.labels[begin + thread] - first_region;
      labels[thread] = label >= 0 && label < kRegionsPerBlock ? static_cast<int>(label) : -1;
      squares[thread] = chosen.squares[begin + thread];
    }
    __syncthreads();
    for (int p = 0; p < count; ++p)
      if (labels[p] == thread) sum.add(squares[p], order == 1 ? sqrt(squares[p]) : squares[p]);
  }
  if (first_region + thread < regions) sums[part * regions + first_region + thread] = sum;
}

/// One thread a region: the sums of the parts, in their order. 48 bytes read a part and region.
__global__ void __launch_bounds__(kRegionsPerBlock)
    join_parts_kernel(const RegionSums* sums, std::int64_t parts, RegionTotals totals) {
  const std::int64_t j = std::int64_t{blockIdx.x} * kRegionsPerBlock + threadIdx.x;
  const std::int64_t regions = totals.count.size;
  if (j >= regions) return;
  RegionSums region;
  for (std::int64_t part = 0; part < parts; ++part) region.add(sums[part * regions + j]);
  normalise_pair(region.sum_high, region.sum_low);
  normalise_pair(region.square_high, region.square_low);
  totals.count.data[j] = region.count;
  totals.sum.data[j * totals.sum.row_stride] = region.sum_high;
  totals.sum.data[j * totals.sum.row_stride + 1] = region.sum_low;
  totals.square.data[j * totals.square.row_stride] = region.square_high;
  totals.square.data[j * totals.square.row_stride + 1] = region.square_low;
  totals.farthest.data[j] = sqrt(region.farthest_square);
}

template <class T>
void launch_region_statistics(MatrixView<const T> points, const RegionGeometry& regions, int order,
                              const RegionTotals& totals, Backend& backend, cudaStream_t stream) {
  const std::int64_t n = points.rows;
  const std::int64_t m = regions.locations.rows;
  const Parts parts(n, m);
  const Workspace<double> squares(backend, n);
  const Workspace<RegionSums> sums(backend, parts.count, m);
  std::optional<Workspace<std::int64_t>> own_labels;
  if (!totals.labels.data) own_labels.emplace(backend, n);
  const Chosen chosen{own_labels ? own_labels->data() : totals.labels.data, squares.data()};
  MatrixView<const double> centres = regions.locations;
  --centres.rows;
  launch(no_point_outside_kernel, {1, 1}, stream, totals.outside);
  launch_nearest(points, centres, {chosen.labels, n}, {chosen.squares, n}, backend, stream);
  launch(choose_regions_kernel<T>, one_thread_each(n * kGroup, kGroup * kGroupsPerBlock), stream,
         points, regions, chosen, totals);
  const std::int64_t across = (m + kRegionsPerBlock - 1) / kRegionsPerBlock;
  launch(sum_part_kernel, {parts.count * across, kRegionsPerBlock}, stream, chosen, n, parts, m,
         order, sums.data());
  launch(join_parts_kernel, one_thread_each(m, kRegionsPerBlock), stream, sums.data(), parts.count,
         totals);
}

template void launch_region_statistics(MatrixView<const float>, const RegionGeometry&, int,
                                       const RegionTotals&, Backend&, cudaStream_t);
template void launch_region_statistics(MatrixView<const double>, const RegionGeometry&, int,
                                       const RegionTotals&, Backend&, cudaStream_t);

}  // namespace wquant
