#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "conformance/backends.hpp"
#include "support/points.hpp"

namespace wquant {
namespace {

using test::Points;
using test::random_points;
using test::view;

class RegionStatisticsKernel : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, RegionStatisticsKernel, test::all_backends(),
                         test::backend_name);

template <class T>
VectorView<T> vector(std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}

struct Geometry {
  Points<double> locations;  // the last stands for the outer region
  std::vector<double> radii, lower, upper;

  RegionGeometry view() {
    return {test::view(locations), vector(radii), vector(lower), vector(upper)};
  }
};

Geometry random_geometry(std::int64_t k, std::int64_t d, double radius, std::uint64_t seed) {
  test::Random random(seed);
  Geometry out{random_points<double>(k + 1, d, seed), {}, {}, {}};
  for (std::int64_t j = 0; j <= k; ++j)
    out.radii.push_back(radius * std::sqrt(static_cast<double>(d)) * random.uniform(0.5, 1.5));
  out.lower.assign(static_cast<std::size_t>(d), -100);
  out.upper.assign(static_cast<std::size_t>(d), 100);
  return out;
}

struct Totals {
  Totals(std::int64_t n, std::int64_t m)
      : count(m, -1),
        outside(2, -1),
        labels(n, -1),
        sum(2 * m),
        square(2 * m),
        farthest(m),
        distances(n) {
    for (auto* values : {&sum, &square, &farthest, &distances}) test::poison(*values);
  }

  RegionTotals view() {
    const auto m = static_cast<std::int64_t>(count.size());
    return {vector(count),   {sum.data(), m, 2}, {square.data(), m, 2}, vector(farthest),
            vector(outside), vector(labels),     vector(distances)};
  }

  std::vector<std::int64_t> count, outside, labels;
  std::vector<double> sum, square, farthest, distances;
};

/// The region of a point by the rule, in long double.
template <class T>
std::int64_t region(const Points<T>& points, std::int64_t i, const Geometry& at) {
  const Points<double> exact = points.row(i).template cast<double>();
  std::int64_t label = at.locations.rows() - 1;
  long double least = std::numeric_limits<long double>::infinity();
  for (std::int64_t j = 0; j + 1 < at.locations.rows(); ++j) {
    const long double square = test::squared_distance(exact, 0, at.locations, j);
    if (square <= at.radii[j] * static_cast<long double>(at.radii[j]) && square < least) {
      least = square;
      label = j;
    }
  }
  return label;
}

template <class T>
void expect_statistics(const Points<T>& points, const Geometry& at, int order,
                       const Totals& totals) {
  const std::int64_t m = at.locations.rows();
  std::vector<std::int64_t> count(m);
  std::vector<long double> sum(m), square(m), farthest(m);
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const std::int64_t j = region(points, i, at);
    ASSERT_EQ(totals.labels[i], j) << "point " << i;
    const Points<double> x = points.row(i).template cast<double>();
    const long double distance = std::sqrt(test::squared_distance(x, 0, at.locations, j));
    EXPECT_NEAR(totals.distances[i], static_cast<double>(distance),
                1e-13 * static_cast<double>(distance));
    const long double z = order == 1 ? distance : distance * distance;
    ++count[j];
    sum[j] += z;
    square[j] += z * z;
    farthest[j] = std::max(farthest[j], distance);
  }
  EXPECT_EQ(totals.count, count);
  EXPECT_EQ(totals.outside[0], 0);
  for (std::int64_t j = 0; j < m; ++j) {
    EXPECT_NEAR(totals.sum[2 * j] / static_cast<double>(sum[j] + (count[j] == 0)),
                count[j] == 0 ? 0 : 1, 1e-13);
    EXPECT_NEAR(totals.square[2 * j] / static_cast<double>(square[j] + (count[j] == 0)),
                count[j] == 0 ? 0 : 1, 1e-13);
    EXPECT_LE(std::fabs(totals.sum[2 * j + 1]), 0x1p-52 * totals.sum[2 * j]);
    EXPECT_LE(std::fabs(totals.square[2 * j + 1]), 0x1p-52 * totals.square[2 * j]);
    EXPECT_NEAR(totals.farthest[j], static_cast<double>(farthest[j]),
                1e-13 * static_cast<double>(farthest[j]));
  }
}

