#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/parallel.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/simd.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kPointsPerChunk = 256;
constexpr std::int64_t kCentresPerTile = 256;

/// distances[j] = Σ_k (x_k − c_jk)², with the centres stored dimension by dimension so that the
/// inner loop runs over centres; each sum keeps the order of the dimensions.
template <class T>
inline void tile_distances(const T* __restrict x, const T* __restrict centres, std::int64_t d,
                           std::int64_t count, T* __restrict distances) {
  for (std::int64_t j = 0; j < count; ++j) distances[j] = 0;
  for (std::int64_t k = 0; k < d; ++k) {
    const T coordinate = x[k];
    const T* const column = centres + k * kCentresPerTile;
    for (std::int64_t j = 0; j < count; ++j) {
      const T difference = coordinate - column[j];
      distances[j] += difference * difference;
    }
  }
}

WQUANT_SIMD_CLONES
void tile_distances_of(const double* x, const double* centres, std::int64_t d, std::int64_t count,
                       double* distances) {
  tile_distances(x, centres, d, count, distances);
}

WQUANT_SIMD_CLONES
void tile_distances_of(const float* x, const float* centres, std::int64_t d, std::int64_t count,
                       float* distances) {
  tile_distances(x, centres, d, count, distances);
}

/// Tiles of kCentresPerTile centres, each transposed to d × kCentresPerTile.
template <class T>
std::vector<T> transposed_tiles(MatrixView<const T> centres) {
  const std::int64_t tiles = (centres.rows + kCentresPerTile - 1) / kCentresPerTile;
  std::vector<T> out(static_cast<std::size_t>(tiles * centres.cols * kCentresPerTile));
  for (std::int64_t j = 0; j < centres.rows; ++j) {
    T* const tile = out.data() + j / kCentresPerTile * centres.cols * kCentresPerTile;
    for (std::int64_t k = 0; k < centres.cols; ++k)
      tile[k * kCentresPerTile + j % kCentresPerTile] = centres(j, k);
  }
  return out;
}

template <class T>
double squared_distance(const T* x, const T* c, std::int64_t d) {
  double sum = 0;
  for (std::int64_t k = 0; k < d; ++k) {
    const double difference = static_cast<double>(x[k]) - static_cast<double>(c[k]);
    sum += difference * difference;
  }
  return sum;
}

template <class T>
void nearest_centre(int threads, MatrixView<const T> points, MatrixView<const T> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances) {
  const std::int64_t d = points.cols;
  const std::vector<T> tiles = transposed_tiles(centres);
  parallel_chunks(threads, points.rows, kPointsPerChunk, [&](std::int64_t begin, std::int64_t end) {
    T distances[kCentresPerTile];
    for (std::int64_t i = begin; i < end; ++i) {
      T best = std::numeric_limits<T>::infinity();
      std::int64_t label = 0;
      for (std::int64_t first = 0; first < centres.rows; first += kCentresPerTile) {
        const std::int64_t count = std::min(kCentresPerTile, centres.rows - first);
        tile_distances_of(points.row(i), tiles.data() + first * d, d, count, distances);
        const T* const least = std::min_element(distances, distances + count);
        if (*least < best) {
          best = *least;
          label = first + (least - distances);
        }
      }
      labels[i] = label;
      squared_distances[i] = squared_distance(points.row(i), centres.row(label), d);
    }
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
        tile_distances_of(a.row(i), tiles.data() + first * d, d, count, out);
        std::transform(out, out + count, out, [](double square) { return std::sqrt(square); });
      }
  });
}

}  // namespace wquant
