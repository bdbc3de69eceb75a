#include <algorithm>
#include <cstring>
#include <vector>

#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kComponentsPerBlock = 256;
constexpr std::int64_t kPointsPerTask = 16384;
/// Points of a line and lines that one pass over a block of components serves from registers.
constexpr std::int64_t kTilePoints = 16;
constexpr std::int64_t kTileLines = 4;

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

/// The lines of all grids, in ranges of at most about kPointsPerTask points, and tasks that are
/// ranges of ranges: small grids share one.
struct Tasks {
  std::vector<LineRange> ranges;
  std::vector<std::int64_t> begin{0};
};

Tasks line_tasks(const ProductGrids& grids) {
  Tasks tasks;
  std::int64_t points = 0;
  const auto close = [&] {
    tasks.begin.push_back(static_cast<std::int64_t>(tasks.ranges.size()));
    points = 0;
  };
  for (std::int64_t l = 0; l < grids.rank.size; ++l) {
    const std::int64_t lines = line_count(grids, l);
    const std::int64_t step = std::max<std::int64_t>(1, kPointsPerTask / last_cells(grids, l));
    for (std::int64_t begin = 0; begin < lines; begin += step) {
      tasks.ranges.push_back({l, begin, std::min(lines, begin + step)});
      points += (tasks.ranges.back().end - begin) * last_cells(grids, l);
      if (points >= kPointsPerTask) close();
    }
  }
  if (points > 0) close();
  return tasks;
}

