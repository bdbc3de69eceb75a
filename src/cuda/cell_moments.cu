#include "backend/row_cells.hpp"
#include "cuda/cell_moments.cuh"
#include "cuda/launch.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 256;

/// The last row whose results begin at or before `cell`, or row 0.
__device__ std::int64_t row_of_cell(const VectorView<const std::int64_t>& out_begin,
                                    std::int64_t cell) {
  std::int64_t low = 0;
  std::int64_t high = out_begin.size;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (out_begin.data[middle] <= cell ? low : high) = middle;
  }
  return low;
}

}  // namespace

__global__ void __launch_bounds__(kThreads) cell_moments_kernel(CellRows rows, CellTable out) {
  const std::int64_t cell = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (cell >= out.mass.size) return;
  const std::int64_t r = row_of_cell(rows.out_begin, cell);
  const std::int64_t j = cell - rows.out_begin.data[r];
  if (j < 0 || j >= rows.cells.data[r]) return;
  const CellMoments moments =
      row_cell(rows.means.data[r], rows.deviations.data[r],
               rows.edges.data + rows.edges_begin.data[r], rows.cells.data[r], j);
  out.mass.data[cell] = moments.mass;
  out.mean.data[cell] = moments.mean;
  out.variance.data[cell] = moments.variance;
}

void launch_cell_moments(const CellRows& rows, const CellTable& out, cudaStream_t stream) {
  if (rows.out_begin.size == 0) return;
  launch(cell_moments_kernel, one_thread_each(out.mass.size, kThreads), stream, rows, out);
}

}  // namespace wquant