template <class T>
void check_random(Backend& backend) {
  for (const auto& [n, k, d] : {std::array<std::int64_t, 3>{1, 1, 1},
                                {3000, 1, 2},
                                {3000, 20, 1},
                                {400, 150, 2},
                                {5000, 50, 3},
                                {5000, 100, 16},
                                {100, 30, 1000}})
    for (const double radius : {0.3, 1.5, 10.0})
      for (const int order : {1, 2}) {
        const auto points = random_points<T>(n, d, 101 + d);
        Geometry at = random_geometry(k, d, radius, 102 + d);
        // Centres that T can hold, so that both arithmetics agree on the nearest one.
        at.locations = at.locations.template cast<T>().template cast<double>().eval();
        Totals totals(n, k + 1);
        backend.region_statistics(view(points), at.view(), order, totals.view());
        expect_statistics(points, at, order, totals);
      }
}

TEST_P(RegionStatisticsKernel, FollowTheRuleInDouble) { check_random<double>(backend()); }

TEST_P(RegionStatisticsKernel, FollowTheRuleInFloat) { check_random<float>(backend()); }

/// Balls by hand: the nearest centre's ball is too small, a further one holds the point, the
/// boundary belongs to the ball, and equal distances go to the lower index.
TEST_P(RegionStatisticsKernel, TakeTheNearestBallThatHoldsThePoint) {
  Geometry at{
      Points<double>{{0.0}, {3.0}, {-4.0}, {4.0}, {50.0}}, {1, 2.5, 4, 4, 50}, {-100}, {100}};
  const Points<double> points{{0.5}, {1.25}, {1.0}, {-1.0}, {-1.5}, {8.0}, {8.5}, {0.0}};
  Totals totals(8, 5);
  backend().region_statistics(view(points), at.view(), 2, totals.view());
  EXPECT_EQ(totals.labels, (std::vector<std::int64_t>{0, 1, 0, 0, 2, 3, 4, 0}));
  EXPECT_EQ(totals.count, (std::vector<std::int64_t>{4, 1, 1, 1, 1}));
  EXPECT_EQ(totals.sum[0], 2.25);
  EXPECT_EQ(totals.farthest, (std::vector<double>{1, 1.75, 2.5, 4, 41.5}));
}

TEST_P(RegionStatisticsKernel, EqualDistancesGoToTheLowerIndex) {
  Geometry at{Points<double>{{2.0, 0.0}, {-2.0, 0.0}, {0.0, 2.0}, {0.0, 0.0}},
              {1, 2, 2, 5},
              {-9, -9},
              {9, 9}};
  const Points<double> points{{0.0, 0.0}};
  Totals totals(1, 4);
  backend().region_statistics(view(points), at.view(), 1, totals.view());
  EXPECT_EQ(totals.labels[0], 1);
  EXPECT_EQ(totals.distances[0], 2);
}

template <class T>
void check_outside(Backend& backend) {
  Points<T> points = random_points<T>(6000, 9, 103);
  Geometry at = random_geometry(10, 9, 1, 104);
  at.lower[4] = 0.1;  // not a float
  points.col(4) = points.col(4).cwiseAbs().array() + T(0.125);
  Totals totals(6000, 11);
  backend.region_statistics(view(points), at.view(), 1, totals.view());
  EXPECT_EQ(totals.outside[0], 0);
  points(4000, 8) = std::numeric_limits<T>::quiet_NaN();
  points(5999, 0) = std::numeric_limits<T>::infinity();
  points(3210, 4) = std::nextafter(static_cast<T>(0.1), T(0));
  backend.region_statistics(view(points), at.view(), 1, totals.view());
  EXPECT_EQ(totals.outside, (std::vector<std::int64_t>{3, 3210}));
  points(3210, 4) = static_cast<T>(0.1);
  backend.region_statistics(view(points), at.view(), 1, totals.view());
  const bool below = static_cast<double>(static_cast<T>(0.1)) < 0.1;
  EXPECT_EQ(totals.outside,
            (below ? std::vector<std::int64_t>{3, 3210} : std::vector<std::int64_t>{2, 4000}));
}

