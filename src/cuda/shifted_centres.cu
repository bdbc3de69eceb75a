#include <cmath>

#include "cuda/launch.hpp"
#include "cuda/shifted_centres.cuh"

namespace wquant {
namespace {

constexpr int kThreads = 256;
constexpr int kSide = 32;  // centres and dimensions that pass through shared memory at a time
constexpr int kWarps = kThreads / kSide;
constexpr std::int64_t kSample = 64;

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
    shift_kernel(MatrixView<const U> centres, ShiftedCentres<T> out) {
  const std::int64_t k = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (k == 0) *out.largest_square = 0;
  if (k >= centres.cols) return;
  const std::int64_t count = centres.rows < kSample ? centres.rows : kSample;
  double sum = 0;
  for (std::int64_t s = 0; s < count; ++s)
    sum += static_cast<double>(centres.data[s * centres.rows / count * centres.row_stride + k]);
  out.shift[k] = static_cast<T>(sum / static_cast<double>(count));
}

/// One block 32 centres, transposed through shared memory 32 dimensions at a time. 8 or 16 bytes
/// and three operations a coordinate: memory limits it on an H100.
template <class T, class U>
__global__ void __launch_bounds__(kThreads)
    shift_centres_kernel(MatrixView<const U> centres, ShiftedCentres<T> out) {
  __shared__ T tile[kSide][kSide + 1];
  __shared__ double squares[kWarps][kSide];
  const int lane = static_cast<int>(threadIdx.x) % kSide;
  const int warp = static_cast<int>(threadIdx.x) / kSide;
  const std::int64_t first = std::int64_t{blockIdx.x} * kSide;
  const std::int64_t last = centres.rows - 1;
  double square = 0;
  for (std::int64_t begin = 0; begin < centres.cols; begin += kSide) {
    __syncthreads();
    if (begin + lane < centres.cols)
      for (int r = warp; r < kSide; r += kWarps) {
        const std::int64_t row = first + r < last ? first + r : last;
        tile[r][lane] = static_cast<T>(centres.data[row * centres.row_stride + begin + lane]) -
                        out.shift[begin + lane];
      }
    __syncthreads();
    for (int k = warp; k < kSide && begin + k < centres.cols; k += kWarps) {
      const T c = tile[lane][k];
      out.columns[(begin + k) * out.stride + first + lane] = c;
      square += static_cast<double>(c) * static_cast<double>(c);
    }
  }
  squares[warp][lane] = square;
  __syncthreads();
  if (warp > 0) return;
  for (int w = 1; w < kWarps; ++w) square += squares[w][lane];
  out.offsets[first + lane] =
      first + lane <= last ? -static_cast<T>(square / 2) : -static_cast<T>(INFINITY);
  atomic_max(out.largest_square, static_cast<T>(square));
}

template <class T, class U>
void launch_shift_centres(MatrixView<const U> centres, const ShiftedCentres<T>& out,
                          cudaStream_t stream) {
  launch(shift_kernel<T, U>, one_thread_each(centres.cols, kThreads), stream, centres, out);
  launch(shift_centres_kernel<T, U>, {out.stride / kSide, kThreads}, stream, centres, out);
}

template void launch_shift_centres(MatrixView<const float>, const ShiftedCentres<float>&,
                                   cudaStream_t);
template void launch_shift_centres(MatrixView<const double>, const ShiftedCentres<float>&,
                                   cudaStream_t);
template void launch_shift_centres(MatrixView<const double>, const ShiftedCentres<double>&,
                                   cudaStream_t);

}  // namespace wquant
