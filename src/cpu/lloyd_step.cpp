#include <vector>

#include "common/summation.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/nearest_centre.hpp"
#include "cpu/point_parts.hpp"
#include "cpu/simd.hpp"
#include "cpu/squared_distance.hpp"

namespace wquant {
namespace {

/// Totals of one part of the points.
struct PartTotals {
  PartTotals(std::int64_t clusters, std::int64_t d)
      : mass(static_cast<std::size_t>(clusters)), sums(static_cast<std::size_t>(clusters * d)) {}

  std::vector<double> mass, sums;
  CompensatedSum objective;
  std::int64_t moved = 0;
};

/// Some points that were just assigned; weights may be null.
template <class T>
struct AssignedPoints {
  MatrixView<const T> points, centres;
  const double* weights;
  const std::int64_t* labels;
  double* squares;
};

template <class T>
WQUANT_INLINE void add_points(const AssignedPoints<T>& at, PartTotals& totals) {
  const std::int64_t d = at.points.cols;
  for (std::int64_t i = 0; i < at.points.rows; ++i) {
    const T* const x = at.points.row(i);
    const std::int64_t j = at.labels[i];
    const double weight = at.weights ? at.weights[i] : 1;
    at.squares[i] = squared_distance(x, at.centres.row(j), d);
    totals.objective += weight * at.squares[i];
    totals.mass[j] += weight;
    double* const sum = totals.sums.data() + j * d;
    for (std::int64_t k = 0; k < d; ++k) sum[k] += weight * static_cast<double>(x[k]);
  }
}

WQUANT_SIMD_CLONES
void add(const AssignedPoints<float>& at, PartTotals& totals) { add_points(at, totals); }
WQUANT_SIMD_CLONES
void add(const AssignedPoints<double>& at, PartTotals& totals) { add_points(at, totals); }

void sum_parts(const std::vector<PartTotals>& parts, const LloydTotals& totals) {
  CompensatedSum objective;
  std::int64_t moved = 0;
  std::fill(totals.mass.begin(), totals.mass.end(), 0.0);
  for (std::int64_t j = 0; j < totals.sums.rows; ++j)
    std::fill(totals.sums.row(j), totals.sums.row(j) + totals.sums.cols, 0.0);
  for (const PartTotals& part : parts) {
    objective += part.objective.value();
    moved += part.moved;
    for (std::int64_t j = 0; j < totals.mass.size; ++j) totals.mass[j] += part.mass[j];
    for (std::int64_t j = 0; j < totals.sums.rows; ++j)
      for (std::int64_t k = 0; k < totals.sums.cols; ++k)
        totals.sums(j, k) += part.sums[j * totals.sums.cols + k];
  }
  totals.summary[0] = objective.value();
  totals.summary[1] = static_cast<double>(moved);
}

template <class T>
void step(int threads, MatrixView<const T> points, VectorView<const double> weights,
          MatrixView<const T> centres, VectorView<std::int64_t> labels, VectorView<double> squares,
          const LloydTotals& totals) {
  const NearestCentre<T> nearest(centres);
  const PointParts cut(points.rows, centres.rows);
  std::vector<PartTotals> parts(static_cast<std::size_t>(cut.count),
                                PartTotals(centres.rows, points.cols));
  cut.run(threads, points.rows, [&](std::int64_t p, std::int64_t from, std::int64_t to) {
    typename NearestCentre<T>::Scratch scratch(points.cols);
    std::vector<std::int64_t> found(kPointsPerTask);
    for (std::int64_t begin = from; begin < to; begin += kPointsPerTask) {
      const std::int64_t count = std::min(kPointsPerTask, to - begin);
      const MatrixView<const T> some(points.row(begin), count, points.cols, points.row_stride);
      nearest.find(some, scratch, found.data());
      for (std::int64_t i = 0; i < count; ++i) parts[p].moved += labels[begin + i] != found[i];
      std::copy(found.data(), found.data() + count, labels.data + begin);
      add({some, centres, weights.size > 0 ? weights.data + begin : nullptr, found.data(),
           squares.data + begin},
          parts[p]);
    }
  });
  sum_parts(parts, totals);
}

}  // namespace

void CpuBackend::lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                            MatrixView<const double> centres, VectorView<std::int64_t> labels,
                            VectorView<double> squared_distances, const LloydTotals& totals) {
  step(threads_, points, weights, centres, labels, squared_distances, totals);
}

void CpuBackend::lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                            MatrixView<const float> centres, VectorView<std::int64_t> labels,
                            VectorView<double> squared_distances, const LloydTotals& totals) {
  step(threads_, points, weights, centres, labels, squared_distances, totals);
}

}  // namespace wquant
