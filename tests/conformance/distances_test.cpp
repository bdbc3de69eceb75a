#include <cmath>
#include <vector>

#include "conformance/backends.hpp"
#include "support/points.hpp"

namespace wquant {
namespace {

class Nearest : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, Nearest, test::all_backends(), test::backend_name);
class PairwiseDistances : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, PairwiseDistances, test::all_backends(), test::backend_name);

using test::Points;
using test::random_points;
using test::squared_distance;
using test::view;

/// The label's distance is the least within the rounding of T (labels themselves may differ).
template <class T>
void expect_nearest(const Points<T>& points, const Points<T>& centres,
                    const std::vector<std::int64_t>& labels, const std::vector<double>& squares) {
  const long double rounding =
      static_cast<long double>(points.cols() + 2) * std::numeric_limits<T>::epsilon();
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    ASSERT_GE(labels[i], 0);
    ASSERT_LT(labels[i], centres.rows());
    const long double found = squared_distance(points, i, centres, labels[i]);
    for (Eigen::Index j = 0; j < centres.rows(); ++j)
      ASSERT_LE(found, squared_distance(points, i, centres, j) * (1 + 2 * rounding));
    EXPECT_NEAR(static_cast<double>(squares[i] / found), 1, 1e-13);
  }
}

template <class T>
void check_random(Backend& backend) {
  for (const auto& [n, k, d] : {std::array<std::int64_t, 3>{500, 1, 1},
                                {500, 7, 2},
                                {300, 600, 3},
                                {257, 33, 17},
                                {100, 300, 100}}) {
    const auto points = random_points<T>(n, d, 41);
    const auto centres = random_points<T>(k, d, 42);
    std::vector<std::int64_t> labels(n, -1);
    std::vector<double> squares(n);
    test::poison(squares);
    backend.nearest(view(points), view(centres), {labels.data(), n}, {squares.data(), n});
    expect_nearest(points, centres, labels, squares);
  }
}

TEST_P(Nearest, FindsTheLeastDistanceInDouble) { check_random<double>(backend()); }

TEST_P(Nearest, FindsTheLeastDistanceInFloat) { check_random<float>(backend()); }

TEST_P(Nearest, TiesGoToTheLowestIndex) {
  const Points<double> points{{0.0, 0.0}, {5.0, 5.0}};
  const Points<double> centres{{3.0, 3.0}, {1.0, 0.0}, {0.0, 1.0}, {-1.0, 0.0}, {1.0, 0.0}};
  std::vector<std::int64_t> labels(2, -1);
  std::vector<double> squares(2);
  backend().nearest(view(points), view(centres), {labels.data(), 2}, {squares.data(), 2});
  EXPECT_EQ(labels, (std::vector<std::int64_t>{1, 0}));
  EXPECT_EQ(squares, (std::vector<double>{1, 8}));
}

/// Bit for bit, whatever way the backend took.
template <class T>
void expect_direct_labels(const Points<T>& points, const Points<T>& centres,
                          const std::vector<std::int64_t>& labels) {
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    ASSERT_EQ(labels[i], test::direct_label(points, i, centres)) << "point " << i;
}

template <class T>
void expect_direct(Backend& backend, const Points<T>& points, const Points<T>& centres) {
  const std::int64_t n = points.rows();
  std::vector<std::int64_t> labels(n, -1);
  std::vector<double> squares(n);
  test::poison(squares);
  backend.nearest(view(points), view(centres), {labels.data(), n}, {squares.data(), n});
  expect_nearest(points, centres, labels, squares);
  expect_direct_labels(points, centres, labels);
}

template <class T>
void check_direct(Backend& backend) {
  for (const std::int64_t d : {1, 2, 3, 4, 5, 7, 8, 16, 33, 1000})
    for (const std::int64_t k : {1, 2, 5, 64})
      expect_direct(backend, random_points<T>(d > 100 ? 65 : 333, d, 50 + d),
                    random_points<T>(k, d, 60 + d));
}

TEST_P(Nearest, LabelsAreThoseOfTheDirectEvaluationInDouble) { check_direct<double>(backend()); }

TEST_P(Nearest, LabelsAreThoseOfTheDirectEvaluationInFloat) { check_direct<float>(backend()); }

/// Where the expanded form rounds more than centres differ, the direct one decides.
template <class T>
void check_near_ties(Backend& backend) {
  const auto wide = static_cast<T>(std::sqrt(1 / std::numeric_limits<T>::epsilon()));
  for (const std::int64_t d : {3, 16}) {
    Points<T> points = random_points<T>(500, d, 70);
    Points<T> centres = random_points<T>(40, d, 71);
    centres.row(39).array() += wide;
    points.bottomRows(100).array() += wide;
    expect_direct(backend, points, centres);
    centres.array() += wide;
    points.array() += wide;
    expect_direct(backend, points, centres);
    centres.bottomRows(20) = centres.topRows(20);
    points.topRows(20) = centres.topRows(20);
    for (Eigen::Index i = 20; i < 40; ++i)
      points.row(i) = (centres.row(i) + centres.row(i - 20 + 1)) / 2;
    std::vector<std::int64_t> labels(500, -1);
    std::vector<double> squares(500);
    backend.nearest(view(points), view(centres), {labels.data(), 500}, {squares.data(), 500});
    for (std::int64_t i = 0; i < 20; ++i) {
      EXPECT_EQ(labels[i], i);
      EXPECT_EQ(squares[i], 0);
    }
    expect_direct_labels(points, centres, labels);
  }
}

