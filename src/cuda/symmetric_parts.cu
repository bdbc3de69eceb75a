#include <cmath>

#include "cuda/launch.hpp"
#include "cuda/symmetric_parts.cuh"

namespace wquant {
namespace {

constexpr int kThreads = 128;

/// Lanes that share a matrix: the power of two up to 32 that its entries fill.
int lanes_for(std::int64_t entries) {
  int lanes = 1;
  while (lanes < 32 && 2 * lanes <= entries) lanes *= 2;
  return lanes;
}

/// Lowers a position, −1 as unsigned being above all.
__device__ void lower_to(std::int64_t* position, std::int64_t to) {
  atomicMin(reinterpret_cast<unsigned long long*>(position), static_cast<unsigned long long>(to));
}

}  // namespace

__global__ void no_fault_kernel(VectorView<std::int64_t> faults) {
  faults.data[0] = faults.data[1] = -1;
}

/// A few lanes a matrix, in two passes over its entries. Per entry 8 bytes read from memory, 16
/// from the cache, 8 written: memory limits it on an H100.
__global__ void __launch_bounds__(kThreads)
    symmetric_parts_kernel(TensorView<const double> matrices, double tolerance, int lanes,
                           TensorView<double> symmetric, MatrixView<double> diagonals,
                           VectorView<std::int64_t> off_diagonal, VectorView<std::int64_t> faults) {
  constexpr unsigned kAllLanes = 0xffffffffu;
  const std::int64_t i = (std::int64_t{blockIdx.x} * kThreads + threadIdx.x) / lanes;
  const int lane = static_cast<int>(threadIdx.x) % lanes;
  const std::int64_t d = matrices.rows;
  const std::int64_t entries = i < matrices.count ? d * d : 0;
  const double* const a = matrices.data + i * matrices.matrix_stride;
  double largest = 0;
  long long others = 0;
  for (std::int64_t e = lane; e < entries; e += lanes) {
    const std::int64_t r = e / d;
    const std::int64_t c = e - r * d;
    const double x = a[r * matrices.row_stride + c];
    if (!isfinite(x)) lower_to(faults.data, i * d * d + e);
    largest = fmax(largest, fabs(x));
    others += r != c && x != 0;
  }
  for (int step = lanes / 2; step > 0; step /= 2) {
    largest = fmax(largest, __shfl_xor_sync(kAllLanes, largest, step));
    others += __shfl_xor_sync(kAllLanes, others, step);
  }
  if (lane == 0 && entries > 0) off_diagonal.data[i] = others;
  double* const out = symmetric.data + i * symmetric.matrix_stride;
  for (std::int64_t e = lane; e < entries; e += lanes) {
    const std::int64_t r = e / d;
    const std::int64_t c = e - r * d;
    const double x = a[r * matrices.row_stride + c];
    const double mirrored = a[c * matrices.row_stride + r];
    if (c < r && fabs(x - mirrored) > tolerance * largest) lower_to(faults.data + 1, i * d * d + e);
    out[r * symmetric.row_stride + c] = x / 2 + mirrored / 2;
    if (r == c) diagonals.data[i * diagonals.row_stride + r] = x;
  }
}

void launch_symmetric_parts(TensorView<const double> matrices, double tolerance,
                            TensorView<double> symmetric, MatrixView<double> diagonals,
                            VectorView<std::int64_t> off_diagonal, VectorView<std::int64_t> faults,
                            cudaStream_t stream) {
  const int lanes = lanes_for(matrices.rows * matrices.cols);
  launch(no_fault_kernel, {1, 1}, stream, faults);
  launch(symmetric_parts_kernel, one_thread_each(matrices.count * lanes, kThreads), stream,
         matrices, tolerance, lanes, symmetric, diagonals, off_diagonal, faults);
}

}  // namespace wquant