TEST_P(RegionStatisticsKernel, CountWhatIsOutsideTheBoxInDouble) {
  check_outside<double>(backend());
}

TEST_P(RegionStatisticsKernel, CountWhatIsOutsideTheBoxInFloat) { check_outside<float>(backend()); }

TEST_P(RegionStatisticsKernel, FarFromTheOriginNothingCancels) {
  Points<double> points = random_points<double>(500, 4, 105);
  Geometry at = random_geometry(20, 4, 1.5, 106);
  points.array() += 1e7;
  at.locations.array() += 1e7;
  at.lower.assign(4, 0);
  at.upper.assign(4, 1e8);
  Totals totals(500, 21);
  backend().region_statistics(view(points), at.view(), 1, totals.view());
  expect_statistics(points, at, 1, totals);
}

TEST_P(RegionStatisticsKernel, LabelsAndDistancesMayBeLeftOut) {
  const auto points = random_points<float>(3000, 5, 107);
  const Points<float> wide = [&] {
    Points<float> out = Points<float>::Constant(3000, 8, NAN);
    out.leftCols(5) = points;
    return out;
  }();
  Geometry at = random_geometry(7, 5, 1, 108);
  Totals all(3000, 8), some(3000, 8);
  backend().region_statistics(view(points), at.view(), 1, all.view());
  RegionTotals without = some.view();
  without.labels = {};
  without.distances = {};
  backend().region_statistics(MatrixView<const float>(wide.data(), 3000, 5, 8), at.view(), 1,
                              without);
  EXPECT_EQ(all.count, some.count);
  EXPECT_EQ(all.sum, some.sum);
  EXPECT_EQ(some.labels[0], -1);
}

TEST_P(RegionStatisticsKernel, DoNotDependOnThreads) {
  const auto points = random_points<float>(40000, 16, 109);
  Geometry at = random_geometry(30, 16, 1, 110);
  Totals here(40000, 31), three(40000, 31);
  backend().region_statistics(view(points), at.view(), 1, here.view());
  if (backend().device() != "cpu") return;
  make_cpu_backend({.threads = 3})->region_statistics(view(points), at.view(), 1, three.view());
  EXPECT_EQ(here.sum, three.sum);
  EXPECT_EQ(here.square, three.square);
  EXPECT_EQ(here.labels, three.labels);
}

TEST_P(RegionStatisticsKernel, LabelsAndDistancesAreBitForBitTheCpus) {
  const auto points = random_points<float>(1500, 19, 112);
  Geometry at = random_geometry(12, 19, 1, 113);
  Totals here(1500, 13), cpu(1500, 13);
  backend().region_statistics(view(points), at.view(), 2, here.view());
  make_cpu_backend({.threads = 1})->region_statistics(view(points), at.view(), 2, cpu.view());
  EXPECT_EQ(here.labels, cpu.labels);
  EXPECT_EQ(here.distances, cpu.distances);
  EXPECT_EQ(here.farthest, cpu.farthest);
}

TEST_P(RegionStatisticsKernel, OfNoPointsAreZero) {
  Geometry at = random_geometry(2, 3, 1, 111);
  Totals totals(0, 3);
  backend().region_statistics(MatrixView<const double>(nullptr, 0, 3), at.view(), 1, totals.view());
  EXPECT_EQ(totals.count, (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_EQ(totals.sum, std::vector<double>(6, 0));
  EXPECT_EQ(totals.farthest, std::vector<double>(3, 0));
  EXPECT_EQ(totals.outside[0], 0);
}

}  // namespace
}  // namespace wquant
