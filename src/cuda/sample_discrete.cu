#include "base/random.hpp"
#include "cuda/launch.hpp"
#include "cuda/sample_discrete.cuh"
#include "numerics/draw_index.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;

}  // namespace

/// A block draws one index a thread and then copies the rows of all of them, so that writes are
/// coalesced. Per sample in R^d 8 d bytes read and written, 8 of the label, and the search in
/// `choice`: for large d memory limits it, for small d the search's scattered loads.
__global__ void __launch_bounds__(kThreads)
    sample_discrete_kernel(MatrixView<const double> locations, CumulativeTable choice,
                           std::uint64_t index_seed, std::int64_t first, MatrixView<double> points,
                           VectorView<std::int64_t> labels) {
  __shared__ std::int64_t chosen[kThreads];
  const std::int64_t begin = std::int64_t{blockIdx.x} * kThreads;
  const std::int64_t left = points.rows - begin;
  const std::int64_t count = left < kThreads ? left : kThreads;
  if (threadIdx.x < count) {
    const std::int64_t sample = begin + threadIdx.x;
    const auto counter = static_cast<std::uint64_t>(first + sample);
    chosen[threadIdx.x] = draw_index(choice, uniform(index_seed, counter));
    if (labels.data) labels.data[sample] = chosen[threadIdx.x];
  }
  __syncthreads();
  const std::int64_t d = points.cols;
  const std::int64_t row_step = kThreads / d;
  const std::int64_t column_step = kThreads % d;
  std::int64_t column = threadIdx.x % d;
  for (std::int64_t row = threadIdx.x / d; row < count; row += row_step) {
    points.data[(begin + row) * points.row_stride + column] =
        locations.data[chosen[row] * locations.row_stride + column];
    column += column_step;
    if (column >= d) {
      column -= d;
      ++row;
    }
  }
}

void launch_sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                            std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                            VectorView<std::int64_t> labels, cudaStream_t stream) {
  launch(sample_discrete_kernel, one_thread_each(points.rows, kThreads), stream, locations, choice,
         stream_seed(seed, 0), first, points, labels);
}

}  // namespace wquant
