#include <algorithm>
#include <cmath>

#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr double kNone = -kInfinity;

/// max gains[j] − prices[j] over `count` columns.
WQUANT_SIMD_CLONES
double largest_difference(const double* gains, const double* prices, std::int64_t count) {
  constexpr std::int64_t kLanes = 16;
  double lanes[kLanes];
  std::fill(lanes, lanes + kLanes, kNone);
  std::int64_t j = 0;
  for (; j + kLanes <= count; j += kLanes)
    for (std::int64_t l = 0; l < kLanes; ++l) {
      const double value = gains[j + l] - prices[j + l];
      lanes[l] = value > lanes[l] ? value : lanes[l];
    }
  double best = *std::max_element(lanes, lanes + kLanes);
  for (; j < count; ++j) best = std::max(best, gains[j] - prices[j]);
  return best;
}

struct Edge {
  double value = kNone;
  std::int64_t column = -1;
};

/// Keeps the better of `best` and the best of columns begin … end − 1, `best` at a tie.
void consider(const double* gains, const double* prices, std::int64_t begin, std::int64_t end,
              Edge& best) {
  if (begin >= end) return;
  const double value = largest_difference(gains + begin, prices + begin, end - begin);
  if (!(value > best.value)) return;
  std::int64_t column = begin;
  while (gains[column] - prices[column] != value) ++column;
  best = {value, column};
}

}  // namespace

void CpuBackend::price_edges(MatrixView<const double> gains, VectorView<const double> row_prices,
                             VectorView<const double> column_prices, MatrixView<double> violations,
                             MatrixView<std::int64_t> columns) {
  constexpr std::int64_t kCellsPerChunk = 1 << 16;
  const std::int64_t rows_per_chunk = std::max<std::int64_t>(1, kCellsPerChunk / gains.cols);
  const std::int64_t width = (gains.cols + columns.cols - 1) / columns.cols;
  parallel_chunks(threads_, gains.rows, rows_per_chunk, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i)
      for (std::int64_t b = 0; b < columns.cols; ++b) {
        const std::int64_t begin = std::min(b * width, gains.cols);
        const std::int64_t end = std::min(begin + width, gains.cols);
        const std::int64_t own = std::clamp(i, begin, end);
        Edge best;
        if (std::isfinite(row_prices[i])) {
          consider(gains.row(i), column_prices.data, begin, own, best);
          consider(gains.row(i), column_prices.data, i == own ? own + 1 : own, end, best);
        }
        violations(i, b) = best.value - row_prices[i];
        columns(i, b) = best.column;
        if (best.column < 0) violations(i, b) = kNone;
      }
  });
}

}  // namespace wquant
