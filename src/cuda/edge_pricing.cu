#include <limits>

#include "cuda/edge_pricing.cuh"
#include "cuda/launch.hpp"

namespace wquant {
namespace {

constexpr int kWarp = 32;
constexpr int kWarps = 8;
constexpr int kThreads = kWarps * kWarp;
constexpr double kNone = -std::numeric_limits<double>::infinity();

struct Edge {
  double value;
  std::int64_t column;
};

/// The best of the warp's edges, the lowest column at a tie; −1 is no edge.
__device__ Edge best_of_warp(Edge best) {
#pragma unroll
  for (int step = kWarp / 2; step > 0; step /= 2) {
    const double value = __shfl_xor_sync(0xffffffffu, best.value, step);
    const std::int64_t column = __shfl_xor_sync(0xffffffffu, best.column, step);
    if (value > best.value || (value == best.value && column < best.column)) best = {value, column};
  }
  return best;
}

}  // namespace

/// One warp a row and block of columns, lanes on neighbouring columns. Per gain 8 bytes read, once,
/// besides the prices, which stay in the cache, and a subtraction and a comparison: memory limits
/// it on an H100.
__global__ void __launch_bounds__(kThreads)
    price_edges_kernel(MatrixView<const double> gains, VectorView<const double> row_prices,
                       VectorView<const double> column_prices, MatrixView<double> violations,
                       MatrixView<std::int64_t> columns) {
  const int lane = static_cast<int>(threadIdx.x) % kWarp;
  const std::int64_t warp = std::int64_t{blockIdx.x} * kWarps + threadIdx.x / kWarp;
  const std::int64_t i = warp / columns.cols;
  const std::int64_t b = warp % columns.cols;
  if (i >= gains.rows) return;
  const std::int64_t width = (gains.cols + columns.cols - 1) / columns.cols;
  const std::int64_t end = (b + 1) * width < gains.cols ? (b + 1) * width : gains.cols;
  const double row_price = row_prices.data[i];
  const double* const row = gains.data + i * gains.row_stride;
  Edge best{kNone, -1};
  if (isfinite(row_price))
    for (std::int64_t j = b * width + lane; j < end; j += kWarp) {
      if (j == i) continue;
      const double value = row[j] - column_prices.data[j];
      if (value > best.value) best = {value, j};
    }
  best = best_of_warp(best);
  if (lane != 0) return;
  violations.data[i * violations.row_stride + b] = best.column < 0 ? kNone : best.value - row_price;
  columns.data[i * columns.row_stride + b] = best.column;
}

void launch_price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                        VectorView<const double> column_prices, MatrixView<double> violations,
                        MatrixView<std::int64_t> columns, cudaStream_t stream) {
  const std::int64_t blocks = (gains.rows * columns.cols + kWarps - 1) / kWarps;
  launch(price_edges_kernel, {blocks, kThreads}, stream, gains, row_prices, column_prices,
         violations, columns);
}

}  // namespace wquant
