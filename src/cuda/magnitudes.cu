#include <algorithm>
#include <cmath>

#include "cuda/launch.hpp"
#include "cuda/magnitudes.cuh"

namespace wquant {
namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kMostBlocks = 2048;

}  // namespace

__global__ void no_magnitude_kernel(VectorView<double> largest,
                                    VectorView<std::int64_t> first_beyond) {
  largest.data[0] = 0;
  first_beyond.data[0] = -1;
}

/// Each thread every so-manieth entry, neighbours side by side; one integer maximum a warp, since
/// magnitudes order like their bits, with NaN above all. An index counts as unsigned, so that −1 is
/// above all. Per entry sizeof(T) bytes read: memory limits it on an H100.
template <class T>
__global__ void __launch_bounds__(kThreads)
    largest_magnitude_kernel(MatrixView<const T> values, double limit, VectorView<double> largest,
                             VectorView<std::int64_t> first_beyond) {
  constexpr unsigned kAllLanes = 0xffffffffu;
  const std::int64_t entries = values.rows * values.cols;
  const std::int64_t step = std::int64_t{gridDim.x} * kThreads;
  unsigned long long most = 0;
  auto first = static_cast<unsigned long long>(-1);
  for (std::int64_t e = std::int64_t{blockIdx.x} * kThreads + threadIdx.x; e < entries; e += step) {
    const std::int64_t i = e / values.cols;
    const double magnitude =
        fabs(static_cast<double>(values.data[i * values.row_stride + e - i * values.cols]));
    most = max(most, static_cast<unsigned long long>(__double_as_longlong(magnitude)));
    if (!(magnitude <= limit)) first = min(first, static_cast<unsigned long long>(e));
  }
  for (int lanes = 16; lanes > 0; lanes /= 2) {
    most = max(most, __shfl_xor_sync(kAllLanes, most, lanes));
    first = min(first, __shfl_xor_sync(kAllLanes, first, lanes));
  }
  if (threadIdx.x % 32 != 0) return;
  atomicMax(reinterpret_cast<unsigned long long*>(largest.data), most);
  atomicMin(reinterpret_cast<unsigned long long*>(first_beyond.data), first);
}

/// One thread an entry: 2 sizeof(T) bytes, which limit it on an H100.
template <class T>
__global__ void __launch_bounds__(kThreads)
    divide_kernel(MatrixView<const T> values, double unit, MatrixView<T> out) {
  const std::int64_t e = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (e >= values.rows * values.cols) return;
  const std::int64_t i = e / values.cols;
  const std::int64_t k = e - i * values.cols;
  out.data[i * out.row_stride + k] =
      static_cast<T>(static_cast<double>(values.data[i * values.row_stride + k]) / unit);
}

template <class T>
void launch_largest_magnitude(MatrixView<const T> values, double limit, VectorView<double> largest,
                              VectorView<std::int64_t> first_beyond, cudaStream_t stream) {
  launch(no_magnitude_kernel, {1, 1}, stream, largest, first_beyond);
  const LaunchShape shape = one_thread_each(values.rows * values.cols, kThreads);
  launch(largest_magnitude_kernel<T>, {std::min(shape.blocks, kMostBlocks), kThreads}, stream,
         values, limit, largest, first_beyond);
}

template <class T>
void launch_divide(MatrixView<const T> values, double unit, MatrixView<T> out,
                   cudaStream_t stream) {
  launch(divide_kernel<T>, one_thread_each(values.rows * values.cols, kThreads), stream, values,
         unit, out);
}

#define WQUANT_INSTANTIATE(T)                                                             \
  template void launch_largest_magnitude(MatrixView<const T>, double, VectorView<double>, \
                                         VectorView<std::int64_t>, cudaStream_t);         \
  template void launch_divide(MatrixView<const T>, double, MatrixView<T>, cudaStream_t);
WQUANT_INSTANTIATE(double)
WQUANT_INSTANTIATE(float)
#undef WQUANT_INSTANTIATE

}  // namespace wquant
