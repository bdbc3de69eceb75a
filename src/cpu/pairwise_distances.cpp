#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kCentresPerTile = 256;

/// distances[j] = Σ_k (x_k − c_jk)², with the centres stored dimension by dimension so that the
/// inner loop runs over centres; each sum keeps the order of the dimensions.
WQUANT_SIMD_CLONES
void tile_distances(const double* __restrict x, const double* __restrict centres, std::int64_t d,
                    std::int64_t count, double* __restrict distances) {
  for (std::int64_t j = 0; j < count; ++j) distances[j] = 0;
  for (std::int64_t k = 0; k < d; ++k) {
    const double coordinate = x[k];
    const double* const column = centres + k * kCentresPerTile;
    for (std::int64_t j = 0; j < count; ++j) {
      const double difference = coordinate - column[j];
      distances[j] += difference * difference;
    }
  }
}

/// Tiles of kCentresPerTile centres, each transposed to d × kCentresPerTile.
std::vector<double> transposed_tiles(MatrixView<const double> centres) {
  const std::int64_t tiles = (centres.rows + kCentresPerTile - 1) / kCentresPerTile;
  std::vector<double> out(static_cast<std::size_t>(tiles * centres.cols * kCentresPerTile));
  for (std::int64_t j = 0; j < centres.rows; ++j) {
    double* const tile = out.data() + j / kCentresPerTile * centres.cols * kCentresPerTile;
    for (std::int64_t k = 0; k < centres.cols; ++k)
      tile[k * kCentresPerTile + j % kCentresPerTile] = centres(j, k);
  }
  return out;
}

}  // namespace

void CpuBackend::pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                                    MatrixView<double> distances) {
  const std::int64_t d = a.cols;
  const std::vector<double> tiles = transposed_tiles(b);
  constexpr std::int64_t kRowsPerChunk = 16;
  parallel_chunks(threads_, a.rows, kRowsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i)
      for (std::int64_t first = 0; first < b.rows; first += kCentresPerTile) {
        const std::int64_t count = std::min(kCentresPerTile, b.rows - first);
        double* const out = distances.row(i) + first;
        tile_distances(a.row(i), tiles.data() + first * d, d, count, out);
        std::transform(out, out + count, out, [](double square) { return std::sqrt(square); });
      }
  });
}

}  // namespace wquant
