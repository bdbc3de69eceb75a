#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/simd.hpp"
#include "base/summation.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/nearest_centre.hpp"
#include "cpu/point_parts.hpp"
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

/// Some points on their way; weights may be null.
template <class T>
struct SomePoints {
  MatrixView<const T> points, centres;
  const double* weights;
  std::int64_t* labels;
  double* squares;
  double* lower;
};

/// How far the centres went: a bound for all, and for all but the one that went farthest.
struct Shifts {
  explicit Shifts(VectorView<const double> shifts) : known(shifts.size > 0) {
    for (std::int64_t j = 0; j < shifts.size; ++j) {
      if (shifts[j] > most) {
        others = most;
        most = shifts[j];
        farthest = j;
      } else {
        others = std::max(others, shifts[j]);
      }
    }
  }

  bool known;
  double most = 0, others = 0;
  std::int64_t farthest = -1;
};

/// Lowers the bounds by the shifts and returns the points that may be nearer to another centre
/// now. The others keep their labels also by the squares as T rounds them, off by γ_{d+2} and what
/// vanishes below the smallest number.
template <class T>
WQUANT_INLINE void find_unsettled(const SomePoints<T>& some, const Shifts& shifts,
                                  std::vector<std::int64_t>& unsettled) {
  const std::int64_t d = some.points.cols;
  const double wide = static_cast<double>(d + 4);
  const double factor = 1 + 2 * wide * static_cast<double>(std::numeric_limits<T>::epsilon());
  const double vanished = 8 * std::sqrt(wide * static_cast<double>(std::numeric_limits<T>::min()));
  for (std::int64_t i = 0; i < some.points.rows; ++i) {
    const std::int64_t j = some.labels[i];
    some.squares[i] = squared_distance(some.points.row(i), some.centres.row(j), d);
    some.lower[i] =
        some.lower[i] * (1 - 4 * kEpsilon) - (j == shifts.farthest ? shifts.others : shifts.most);
    if (!(std::sqrt(some.squares[i]) * factor + vanished < some.lower[i])) unsettled.push_back(i);
  }
}

template <class T>
WQUANT_INLINE void add_points(const SomePoints<T>& some, PartTotals& totals) {
  const std::int64_t d = some.points.cols;
  for (std::int64_t i = 0; i < some.points.rows; ++i) {
    const T* const x = some.points.row(i);
    const std::int64_t j = some.labels[i];
    const double weight = some.weights ? some.weights[i] : 1;
    totals.objective += weight * some.squares[i];
    totals.mass[j] += weight;
    double* const sum = totals.sums.data() + j * d;
    for (std::int64_t k = 0; k < d; ++k) sum[k] += weight * static_cast<double>(x[k]);
  }
}

template <class T>
WQUANT_INLINE void measure_points(const SomePoints<T>& some,
                                  const std::vector<std::int64_t>& which) {
  for (const std::int64_t i : which)
    some.squares[i] =
        squared_distance(some.points.row(i), some.centres.row(some.labels[i]), some.points.cols);
}

WQUANT_SIMD_CLONES
void unsettled_of(const SomePoints<float>& some, const Shifts& shifts,
                  std::vector<std::int64_t>& out) {
  find_unsettled(some, shifts, out);
}
WQUANT_SIMD_CLONES
void unsettled_of(const SomePoints<double>& some, const Shifts& shifts,
                  std::vector<std::int64_t>& out) {
  find_unsettled(some, shifts, out);
}
WQUANT_SIMD_CLONES
void measure(const SomePoints<float>& some, const std::vector<std::int64_t>& which) {
  measure_points(some, which);
}
WQUANT_SIMD_CLONES
void measure(const SomePoints<double>& some, const std::vector<std::int64_t>& which) {
  measure_points(some, which);
}
WQUANT_SIMD_CLONES
void add(const SomePoints<float>& some, PartTotals& totals) { add_points(some, totals); }
WQUANT_SIMD_CLONES
void add(const SomePoints<double>& some, PartTotals& totals) { add_points(some, totals); }

/// Searches of one task.
template <class T>
class Search {
 public:
  Search(const NearestCentre<T>& nearest, const Shifts& shifts, std::int64_t d)
      : nearest_(nearest), shifts_(shifts), scratch_(d) {}

  /// Labels, squares and bounds; returns the number of labels that changed.
  std::int64_t run(const SomePoints<T>& some) {
    which_.clear();
    if (shifts_.known)
      unsettled_of(some, shifts_, which_);
    else
      for (std::int64_t i = 0; i < some.points.rows; ++i) which_.push_back(i);
    rows_.clear();
    for (const std::int64_t i : which_) rows_.push_back(some.points.row(i));
    labels_.resize(which_.size());
    lower_.resize(which_.size());
    nearest_.find(rows_.data(), static_cast<std::int64_t>(which_.size()), scratch_, labels_.data(),
                  lower_.data());
    std::int64_t moved = 0;
    for (std::size_t s = 0; s < which_.size(); ++s) {
      moved += some.labels[which_[s]] != labels_[s];
      some.labels[which_[s]] = labels_[s];
      some.lower[which_[s]] = lower_[s];
    }
    measure(some, which_);
    return moved;
  }

 private:
  const NearestCentre<T>& nearest_;
  const Shifts& shifts_;
  typename NearestCentre<T>::Scratch scratch_;
  std::vector<std::int64_t> which_, labels_;
  std::vector<const T*> rows_;
  std::vector<double> lower_;
};

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
          MatrixView<const T> centres, const Shifts& shifts, const LloydPoints& at,
          const LloydTotals& totals) {
  constexpr std::int64_t kAlwaysExpanded = 1;
  const NearestCentre<T> nearest(centres, kAlwaysExpanded);
  const PointParts cut(points.rows, centres.rows);
  std::vector<PartTotals> parts(static_cast<std::size_t>(cut.count),
                                PartTotals(centres.rows, points.cols));
  cut.run(threads, points.rows, [&](std::int64_t p, std::int64_t from, std::int64_t to) {
    Search<T> search(nearest, shifts, points.cols);
    for (std::int64_t begin = from; begin < to; begin += kPointsPerTask) {
      Pulse::beat();
      const std::int64_t count = std::min(kPointsPerTask, to - begin);
      const SomePoints<T> some{{points.row(begin), count, points.cols, points.row_stride},
                               centres,
                               weights.size > 0 ? weights.data + begin : nullptr,
                               at.labels.data + begin,
                               at.squared_distances.data + begin,
                               at.lower.data + begin};
      parts[p].moved += search.run(some);
      add(some, parts[p]);
    }
  });
  sum_parts(parts, totals);
}

}  // namespace

void CpuBackend::lloyd_step(MatrixView<const double> points, VectorView<const double> weights,
                            MatrixView<const double> centres, VectorView<const double> shifts,
                            const LloydPoints& at, const LloydTotals& totals) {
  step(threads_, points, weights, centres, Shifts(shifts), at, totals);
}

void CpuBackend::lloyd_step(MatrixView<const float> points, VectorView<const double> weights,
                            MatrixView<const float> centres, VectorView<const double> shifts,
                            const LloydPoints& at, const LloydTotals& totals) {
  step(threads_, points, weights, centres, Shifts(shifts), at, totals);
}

}  // namespace wquant
