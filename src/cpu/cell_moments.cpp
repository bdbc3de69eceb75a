#include <algorithm>

#include "base/parallel.hpp"
#include "cpu/cpu_backend.hpp"
#include "numerics/row_cells.hpp"

namespace wquant {

void CpuBackend::cell_moments(const CellRows& rows, const CellTable& out) {
  constexpr std::int64_t kCellsPerChunk = 256;
  const std::int64_t cells_per_row =
      std::max<std::int64_t>(1, out.mass.size / std::max<std::int64_t>(1, rows.means.size));
  const std::int64_t rows_per_chunk = std::max<std::int64_t>(1, kCellsPerChunk / cells_per_row);
  parallel_chunks(threads_, rows.means.size, rows_per_chunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t r = begin; r < end; ++r) {
                      const double* const edges = rows.edges.data + rows.edges_begin[r];
                      for (std::int64_t j = 0; j < rows.cells[r]; ++j) {
                        const CellMoments cell =
                            row_cell(rows.means[r], rows.deviations[r], edges, rows.cells[r], j);
                        const std::int64_t to = rows.out_begin[r] + j;
                        out.mass[to] = cell.mass;
                        out.mean[to] = cell.mean;
                        out.variance[to] = cell.variance;
                      }
                    }
                  });
}

}  // namespace wquant
