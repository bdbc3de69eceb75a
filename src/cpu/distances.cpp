#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/nearest_centre.hpp"
#include "cpu/squared_distance.hpp"

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

template <class T>
WQUANT_INLINE void distances_to_labels(MatrixView<const T> points, MatrixView<const T> centres,
                                       const std::int64_t* labels, double* squares) {
  for (std::int64_t i = 0; i < points.rows; ++i)
    squares[i] = squared_distance(points.row(i), centres.row(labels[i]), points.cols);
}

WQUANT_SIMD_CLONES
void squares_of(MatrixView<const float> points, MatrixView<const float> centres,
                const std::int64_t* labels, double* squares) {
  distances_to_labels(points, centres, labels, squares);
}

WQUANT_SIMD_CLONES
void squares_of(MatrixView<const double> points, MatrixView<const double> centres,
                const std::int64_t* labels, double* squares) {
  distances_to_labels(points, centres, labels, squares);
}

template <class T>
void nearest_centre(int threads, MatrixView<const T> points, MatrixView<const T> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  const NearestCentre<T> nearest(centres);
  const std::int64_t chunk =
      std::clamp(points.rows / 64 / kBlock<T> * kBlock<T>, kBlock<T>, kPointsPerTask);
  parallel_chunks(threads, points.rows, chunk, [&](std::int64_t begin, std::int64_t end) {
    typename NearestCentre<T>::Scratch scratch(points.cols);
    const MatrixView<const T> part(points.row(begin), end - begin, points.cols, points.row_stride);
    nearest.find(row_pointers(part).data(), part.rows, scratch, labels.data + begin);
    squares_of(part, centres, labels.data + begin, squared_distances.data + begin);
  });
}

}  // namespace

void CpuBackend::nearest(MatrixView<const double> points, MatrixView<const double> centres,
                         VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  nearest_centre(threads_, points, centres, labels, squared_distances);
}

void CpuBackend::nearest(MatrixView<const float> points, MatrixView<const float> centres,
                         VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  nearest_centre(threads_, points, centres, labels, squared_distances);
}

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
