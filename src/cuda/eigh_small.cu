#include <cmath>

#include "cuda/eigh.cuh"
#include "cuda/eigh_parts.cuh"
#include "cuda/launch.hpp"
#include "numerics/factor_bound.hpp"
#include "numerics/jacobi.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;

template <int kSize>
using Square = double[kSize][kSize];

/// `a` becomes the matrix in its unit.
template <int kSize>
__device__ Unit load(const double* from, std::int64_t row_stride, Square<kSize>& a) {
  double largest = 0;
#pragma unroll
  for (int i = 0; i < kSize; ++i)
#pragma unroll
    for (int j = 0; j < kSize; ++j) {
      a[i][j] = from[i * row_stride + j];
      largest = fmax(largest, fabs(a[i][j]));
    }
  const Unit unit = unit_of(largest);
#pragma unroll
  for (int i = 0; i < kSize; ++i)
#pragma unroll
    for (int j = 0; j < kSize; ++j) a[i][j] *= unit.inverse;
  return unit;
}

/// Whether the first entry of largest magnitude in column k is negative.
template <int kSize>
__device__ bool points_down(const Square<kSize>& v, int k) {
  double largest = v[0][k];
#pragma unroll
  for (int i = 1; i < kSize; ++i)
    if (fabs(v[i][k]) > fabs(largest)) largest = v[i][k];
  return largest < 0;
}

/// Bounds on ‖A − VΛVᵀ‖_F and ‖VᵀV − I‖_F.
template <int kSize>
__device__ double2 factor_errors(const Square<kSize>& a, const double (&values)[kSize],
                                 const Square<kSize>& v) {
  double residual = 0, orthogonality = 0, norm = 0, product = 0, length = 0;
#pragma unroll
  for (int i = 0; i < kSize; ++i) {
    double column = 0;
#pragma unroll
    for (int j = 0; j < kSize; ++j) {
      double entry = 0, inner = 0;
#pragma unroll
      for (int k = 0; k < kSize; ++k) {
        entry += v[i][k] * values[k] * v[j][k];
        inner += v[k][i] * v[k][j];
      }
      if (i == j) column = inner;
      const double off = i == j ? inner - 1 : inner;
      residual += (entry - a[i][j]) * (entry - a[i][j]);
      orthogonality += off * off;
      norm += a[i][j] * a[i][j];
    }
    product += fabs(values[i]) * column;
    length += column;
  }
  return {product_distance_bound(kSize, sqrt(residual), product + sqrt(norm)),
          product_distance_bound(kSize, sqrt(orthogonality), length)};
}

}  // namespace

/// One thread a matrix, with the CPU's bits. Per matrix 16 d² + 8 d + 16 bytes, and at d = 3 some
/// 830 double-precision instructions: these and memory limit it alike on an H100, memory below.
template <int kSize>
__global__ void __launch_bounds__(kThreads)
    small_eigh_kernel(TensorView<const double> matrices, const __grid_constant__ EighOutputs out) {
  const std::int64_t m = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (m >= matrices.count) return;
  const double* const from = matrices.data + m * matrices.matrix_stride;
  Square<kSize> a, v;
  const Unit unit = load<kSize>(from, matrices.row_stride, a);
  jacobi_eigh(a, v);
  double values[kSize];
#pragma unroll
  for (int k = 0; k < kSize; ++k) values[k] = a[k][k];

  double* const value_row = out.eigenvalues.data + m * out.eigenvalues.row_stride;
  double* const vectors = out.eigenvectors.data + m * out.eigenvectors.matrix_stride;
#pragma unroll
  for (int k = 0; k < kSize; ++k) {
    int place = 0;
#pragma unroll
    for (int j = 0; j < kSize; ++j) place += precedes(values[j], j, values[k], k) ? 1 : 0;
    value_row[place] = values[k] * unit.value;
    const double sign = points_down<kSize>(v, k) ? -1 : 1;
#pragma unroll
    for (int i = 0; i < kSize; ++i)
      vectors[i * out.eigenvectors.row_stride + place] = sign * v[i][k];
  }
  load<kSize>(from, matrices.row_stride, a);
  const double2 errors = factor_errors<kSize>(a, values, v);
  out.residual.data[m] = errors.x * unit.value;
  out.orthogonality.data[m] = errors.y;
}

void launch_small_eigh(TensorView<const double> matrices, const EighOutputs& out,
                       cudaStream_t stream) {
  void (*const kernels[])(TensorView<const double>, EighOutputs) = {
      small_eigh_kernel<1>, small_eigh_kernel<2>, small_eigh_kernel<3>};
  launch(kernels[matrices.rows - 1], one_thread_each(matrices.count, kThreads), stream, matrices,
         out);
}

}  // namespace wquant