/// body(range) for all ranges, on the tasks' threads.
template <class Body>
void for_each_range(int threads, const Tasks& tasks, const Body& body) {
  parallel_chunks(threads, static_cast<std::int64_t>(tasks.begin.size()) - 1, 1,
                  [&](std::int64_t task, std::int64_t) {
                    for (std::int64_t r = tasks.begin[task]; r < tasks.begin[task + 1]; ++r)
                      body(tasks.ranges[r]);
                  });
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

/// Eight doubles that are worked on together, in as many registers as the processor needs for them.
using Lanes = double __attribute__((vector_size(64)));

/// sums[l][j] = Σ_c factors[c][l] · rows[c][j], in the order of the components, for a full tile.
WQUANT_SIMD_CLONES
void tile_sums(const double* const* rows, const double* factors, std::int64_t components,
               double (&sums)[kTileLines][kTilePoints]) {
  static_assert(kTileLines == 4 && kTilePoints == 16);
  Lanes a0{}, a1{}, b0{}, b1{}, c0{}, c1{}, d0{}, d1{};  // lines a … d
  for (std::int64_t c = 0; c < components; ++c) {
    Lanes r0, r1;
    std::memcpy(&r0, rows[c], sizeof r0);
    std::memcpy(&r1, rows[c] + 8, sizeof r1);
    const double* const f = factors + c * kTileLines;
    a0 += f[0] * r0;
    a1 += f[0] * r1;
    b0 += f[1] * r0;
    b1 += f[1] * r1;
    c0 += f[2] * r0;
    c1 += f[2] * r1;
    d0 += f[3] * r0;
    d1 += f[3] * r1;
  }
  const Lanes all[] = {a0, a1, b0, b1, c0, c1, d0, d1};
  std::memcpy(sums, all, sizeof all);
}

/// The same for a tile of `width` points.
void narrow_tile_sums(const double* const* rows, const double* factors, std::int64_t components,
                      std::int64_t width, double (&sums)[kTileLines][kTilePoints]) {
  for (auto& line : sums) std::fill_n(line, width, 0.0);
  for (std::int64_t c = 0; c < components; ++c)
    for (std::int64_t l = 0; l < kTileLines; ++l)
      for (std::int64_t j = 0; j < width; ++j)
        sums[l][j] += factors[c * kTileLines + l] * rows[c][j];
}

/// The masses Σ_c w_c Π_{k < r − 1} P_ck[index_k] · P_c,r−1[·] of a range of lines, tile by tile:
/// what a block of components holds for a tile stays in the cache while all lines use it.
class LineMasses {
 public:
  LineMasses(const ProductGrids& grids, const GridComponents& components)
      : grids_(grids), components_(components) {}

  void add(const LineRange& range, double* out) {
    const std::int64_t count = last_cells(grids_, range.grid);
    const std::int64_t first = components_.component_begin[range.grid];
    const std::int64_t last = components_.component_begin[range.grid + 1];
    std::fill_n(out, (range.end - range.begin) * count, 0.0);
    for (std::int64_t block = first; block < last; block += kComponentsPerBlock)
      add_block(range, block - first, std::min(kComponentsPerBlock, last - block), count, out);
  }

 private:
  void add_block(const LineRange& range, std::int64_t first, std::int64_t size, std::int64_t count,
                 double* out) {
    const std::int64_t groups = (range.end - range.begin + kTileLines - 1) / kTileLines;
    Pulse::beat();
    fill_factors(range, first, size, groups);
    for (std::int64_t begin = 0; begin < count; begin += kTilePoints) {
      const std::int64_t width = std::min(kTilePoints, count - begin);
      for (std::int64_t c = 0; c < size; ++c) rows_[c] = last_masses(range.grid, first + c) + begin;
      for (std::int64_t g = 0; g < groups; ++g) {
        double sums[kTileLines][kTilePoints];
        const double* const factors = factors_.data() + g * size * kTileLines;
        if (width == kTilePoints)
          tile_sums(rows_, factors, size, sums);
        else
          narrow_tile_sums(rows_, factors, size, width, sums);
        const std::int64_t lines = std::min(kTileLines, range.end - range.begin - g * kTileLines);
        for (std::int64_t l = 0; l < lines; ++l)
          for (std::int64_t j = 0; j < width; ++j)
            out[(g * kTileLines + l) * count + begin + j] += sums[l][j];
      }
    }
  }

  std::int64_t row(std::int64_t grid, std::int64_t c) const {
    return components_.row_begin[grid] + c * grids_.rank[grid];
  }

  /// Masses in the last dimension; of a grid of one point, 1.
  const double* last_masses(std::int64_t grid, std::int64_t c) const {
    static constexpr double kOne = 1;
    const std::int64_t rank = grids_.rank[grid];
    if (rank == 0) return &kOne;
    return &components_.masses[components_.masses_begin[row(grid, c) + rank - 1]];
  }

  /// w_c Π_{k < r − 1} P_ck[index_k] for every line and component, 0 for lines that only fill a
  /// tile.
  void fill_factors(const LineRange& range, std::int64_t first, std::int64_t size,
                    std::int64_t groups) {
    const std::int64_t begin = components_.component_begin[range.grid];
    factors_.assign(static_cast<std::size_t>(groups * size * kTileLines), 0.0);
    index_.resize(static_cast<std::size_t>(grids_.rank[range.grid]));
    for (std::int64_t line = range.begin; line < range.end; ++line) {
      line_indices(grids_, range.grid, line, index_);
      const std::int64_t at = line - range.begin;
      double* const to = factors_.data() + at / kTileLines * size * kTileLines + at % kTileLines;
      for (std::int64_t c = 0; c < size; ++c) {
        double factor = components_.weights[begin + first + c];
        for (std::int64_t k = 0; k + 1 < grids_.rank[range.grid]; ++k)
          factor *=
              components_
                  .masses[components_.masses_begin[row(range.grid, first + c) + k] + index_[k]];
        to[c * kTileLines] = factor;
      }
    }
  }

  const ProductGrids& grids_;
  const GridComponents& components_;
  std::vector<double> factors_;
  std::vector<std::int64_t> index_;
  const double* rows_[kComponentsPerBlock] = {};
};

}  // namespace

void CpuBackend::product_mass(const ProductGrids& grids, const GridComponents& components,
                              VectorView<double> probabilities) {
  const Tasks tasks = line_tasks(grids);
  for_each_range(threads_, tasks, [&](const LineRange& range) {
    LineMasses(grids, components)
        .add(range, probabilities.data + grids.out_begin[range.grid] +
                        range.begin * last_cells(grids, range.grid));
  });
}

void CpuBackend::product_locations(const ProductGrids& grids, const GridFrames& frames,
                                   MatrixView<double> locations) {
  const std::int64_t d = frames.offsets.cols;
  const Tasks tasks = line_tasks(grids);
  for_each_range(threads_, tasks, [&](const LineRange& range) {
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
