#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/limits.hpp"
#include "base/simd.hpp"
#include "cpu/cpu_backend.hpp"
#include "cpu/nearest_centre.hpp"
#include "cpu/point_parts.hpp"
#include "cpu/squared_distance.hpp"
#include "numerics/region_sums.hpp"

namespace wquant {
namespace {

struct PartStatistics {
  std::vector<RegionSums> regions;
  std::int64_t outside = 0;
  std::int64_t first_outside = std::numeric_limits<std::int64_t>::max();
};

/// The bounds of the box as T can hold them: the same x of type T lie between them.
template <class T>
struct Bounds {
  explicit Bounds(const RegionGeometry& regions) {
    constexpr T kInfinity = std::numeric_limits<T>::infinity();
    for (const double bound : regions.lower) {
      const T rounded = static_cast<T>(bound);
      lower.push_back(rounded < bound ? std::nextafter(rounded, kInfinity) : rounded);
    }
    for (const double bound : regions.upper) {
      const T rounded = static_cast<T>(bound);
      upper.push_back(rounded > bound ? std::nextafter(rounded, -kInfinity) : rounded);
    }
  }
  std::vector<T> lower, upper;
};

template <class T>
struct Lookup {
  explicit Lookup(const RegionGeometry& of) : regions(of), bounds(of), nearest(centres_of(of)) {
    for (const double radius : of.radii) square_radii.push_back(radius * radius);
  }

  MatrixView<const T> centres_of(const RegionGeometry& of) {
    const MatrixView<const double>& c = of.locations;
    for (std::int64_t j = 0; j + 1 < c.rows; ++j)
      for (std::int64_t k = 0; k < c.cols; ++k) centres.push_back(static_cast<T>(c(j, k)));
    return {centres.data(), c.rows - 1, c.cols};
  }

  RegionGeometry regions;
  Bounds<T> bounds;
  std::vector<T> centres;
  std::vector<double> square_radii;
  NearestCentre<T> nearest;
};

/// Points with their labels, at first the nearest centres, and room for squared distances.
template <class T>
struct SomePoints {
  MatrixView<const T> points;
  std::int64_t* labels;
  double* squares;
};

template <class T>
WQUANT_INLINE bool in_box(const T* x, const Bounds<T>& bounds) {
  const T* const lower = bounds.lower.data();
  const T* const upper = bounds.upper.data();
  const auto d = static_cast<std::int64_t>(bounds.lower.size());
  int outside = 0;
  for (std::int64_t k = 0; k < d; ++k) outside |= !(lower[k] <= x[k]) | !(x[k] <= upper[k]);
  return outside == 0;
}

template <class T>
WQUANT_INLINE double choose_ball(const T* x, const Lookup<T>& lookup, std::int64_t& label) {
  const MatrixView<const double>& at = lookup.regions.locations;
  double least = kInfinity;
  label = at.rows - 1;
  for (std::int64_t j = 0; j + 1 < at.rows; ++j) {
    const double square = squared_distance(x, at.row(j), at.cols);
    if (square <= lookup.square_radii[j] && square < least) {
      least = square;
      label = j;
    }
  }
  return label + 1 < at.rows ? least : squared_distance(x, at.row(label), at.cols);
}

/// From nearest centres to regions, with the squared distances; counts points outside the box.
template <class T>
WQUANT_INLINE void choose_regions(const SomePoints<T>& some, const Lookup<T>& lookup,
                                  std::int64_t begin, PartStatistics& part) {
  for (std::int64_t i = 0; i < some.points.rows; ++i) {
    const T* const x = some.points.row(i);
    if (!in_box(x, lookup.bounds)) {
      ++part.outside;
      part.first_outside = std::min(part.first_outside, begin + i);
    }
    std::int64_t& label = some.labels[i];
    some.squares[i] = squared_distance(x, lookup.regions.locations.row(label), some.points.cols);
    if (!(some.squares[i] <= lookup.square_radii[label]))
      some.squares[i] = choose_ball(x, lookup, label);
  }
}

WQUANT_SIMD_CLONES
void choose(const SomePoints<float>& some, const Lookup<float>& lookup, std::int64_t begin,
            PartStatistics& part) {
  choose_regions(some, lookup, begin, part);
}
WQUANT_SIMD_CLONES
void choose(const SomePoints<double>& some, const Lookup<double>& lookup, std::int64_t begin,
            PartStatistics& part) {
  choose_regions(some, lookup, begin, part);
}

template <class T>
void add_points(const SomePoints<T>& some, int order, std::vector<RegionSums>& regions) {
  for (std::int64_t i = 0; i < some.points.rows; ++i) {
    const double square = some.squares[i];
    regions[some.labels[i]].add(square, order == 1 ? std::sqrt(square) : square);
  }
}

void sum_parts(const std::vector<PartStatistics>& parts, const RegionTotals& totals) {
  totals.outside[0] = 0;
  totals.outside[1] = std::numeric_limits<std::int64_t>::max();
  for (const PartStatistics& part : parts) {
    totals.outside[0] += part.outside;
    totals.outside[1] = std::min(totals.outside[1], part.first_outside);
  }
  for (std::int64_t j = 0; j < totals.count.size; ++j) {
    RegionSums region;
    for (const PartStatistics& part : parts) region.add(part.regions[j]);
    normalise_pair(region.sum_high, region.sum_low);
    normalise_pair(region.square_high, region.square_low);
    totals.count[j] = region.count;
    totals.sum(j, 0) = region.sum_high;
    totals.sum(j, 1) = region.sum_low;
    totals.square(j, 0) = region.square_high;
    totals.square(j, 1) = region.square_low;
    totals.farthest[j] = std::sqrt(region.farthest_square);
  }
}

template <class T>
void statistics(int threads, MatrixView<const T> points, const RegionGeometry& regions, int order,
                const RegionTotals& totals) {
  const Lookup<T> lookup(regions);
  const PointParts cut(points.rows, regions.locations.rows);
  std::vector<PartStatistics> parts(
      static_cast<std::size_t>(cut.count),
      {std::vector<RegionSums>(static_cast<std::size_t>(regions.locations.rows))});
  cut.run(threads, points.rows, [&](std::int64_t p, std::int64_t from, std::int64_t to) {
    typename NearestCentre<T>::Scratch scratch(points.cols);
    std::vector<std::int64_t> labels(kPointsPerTask);
    std::vector<double> squares(kPointsPerTask);
    for (std::int64_t begin = from; begin < to; begin += kPointsPerTask) {
      const std::int64_t count = std::min(kPointsPerTask, to - begin);
      const SomePoints<T> some{{points.row(begin), count, points.cols, points.row_stride},
                               labels.data(),
                               squares.data()};
      lookup.nearest.find(row_pointers(some.points).data(), count, scratch, some.labels);
      choose(some, lookup, begin, parts[p]);
      add_points(some, order, parts[p].regions);
      if (totals.labels.data)
        std::copy(some.labels, some.labels + count, totals.labels.data + begin);
      if (totals.distances.data)
        std::transform(some.squares, some.squares + count, totals.distances.data + begin,
                       [](double square) { return std::sqrt(square); });
    }
  });
  sum_parts(parts, totals);
}

}  // namespace

void CpuBackend::region_statistics(MatrixView<const double> points, const RegionGeometry& regions,
                                   int order, const RegionTotals& totals) {
  statistics(threads_, points, regions, order, totals);
}

void CpuBackend::region_statistics(MatrixView<const float> points, const RegionGeometry& regions,
                                   int order, const RegionTotals& totals) {
  statistics(threads_, points, regions, order, totals);
}

}  // namespace wquant
