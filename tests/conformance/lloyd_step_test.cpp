#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "conformance/backends.hpp"
#include "support/points.hpp"

namespace wquant {
namespace {

using test::Points;
using test::random_points;
using test::view;

class LloydStep : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, LloydStep, test::all_backends(), test::backend_name);
class SeedingStep : public test::EveryBackend {};
INSTANTIATE_TEST_SUITE_P(Backends, SeedingStep, test::all_backends(), test::backend_name);

template <class T>
VectorView<T> vector(std::vector<T>& values) {
  return {values.data(), static_cast<std::int64_t>(values.size())};
}

struct Result {
  Result(std::int64_t n, std::int64_t k, std::int64_t d)
      : labels(n, -1), squares(n), lower(n), mass(k), sums(k * d), summary(2) {
    for (auto* values : {&squares, &lower, &mass, &sums, &summary}) test::poison(*values);
  }

  std::vector<std::int64_t> labels;
  std::vector<double> squares, lower, mass, sums, summary;
};

template <class T>
void step(Backend& backend, MatrixView<const T> points, std::vector<double> weights,
          const Points<T>& centres, std::vector<double> shifts, Result& result) {
  backend.lloyd_step(points, vector(weights), view(centres), vector(shifts),
                     {vector(result.labels), vector(result.squares), vector(result.lower)},
                     {vector(result.mass),
                      {result.sums.data(), centres.rows(), centres.cols()},
                      vector(result.summary)});
}

/// The totals of given labels in long double.
template <class T>
void expect_totals(const Points<T>& points, const std::vector<double>& weights,
                   const Points<T>& centres, const Result& result) {
  const Eigen::Index d = points.cols();
  std::vector<long double> mass(centres.rows());
  std::vector<long double> sums(centres.size());
  std::vector<long double> sizes(centres.size());
  long double objective = 0;
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    const std::int64_t j = result.labels[i];
    const double weight = weights.empty() ? 1 : weights[i];
    const long double square = test::squared_distance(points, i, centres, j);
    EXPECT_NEAR(result.squares[i], static_cast<double>(square),
                1e-13 * static_cast<double>(square));
    objective += weight * square;
    mass[j] += weight;
    for (Eigen::Index k = 0; k < d; ++k) {
      sums[j * d + k] += weight * static_cast<long double>(points(i, k));
      sizes[j * d + k] += weight * std::fabs(static_cast<long double>(points(i, k)));
    }
  }
  EXPECT_NEAR(result.summary[0], static_cast<double>(objective),
              1e-13 * static_cast<double>(objective));
  for (Eigen::Index j = 0; j < centres.rows(); ++j)
    EXPECT_NEAR(result.mass[j], static_cast<double>(mass[j]), 1e-13 * static_cast<double>(mass[j]));
  for (Eigen::Index s = 0; s < centres.size(); ++s)
    EXPECT_NEAR(result.sums[s], static_cast<double>(sums[s]),
                1e-13 * static_cast<double>(sizes[s]));
}

/// No other centre is nearer than the bound.
template <class T>
void expect_bounds(const Points<T>& points, const Points<T>& centres, const Result& result) {
  for (Eigen::Index i = 0; i < points.rows(); ++i)
    for (Eigen::Index j = 0; j < centres.rows(); ++j)
      if (j != result.labels[i] && result.lower[i] > 0) {
        ASSERT_LE(result.lower[i], std::sqrt(test::squared_distance(points, i, centres, j)));
      }
}

/// Fewer points where kernels are interpreted, which takes its time.
std::int64_t points_for(const Backend& backend, std::int64_t n, std::int64_t d) {
  return backend.device() == "cpu" ? n : std::min(n, 1 + 40000 / d);
}

