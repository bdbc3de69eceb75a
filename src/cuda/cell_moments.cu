#include <algorithm>
#include <cstdint>

#include "cuda/cell_moments.cuh"
#include "cuda/grid_point.cuh"
#include "cuda/launch.hpp"
#include "numerics/row_cells.hpp"

namespace wquant {
namespace {

constexpr int kThreads = 256;
// On a multiprocessor, as told to ptxas, which else aims at more of them and spills.
constexpr int kResidentBlocks = 2;
constexpr int kMostCells = 8 * kThreads;  // of a block
constexpr unsigned kWarp = 0xffffffffu;

/// A cell of the block and its row, counted from the row of the block's first cell.
struct Place {
  std::uint16_t cell, row;
};

struct BlockCells {
  Place sorted[kMostCells];  // by formula
  Place places[kMostCells];
  std::uint16_t rank[kMostCells];  // among those of the same formula
  std::uint8_t formula[kMostCells];
  int count[kCellFormulas + 1];  // the last is of those that belong to no row
};

/// The formula of cell `cell` of row r, kCellFormulas if it belongs to no row.
__device__ int formula_of(const CellRows& rows, std::int64_t r, std::int64_t cell,
                          std::int64_t count) {
  const std::int64_t j = cell - rows.out_begin.data[r];
  if (cell >= count || j < 0 || j >= rows.cells.data[r]) return kCellFormulas;
  return static_cast<int>(row_cell_formula(rows.means.data[r], rows.deviations.data[r],
                                           rows.edges.data + rows.edges_begin.data[r],
                                           rows.cells.data[r], j));
}

/// How many of the block have had the formula before; all lanes of the warp ask at once.
__device__ int take_rank(int (&count)[kCellFormulas + 1], int formula) {
  const unsigned lane = threadIdx.x % 32;
  const unsigned same = __match_any_sync(kWarp, formula);
  const int leader = __ffs(static_cast<int>(same)) - 1;
  int before = 0;
  if (lane == static_cast<unsigned>(leader)) before = atomicAdd(&count[formula], __popc(same));
  return __shfl_sync(kWarp, before, leader) + __popc(same & ((1u << lane) - 1));
}

}  // namespace

/// One block 256 to 2048 cells, sorted by formula so that the lanes of a warp take the same one; a
/// row is found by binary search in out_begin, whose loads a warp mostly shares.
/// Per cell, counted in the PTX for rows of 10 near-optimal cells: 35 bytes, of which 24 written;
/// 610 double-precision instructions of 1410, with 30.6 of 32 lanes active in blocks of 1536 cells
/// and 27.6 in blocks of 256. Instruction issue limits it on an H100, to about 2e10 cells/s, with
/// double-precision arithmetic close behind; memory would allow 1e11.
__global__ void __launch_bounds__(kThreads, kResidentBlocks)
    cell_moments_kernel(CellRows rows, CellTable out, int block_cells) {
  __shared__ BlockCells block;
  const int thread = static_cast<int>(threadIdx.x);
  const std::int64_t first = std::int64_t{blockIdx.x} * block_cells;
  const std::int64_t first_row = last_at_or_below(rows.out_begin.data, rows.out_begin.size, first);
  const std::int64_t rows_left = rows.out_begin.size - first_row;
  const std::int64_t own_rows = rows_left < kMostCells ? rows_left : kMostCells;
  if (thread <= kCellFormulas) block.count[thread] = 0;
  __syncthreads();
#pragma unroll 1
  for (int c = thread; c < block_cells; c += kThreads) {
    const std::int64_t r = last_at_or_below(rows.out_begin.data + first_row, own_rows, first + c);
    const int formula = formula_of(rows, first_row + r, first + c, out.mass.size);
    block.places[c] = {static_cast<std::uint16_t>(c), static_cast<std::uint16_t>(r)};
    block.formula[c] = static_cast<std::uint8_t>(formula);
    block.rank[c] = static_cast<std::uint16_t>(take_rank(block.count, formula));
  }
  __syncthreads();
  for (int c = thread; c < block_cells; c += kThreads) {
    int begin = 0;
    for (int f = 0; f < block.formula[c]; ++f) begin += block.count[f];
    block.sorted[begin + block.rank[c]] = block.places[c];
  }
  __syncthreads();
  const int end = block_cells - block.count[kCellFormulas];
#pragma unroll 1
  for (int c = thread; c < end; c += kThreads) {
    const std::int64_t cell = first + block.sorted[c].cell;
    const std::int64_t r = first_row + block.sorted[c].row;
    const CellMoments moments = row_cell(rows.means.data[r], rows.deviations.data[r],
                                         rows.edges.data + rows.edges_begin.data[r],
                                         rows.cells.data[r], cell - rows.out_begin.data[r]);
    out.mass.data[cell] = moments.mass;
    out.mean.data[cell] = moments.mean;
    out.variance.data[cell] = moments.variance;
  }
}

void launch_cell_moments(const CellRows& rows, const CellTable& out, cudaStream_t stream) {
  if (rows.out_begin.size == 0) return;
  const std::int64_t cells = out.mass.size;
  // Many to a block, so that few warps take two formulas, but 256 blocks before that.
  const auto block_cells =
      static_cast<int>(std::clamp<std::int64_t>(cells / 65536, 1, kMostCells / kThreads)) *
      kThreads;
  launch(cell_moments_kernel, {(cells + block_cells - 1) / block_cells, kThreads}, stream, rows,
         out, block_cells);
}

}  // namespace wquant