TEST_P(Nearest, NearTiesAreDecidedDirectlyInDouble) { check_near_ties<double>(backend()); }

TEST_P(Nearest, NearTiesAreDecidedDirectlyInFloat) { check_near_ties<float>(backend()); }

/// Labels alone: squares may overflow.
template <class T>
void expect_labels(Backend& backend, const Points<T>& points, const Points<T>& centres) {
  const std::int64_t n = points.rows();
  std::vector<std::int64_t> labels(n, -1);
  std::vector<double> squares(n);
  backend.nearest(view(points), view(centres), {labels.data(), n}, {squares.data(), n});
  expect_direct_labels(points, centres, labels);
}

/// Points between twin centres, from the bisector and its neighbours in T to half way out.
template <class T>
void check_bisectors(Backend& backend) {
  const std::int64_t pairs = 66;
  for (const std::int64_t d : {1, 2, 3, 5, 16, 17, 96, 128, 200})
    for (const T offset : {T{0}, static_cast<T>(1e4)}) {
      Points<T> centres = random_points<T>(2 * pairs, d, 80 + d);
      centres.bottomRows(pairs) =
          centres.topRows(pairs) + static_cast<T>(0.01) * centres.bottomRows(pairs);
      centres.array() += offset;
      Points<T> points(150, d);
      for (Eigen::Index i = 0; i < points.rows(); ++i) {
        const auto near = centres.row(i % pairs);
        const auto far = centres.row(i % pairs + pairs);
        const auto out =
            static_cast<T>(std::ldexp(i % 2 == 0 ? 0.5 : -0.5, -static_cast<int>(i / 3)));
        points.row(i) = (near + far) / 2 + out * (far - near);
        points(i, 0) = std::nextafter(points(i, 0), i % 3 == 0 ? T{9e9F} : points(i, 0));
      }
      expect_labels(backend, points, centres);
    }
}

TEST_P(Nearest, BisectorsAreDecidedDirectlyInDouble) { check_bisectors<double>(backend()); }

TEST_P(Nearest, BisectorsAreDecidedDirectlyInFloat) { check_bisectors<float>(backend()); }

/// Squares vanish, or overflow for some centres or all.
template <class T>
void check_magnitudes(Backend& backend) {
  const auto most = std::log10(std::numeric_limits<T>::max());
  for (const double share : {-0.99, -0.5, -0.47, 0.4, 0.47, 0.49, 0.5, 0.52, 0.9})
    for (const std::int64_t d : {2, 5}) {
      const auto scale = static_cast<T>(std::pow(10, share * static_cast<double>(most)));
      const Points<T> points = scale * random_points<T>(131, d, 73);
      Points<T> centres = scale * random_points<T>(150, d, 74);
      expect_labels(backend, points, centres);
      centres.topRows(75) *= static_cast<T>(1e-3);
      expect_labels(backend, points, centres);
    }
}

TEST_P(Nearest, TakesAllMagnitudesInDouble) { check_magnitudes<double>(backend()); }

TEST_P(Nearest, TakesAllMagnitudesInFloat) { check_magnitudes<float>(backend()); }

TEST_P(Nearest, AllSquaresMayOverflowWhereNoNormDoes) {
  const float norm = std::sqrt(0.6F * std::numeric_limits<float>::max());
  Points<float> centres = Points<float>::Zero(10, 5);
  for (Eigen::Index j = 0; j < 10; ++j)
    centres(j, j / 2 % 2) = (j % 2 == 0 ? norm : -norm) * (1 - 0.01F * static_cast<float>(j));
  Points<float> points = Points<float>::Zero(3, 5);
  points(0, 4) = points(1, 3) = points(2, 2) = norm;
  expect_labels(backend(), points, centres);
}

TEST_P(Nearest, FarCentresDoNotHideNearOnes) {
  Points<float> centres = random_points<float>(300, 8, 81);
  centres.row(100).array() = 1e15F;
  Points<float> points = random_points<float>(200, 8, 82);
  expect_labels(backend(), points, centres);
  points.row(7).array() = 3e18F;
  points.row(8).array() = -3e38F;
  expect_labels(backend(), points, centres);
  centres.bottomRows(150) = centres.topRows(150);
  expect_labels(backend(), points, centres);
}

