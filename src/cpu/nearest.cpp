#include <algorithm>

#include "base/parallel.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/nearest_centre.hpp"
#include "cpu/squared_distance.hpp"

namespace wquant {
namespace {

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

}  // namespace wquant
