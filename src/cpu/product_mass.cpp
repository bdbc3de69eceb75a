#include <algorithm>
#include <vector>

#include "backend/parallel.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/simd.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kComponentsPerBlock = 256;
constexpr std::int64_t kPointsPerTask = 16384;

/// Some lines of one grid; a line is the points that differ in the last dimension only.
struct LineRange {
  std::int64_t grid;
  std::int64_t begin;
  std::int64_t end;
};

std::int64_t last_cells(const ProductGrids& grids, std::int64_t l) {
  const std::int64_t rank = grids.rank[l];
  return rank == 0 ? 1 : grids.cells[grids.dimension_begin[l] + rank - 1];
}

/// Points over all dimensions but the last.
std::int64_t line_count(const ProductGrids& grids, std::int64_t l) {
  std::int64_t lines = 1;
  for (std::int64_t k = 0; k + 1 < grids.rank[l]; ++k)
    lines *= grids.cells[grids.dimension_begin[l] + k];
  return lines;
}

/// The lines of all grids cut into tasks of about kPointsPerTask points.
std::vector<LineRange> line_ranges(const ProductGrids& grids) {
  std::vector<LineRange> ranges;
  for (std::int64_t l = 0; l < grids.rank.size; ++l) {
    const std::int64_t lines = line_count(grids, l);
    const std::int64_t step = std::max<std::int64_t>(1, kPointsPerTask / last_cells(grids, l));
    for (std::int64_t begin = 0; begin < lines; begin += step)
      ranges.push_back({l, begin, std::min(lines, begin + step)});
  }
  return ranges;
}

/// Grid indices of a line: its position in all dimensions but the last.
void line_indices(const ProductGrids& grids, std::int64_t l, std::int64_t line,
                  std::vector<std::int64_t>& index) {
  for (std::int64_t k = grids.rank[l] - 2; k >= 0; --k) {
    const std::int64_t cells = grids.cells[grids.dimension_begin[l] + k];
    index[k] = line % cells;
    line /= cells;
  }
}

WQUANT_SIMD_CLONES
void add_scaled(double factor, const double* __restrict from, std::int64_t count,
                double* __restrict to) {
  for (std::int64_t j = 0; j < count; ++j) to[j] += factor * from[j];
}

WQUANT_SIMD_CLONES
void add(const double* __restrict from, std::int64_t count, double* __restrict to) {
  for (std::int64_t j = 0; j < count; ++j) to[j] += from[j];
}

/// One line of masses: Σ_c w_c Π_{k < r − 1} P_ck[index_k] · P_c,r−1[·].
void mass_of_line(const GridComponents& components, std::int64_t l, std::int64_t rank,
                  const std::vector<std::int64_t>& index, std::int64_t count,
                  std::vector<double>& block_sum, double* out) {
  const std::int64_t first = components.component_begin[l];
  const std::int64_t last = components.component_begin[l + 1];
  std::fill(out, out + count, 0.0);
  for (std::int64_t block = first; block < last; block += kComponentsPerBlock) {
    std::fill_n(block_sum.begin(), count, 0.0);
    for (std::int64_t c = block; c < std::min(last, block + kComponentsPerBlock); ++c) {
      const std::int64_t row = components.row_begin[l] + (c - first) * rank;
      double factor = components.weights[c];
      for (std::int64_t k = 0; k + 1 < rank; ++k)
        factor *= components.masses[components.masses_begin[row + k] + index[k]];
      if (factor == 0) continue;
      if (rank == 0)
        block_sum[0] += factor;
      else
        add_scaled(factor, &components.masses[components.masses_begin[row + rank - 1]], count,
                   block_sum.data());
    }
    add(block_sum.data(), count, out);
  }
}

}  // namespace

void CpuBackend::product_mass(const ProductGrids& grids, const GridComponents& components,
                              VectorView<double> probabilities) {
  const std::vector<LineRange> ranges = line_ranges(grids);
  parallel_chunks(
      threads_, static_cast<std::int64_t>(ranges.size()), 1, [&](std::int64_t begin, std::int64_t) {
        const LineRange range = ranges[begin];
        const std::int64_t count = last_cells(grids, range.grid);
        std::vector<std::int64_t> index(static_cast<std::size_t>(grids.rank[range.grid]));
        std::vector<double> block_sum(static_cast<std::size_t>(count));
        for (std::int64_t line = range.begin; line < range.end; ++line) {
          line_indices(grids, range.grid, line, index);
          mass_of_line(components, range.grid, grids.rank[range.grid], index, count, block_sum,
                       &probabilities[grids.out_begin[range.grid] + line * count]);
        }
      });
}

void CpuBackend::product_locations(const ProductGrids& grids, const GridFrames& frames,
                                   MatrixView<double> locations) {
  const std::vector<LineRange> ranges = line_ranges(grids);
  const std::int64_t d = frames.offsets.cols;
  parallel_chunks(
      threads_, static_cast<std::int64_t>(ranges.size()), 1, [&](std::int64_t begin, std::int64_t) {
        const LineRange range = ranges[begin];
        const std::int64_t l = range.grid;
        const std::int64_t rank = grids.rank[l];
        const std::int64_t first = grids.dimension_begin[l];
        const std::int64_t count = last_cells(grids, l);
        std::vector<std::int64_t> index(static_cast<std::size_t>(rank));
        std::vector<double> start(static_cast<std::size_t>(d));
        for (std::int64_t line = range.begin; line < range.end; ++line) {
          line_indices(grids, l, line, index);
          std::copy_n(frames.offsets.row(l), d, start.begin());
          for (std::int64_t k = 0; k + 1 < rank; ++k)
            add_scaled(frames.points[grids.points_begin[first + k] + index[k]],
                       frames.directions.row(first + k), d, start.data());
          for (std::int64_t j = 0; j < count; ++j) {
            double* const location = locations.row(grids.out_begin[l] + line * count + j);
            std::copy_n(start.begin(), d, location);
            if (rank > 0)
              add_scaled(frames.points[grids.points_begin[first + rank - 1] + j],
                         frames.directions.row(first + rank - 1), d, location);
          }
        }
      });
}

}  // namespace wquant
