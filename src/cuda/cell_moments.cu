#include "backend/row_cells.hpp"
#include "cuda/cell_moments.cuh"
#include "cuda/grid_point.cuh"
#include "cuda/launch.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 128;

}  // namespace

/// One thread a cell; its row by binary search in out_begin, whose loads a warp mostly shares.
/// Per cell, counted in the PTX for rows of 10 near-optimal cells: 35 bytes, of which 24 written;
/// 590 double-precision instructions (950 operations) of 1260. Double-precision arithmetic and
/// instruction issue limit it alike on an H100, to about 9e9 cells/s: neighbouring cells take
/// different branches of normal_cell, so that 11 of 32 lanes are active. Memory would allow 1e11.
/// 94 registers, nothing spilled, no shared memory: 20 of 64 warps on a multiprocessor.
__global__ void __launch_bounds__(kThreads) cell_moments_kernel(CellRows rows, CellTable out) {
  const std::int64_t cell = std::int64_t{blockIdx.x} * kThreads + threadIdx.x;
  if (cell >= out.mass.size) return;
  const std::int64_t r = last_at_or_below(rows.out_begin.data, rows.out_begin.size, cell);
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