template <class T>
void check_steps(Backend& backend) {
  for (const auto& [most, k, d] : {std::array<std::int64_t, 3>{1, 1, 1},
                                   {3000, 1, 3},
                                   {5000, 40, 1},
                                   {5000, 40, 2},
                                   {20000, 40, 16},
                                   {300, 20, 1000}}) {
    const std::int64_t n = points_for(backend, most, d);
    const auto points = random_points<T>(n, d, 81 + d);
    test::Random random(82);
    const std::vector<double> weights = d % 2 ? random.weights(n) : std::vector<double>();
    Points<T> centres = random_points<T>(k, d, 83);
    Result kept(n, k, d);
    std::vector<double> shifts;
    for (int round = 0; round < 5; ++round) {
      Result fresh(n, k, d);
      step(backend, view(points), weights, centres, {}, fresh);
      const std::vector<std::int64_t> before = kept.labels;
      step(backend, view(points), weights, centres, shifts, kept);
      EXPECT_EQ(kept.labels, fresh.labels);
      EXPECT_EQ(kept.squares, fresh.squares);
      EXPECT_EQ(kept.sums, fresh.sums);
      EXPECT_EQ(kept.summary[0], fresh.summary[0]);
      std::int64_t moved = 0;
      for (std::int64_t i = 0; i < n; ++i) moved += before[i] != kept.labels[i];
      EXPECT_EQ(kept.summary[1], static_cast<double>(moved));
      expect_totals(points, weights, centres, kept);
      expect_bounds(points, centres, kept);
      for (std::int64_t i = 0; i < n && i < 500 && backend.device() == "cpu"; ++i)
        ASSERT_EQ(kept.labels[i], test::direct_label(points, i, centres));
      const Points<T> next = centres + T(0.02) * random_points<T>(k, d, 84 + round);
      shifts.clear();
      for (std::int64_t j = 0; j < k; ++j)
        shifts.push_back(
            static_cast<double>(std::sqrt(test::squared_distance(next, j, centres, j))) *
            (1 + 1e-14));
      centres = next;
    }
  }
}

TEST_P(LloydStep, SparedSearchesGiveTheSameBitsInDouble) { check_steps<double>(backend()); }

TEST_P(LloydStep, SparedSearchesGiveTheSameBitsInFloat) { check_steps<float>(backend()); }

TEST_P(LloydStep, ReadsStridedViews) {
  const auto wide = random_points<float>(3000, 9, 85);
  const Points<float> narrow = wide.leftCols(5);
  const auto centres = random_points<float>(11, 5, 86);
  Result strided(3000, 11, 5), packed(3000, 11, 5);
  step(backend(), MatrixView<const float>(wide.data(), 3000, 5, 9), {}, centres, {}, strided);
  step(backend(), view(narrow), {}, centres, {}, packed);
  EXPECT_EQ(strided.labels, packed.labels);
  EXPECT_EQ(strided.sums, packed.sums);
}

TEST_P(LloydStep, TakesNoPointsAndEmptyCells) {
  const Points<double> centres{{0.0}, {5.0}};
  Result none(0, 2, 1);
  step(backend(), MatrixView<const double>(nullptr, 0, 1), {}, centres, {}, none);
  EXPECT_EQ(none.mass, (std::vector<double>{0, 0}));
  EXPECT_EQ(none.sums, (std::vector<double>{0, 0}));
  EXPECT_EQ(none.summary, (std::vector<double>{0, 0}));
}

/// One cell with all points, and with all but one.
TEST_P(LloydStep, AddsManyPointsOfOneCell) {
  auto points = random_points<float>(3000, 3, 71);
  Points<float> centres = Points<float>::Constant(40, 3, 1000);
  centres.row(17) = points.row(0);
  const std::vector<double> weights = test::Random(72).weights(3000);
  for (const float last : {0.0f, 900.0f}) {
    points.row(2999).setConstant(last);
    Result result(3000, 40, 3);
    step(backend(), view(points), weights, centres, {}, result);
    expect_totals(points, weights, centres, result);
    EXPECT_EQ(std::count(result.mass.begin(), result.mass.end(), 0), last == 0 ? 39 : 38);
  }
}

TEST_P(LloydStep, TakesMoreCentresThanPoints) {
  const auto points = random_points<double>(7, 5, 73);
  const auto centres = random_points<double>(300, 5, 74);
  Result result(7, 300, 5);
  step(backend(), view(points), {}, centres, {}, result);
  expect_totals(points, {}, centres, result);
  EXPECT_EQ(std::accumulate(result.mass.begin(), result.mass.end(), 0.0), 7);
}