TEST_P(Nearest, PointsOnALatticeTieExactly) {
  test::Random random(72);
  const auto lattice = [&](std::int64_t n) {
    return Points<float>(Points<float>::NullaryExpr(
        n, 16, [&] { return std::floor(static_cast<float>(random.uniform(0, 3))); }));
  };
  const Points<float> points = lattice(3000);
  const Points<float> centres = lattice(50);
  std::vector<std::int64_t> labels(3000, -1);
  std::vector<double> squares(3000);
  backend().nearest(view(points), view(centres), {labels.data(), 3000}, {squares.data(), 3000});
  for (std::int64_t i = 0; i < 3000; ++i)
    ASSERT_EQ(labels[i], test::direct_label(points, i, centres));
}

TEST_P(Nearest, TakesMagnitudesWhoseSquaresAreFinite) {
  for (const double scale : {1e-300, 1e-170, 1e150}) {
    const Points<double> points = scale * random_points<double>(100, 5, 73);
    const Points<double> centres = scale * random_points<double>(9, 5, 74);
    std::vector<std::int64_t> labels(100, -1);
    std::vector<double> squares(100);
    backend().nearest(view(points), view(centres), {labels.data(), 100}, {squares.data(), 100});
    for (std::int64_t i = 0; i < 100; ++i)
      ASSERT_EQ(labels[i], test::direct_label(points, i, centres)) << scale;
  }
}

template <class T>
void expect_squares_of_cpu(Backend& backend) {
  const auto points = random_points<T>(130, 21, 76);
  const auto centres = random_points<T>(70, 21, 77);
  std::vector<std::int64_t> labels(130, -1);
  std::vector<double> squares(130);
  std::vector<double> expected(130);
  test::poison(squares);
  backend.nearest(view(points), view(centres), {labels.data(), 130}, {squares.data(), 130});
  make_cpu_backend({.threads = 1})
      ->nearest(view(points), view(centres), {labels.data(), 130}, {expected.data(), 130});
  EXPECT_EQ(squares, expected);
}

TEST_P(Nearest, SquaredDistancesAreBitForBitTheCpus) {
  expect_squares_of_cpu<float>(backend());
  expect_squares_of_cpu<double>(backend());
}

TEST_P(Nearest, TakesNoPoints) {
  const auto centres = random_points<float>(3, 4, 75);
  backend().nearest(MatrixView<const float>(nullptr, 0, 4), view(centres), {}, {});
}

TEST_P(Nearest, FarFromTheOriginNothingCancels) {
  Points<double> points = random_points<double>(200, 3, 43);
  Points<double> centres = random_points<double>(50, 3, 44);
  points.array() += 1e8;
  centres.array() += 1e8;
  std::vector<std::int64_t> labels(200, -1);
  std::vector<double> squares(200);
  backend().nearest(view(points), view(centres), {labels.data(), 200}, {squares.data(), 200});
  expect_nearest(points, centres, labels, squares);
}

TEST_P(Nearest, ReadsStridedViews) {
  const auto points = random_points<double>(64, 5, 45);
  const auto centres = random_points<double>(9, 5, 46);
  const Points<double> narrow_points = points.leftCols(2);
  const Points<double> narrow_centres = centres.leftCols(2);
  std::vector<std::int64_t> strided(64, -1);
  std::vector<std::int64_t> packed(64, -2);
  std::vector<double> squares(64);
  backend().nearest(MatrixView<const double>(points.data(), 64, 2, 5),
                    MatrixView<const double>(centres.data(), 9, 2, 5), {strided.data(), 64},
                    {squares.data(), 64});
  backend().nearest(view(narrow_points), view(narrow_centres), {packed.data(), 64},
                    {squares.data(), 64});
  EXPECT_EQ(strided, packed);
}

TEST_P(PairwiseDistances, AreTheDirectOnes) {
  const auto a = random_points<double>(40, 6, 47);
  const auto b = random_points<double>(300, 6, 48);
  Points<double> distances = Points<double>::Constant(40, 300, NAN);
  backend().pairwise_distances(view(a), view(b), {distances.data(), 40, 300});
  for (Eigen::Index i = 0; i < 40; ++i)
    for (Eigen::Index j = 0; j < 300; ++j)
      EXPECT_NEAR(distances(i, j), static_cast<double>(std::sqrt(squared_distance(a, i, b, j))),
                  1e-14);
}

TEST_P(PairwiseDistances, AreBitForBitTheCpus) {
  const auto a = random_points<double>(70, 19, 78);
  const auto b = random_points<double>(65, 19, 79);
  Points<double> distances = Points<double>::Constant(70, 65, NAN);
  Points<double> expected = distances;
  backend().pairwise_distances(view(a), view(b), {distances.data(), 70, 65});
  make_cpu_backend({.threads = 1})->pairwise_distances(view(a), view(b), {expected.data(), 70, 65});
  EXPECT_EQ(distances, expected);
}

TEST_P(PairwiseDistances, OfEqualPointsAreZero) {
  const auto a = random_points<double>(10, 3, 49);
  Points<double> distances = Points<double>::Constant(10, 10, NAN);
  backend().pairwise_distances(view(a), view(a), {distances.data(), 10, 10});
  for (Eigen::Index i = 0; i < 10; ++i) EXPECT_EQ(distances(i, i), 0);
}

}  // namespace
}  // namespace wquant
