#include <algorithm>
#include <memory>

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/random_fill.hpp"
#include "numerics/draw_index.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kTilesPerChunk = 16;
constexpr std::int64_t kRowsPerTile = 1024;
constexpr std::int64_t kNumbersPerTile = 2048;  // they stay in the L1 cache

/// Uninitialised memory.
template <class T>
std::unique_ptr<T[]> scratch(std::int64_t count) {
  return std::make_unique_for_overwrite<T[]>(static_cast<std::size_t>(count));
}

/// The indices that samples draw, a tile at a time.
class IndexTile {
 public:
  IndexTile(const CumulativeTable& choice, std::uint64_t seed, std::int64_t rows)
      : choice_(choice),
        seed_(stream_seed(seed, 0)),
        uniforms_(scratch<double>(rows)),
        chosen_(scratch<std::int64_t>(rows)) {}

  /// Those of the samples first … first + count − 1.
  const std::int64_t* draw(std::int64_t first, std::int64_t count) {
    fill_uniforms(seed_, static_cast<std::uint64_t>(first), count, uniforms_.get());
    for (std::int64_t j = 0; j < count; ++j) chosen_[j] = draw_index(choice_, uniforms_[j]);
    return chosen_.get();
  }

 private:
  CumulativeTable choice_;
  std::uint64_t seed_;
  std::unique_ptr<double[]> uniforms_;
  std::unique_ptr<std::int64_t[]> chosen_;
};

/// The normal numbers of samples, a tile at a time.
class NormalTile {
 public:
  NormalTile(std::uint64_t seed, std::int64_t numbers)
      : seed_(stream_seed(seed, 1)), numbers_(scratch<double>(numbers + 2)) {}

  /// Numbers begin … begin + count − 1 of the stream, which may start within a pair.
  const double* draw(std::int64_t begin, std::int64_t count) {
    const std::int64_t first_pair = begin / 2;
    const std::int64_t pairs = (begin + count + 1) / 2 - first_pair;
    fill_normals(seed_, static_cast<std::uint64_t>(first_pair), pairs, numbers_.get());
    return numbers_.get() + begin % 2;
  }

 private:
  std::uint64_t seed_;
  std::unique_ptr<double[]> numbers_;
};

/// x = μ_i + V_i (s_i ∘ z), or μ_i + s_i ∘ z in the unit basis. D = d, or 0 for any d.
template <std::int64_t D, bool UnitBasis>
void place_rows(const GaussianComponents& components, const std::int64_t* chosen, const double* z,
                MatrixView<double> points) {
  const std::int64_t d = D > 0 ? D : points.cols;
  const TensorView<const double> all = components.eigenvectors;
  const std::int64_t matrix_stride = all.count > 1 ? all.matrix_stride : 0;
  for (std::int64_t j = 0; j < points.rows; ++j, z += d) {
    const double* const mean = components.means.row(chosen[j]);
    const double* const deviation = components.deviations.row(chosen[j]);
    const double* const vectors = all.data + chosen[j] * matrix_stride;
    double* const x = points.row(j);
    for (std::int64_t a = 0; a < d; ++a) {
      double sum = 0;
      if (UnitBasis)
        sum = deviation[a] * z[a];
      else
        for (std::int64_t k = 0; k < d; ++k)
          sum += vectors[a * all.row_stride + k] * (deviation[k] * z[k]);
      x[a] = mean[a] + sum;
    }
  }
}

template <bool UnitBasis>
void place_rows(const GaussianComponents& components, const std::int64_t* chosen, const double* z,
                MatrixView<double> points) {
  switch (points.cols) {
    case 1:
      return place_rows<1, UnitBasis>(components, chosen, z, points);
    case 2:
      return place_rows<2, UnitBasis>(components, chosen, z, points);
    case 3:
      return place_rows<3, UnitBasis>(components, chosen, z, points);
    default:
      return place_rows<0, UnitBasis>(components, chosen, z, points);
  }
}

/// body(begin, count) for the tiles of begin … end − 1.
template <class Body>
void for_each_tile(std::int64_t begin, std::int64_t end, std::int64_t rows, const Body& body) {
  for (; begin < end; begin += rows) body(begin, std::min(rows, end - begin));
}

}  // namespace

void CpuBackend::sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                                std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                                VectorView<std::int64_t> labels) {
  const std::int64_t d = points.cols;
  const std::int64_t rows = std::clamp<std::int64_t>(kNumbersPerTile / d, 1, kRowsPerTile);
  const auto place = components.eigenvectors.count == 0 ? place_rows<true> : place_rows<false>;
  const auto chunk = [&](std::int64_t chunk_begin, std::int64_t chunk_end) {
    IndexTile indices(choice, seed, rows);
    NormalTile normals(seed, rows * d);
    for_each_tile(chunk_begin, chunk_end, rows, [&](std::int64_t begin, std::int64_t count) {
      const std::int64_t* const chosen = indices.draw(first + begin, count);
      const double* const z = normals.draw((first + begin) * d, count * d);
      place(components, chosen, z, {points.row(begin), count, d, points.row_stride});
      if (labels.data) std::copy_n(chosen, count, labels.data + begin);
    });
  };
  parallel_chunks(threads_, points.rows, kTilesPerChunk * rows, chunk);
}

void CpuBackend::sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                                 std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                                 VectorView<std::int64_t> labels) {
  const auto chunk = [&](std::int64_t chunk_begin, std::int64_t chunk_end) {
    IndexTile indices(choice, seed, kRowsPerTile);
    for_each_tile(chunk_begin, chunk_end, kRowsPerTile,
                  [&](std::int64_t begin, std::int64_t count) {
                    const std::int64_t* const chosen = indices.draw(first + begin, count);
                    for (std::int64_t j = 0; j < count; ++j)
                      std::copy_n(locations.row(chosen[j]), points.cols, points.row(begin + j));
                    if (labels.data) std::copy_n(chosen, count, labels.data + begin);
                  });
  };
  parallel_chunks(threads_, points.rows, kTilesPerChunk * kRowsPerTile, chunk);
}

}  // namespace wquant