TEST_P(LloydStep, TakesPointsWithoutWeight) {
  const Points<double> points{{0.0}, {1.0}, {9.0}};
  const Points<double> centres{{0.0}, {10.0}};
  Result result(3, 2, 1);
  step(backend(), view(points), {2, 3, 0}, centres, {}, result);
  EXPECT_EQ(result.labels, (std::vector<std::int64_t>{0, 0, 1}));
  EXPECT_EQ(result.squares, (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(result.mass, (std::vector<double>{5, 0}));
  EXPECT_EQ(result.sums, (std::vector<double>{3, 0}));
  EXPECT_EQ(result.summary, (std::vector<double>{3, 3}));
}

/// Device memory for a third of the points at once.
TEST_P(LloydStep, LittleWorkspaceGivesTheSameBits) {
  constexpr std::int64_t kPoints = 2 * 131072 + 77;
  const auto points = random_points<float>(kPoints, 1, 75);
  const auto centres = random_points<float>(3, 1, 76);
  const std::vector<double> weights = test::Random(77).weights(kPoints);
  Result at_once(kPoints, 3, 1), in_slices(kPoints, 3, 1);
  step(backend(), view(points), weights, centres, {}, at_once);
  step(*with_workspace(4 << 20), view(points), weights, centres, {}, in_slices);
  expect_totals(points, weights, centres, at_once);
  EXPECT_EQ(at_once.labels, in_slices.labels);
  EXPECT_EQ(at_once.mass, in_slices.mass);
  EXPECT_EQ(at_once.sums, in_slices.sums);
  EXPECT_EQ(at_once.summary, in_slices.summary);
}

TEST_P(LloydStep, DoesNotDependOnThreads) {
  const auto points = random_points<float>(30000, 6, 87);
  const auto centres = random_points<float>(25, 6, 88);
  Result one(30000, 25, 6), here(30000, 25, 6);
  step(backend(), view(points), {}, centres, {}, here);
  if (backend().device() != "cpu") return;
  step(*make_cpu_backend({.threads = 3}), view(points), {}, centres, {}, one);
  EXPECT_EQ(one.sums, here.sums);
  EXPECT_EQ(one.summary, here.summary);
  EXPECT_EQ(one.lower, here.lower);
}

/// Costs and squares against long double; 9 candidates fill more than one vector, 40 dimensions
/// more than one tile.
template <class T>
void check_seeding(Backend& backend) {
  for (const auto& [n, c, d] : {std::array<std::int64_t, 3>{1, 1, 1},
                                {1024, 8, 2},
                                {2500, 9, 16},
                                {1500, 17, 3},
                                {1100, 5, 40}}) {
    const auto points = random_points<T>(n, d, 91);
    Points<T> candidates = random_points<T>(c, d, 92);
    candidates.row(0) = points.row(0);
    test::Random random(93);
    std::vector<double> weights = d > 2 ? random.weights(n) : std::vector<double>();
    std::vector<double> squares(n);
    for (double& square : squares) square = random.uniform(0, 4);
    const std::vector<double> before = squares;
    const std::int64_t blocks = (n + kSeedingBlock - 1) / kSeedingBlock;
    std::vector<double> costs(blocks * c);
    test::poison(costs);
    backend.seeding_step(view(points), vector(weights), view(candidates), vector(squares),
                         {costs.data(), blocks, c});
    EXPECT_EQ(squares[0], 0);
    const double rounding =
        static_cast<double>(std::numeric_limits<T>::epsilon()) * static_cast<double>(d + 2);
    std::vector<long double> exact(blocks * c);
    for (std::int64_t i = 0; i < n; ++i) {
      const auto first = static_cast<double>(test::squared_distance(points, i, candidates, 0));
      EXPECT_NEAR(squares[i], std::min(before[i], first), rounding * first);
      for (std::int64_t j = 0; j < c; ++j)
        exact[i / kSeedingBlock * c + j] +=
            (weights.empty() ? 1 : weights[i]) *
            std::min<long double>(squares[i], test::squared_distance(points, i, candidates, j));
    }
    for (std::size_t s = 0; s < costs.size(); ++s)
      EXPECT_NEAR(costs[s], static_cast<double>(exact[s]),
                  (rounding + 1e-13) * static_cast<double>(exact[s]));
  }
}

TEST_P(SeedingStep, CostsAreTheSumsOfLeastSquaresInDouble) { check_seeding<double>(backend()); }

TEST_P(SeedingStep, CostsAreTheSumsOfLeastSquaresInFloat) { check_seeding<float>(backend()); }

TEST_P(SeedingStep, StartsFromInfiniteSquares) {
  const Points<float> points{{0.0f}, {3.0f}};
  const Points<float> centre{{1.0f}};
  std::vector<double> squares(2, INFINITY);
  std::vector<double> cost(1, NAN);
  backend().seeding_step(view(points), {}, view(centre), vector(squares), {cost.data(), 1, 1});
  EXPECT_EQ(squares, (std::vector<double>{1, 4}));
  EXPECT_EQ(cost[0], 5);
}

}  // namespace
}  // namespace wquant
