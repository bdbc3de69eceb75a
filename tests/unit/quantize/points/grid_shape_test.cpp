#include "wquant/grid_shape.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "support/golden.hpp"

namespace wquant {
namespace {

using Shape = std::vector<std::int64_t>;

double distortion(const std::vector<double>& variances, const Shape& shape) {
  double sum = 0;
  for (std::size_t k = 0; k < shape.size(); ++k) sum += variances[k] * normal_distortion(shape[k]);
  return sum;
}

std::int64_t size(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// Every shape of at most `budget` points, without any theory.
double least_distortion_by_trial(const std::vector<double>& variances, std::int64_t budget) {
  double best = INFINITY;
  Shape shape(variances.size(), 1);
  const std::function<void(std::size_t, std::int64_t)> descend = [&](std::size_t k,
                                                                     std::int64_t room) {
    if (k == shape.size()) {
      best = std::min(best, distortion(variances, shape));
      return;
    }
    for (shape[k] = 1; shape[k] <= room; ++shape[k]) descend(k + 1, room / shape[k]);
    shape[k] = 1;
  };
  descend(0, budget);
  return best;
}

TEST(GridShape, ReproducesTheReferenceExactly) {
  for (const auto& row : test::golden()["grids"]) {
    const auto variances = test::flatten(row["eigenvalues"]);
    const auto shape = optimal_grid_shape(variances, row["budget"].get<std::int64_t>());
    EXPECT_EQ(shape, row["shape"].get<Shape>()) << "budget " << row["budget"];
    EXPECT_NEAR(std::sqrt(distortion(variances, shape)), row["w2"].get<double>(), 1e-10);
  }
}

TEST(GridShape, IsOptimalAmongAllShapes) {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> exponent(-2, 0);
  for (int trial = 0; trial < 60; ++trial) {
    std::vector<double> variances(1 + trial % 4);
    for (double& v : variances) v = std::pow(10, exponent(engine));
    const std::int64_t budget = 1 + static_cast<std::int64_t>(engine() % 90);
    const Shape shape = optimal_grid_shape(variances, budget);
    EXPECT_LE(size(shape), budget);
    EXPECT_NEAR(distortion(variances, shape), least_distortion_by_trial(variances, budget), 1e-14);
  }
}

TEST(GridShape, FollowsItsVariancesThroughAnyPermutation) {
  const std::vector<double> variances{0.3, 2.0, 0.01, 0.9, 0.2};
  const Shape shape = optimal_grid_shape(variances, 700);
  std::vector<std::size_t> order{0, 1, 2, 3, 4};
  while (std::next_permutation(order.begin(), order.end())) {
    std::vector<double> permuted;
    for (const std::size_t k : order) permuted.push_back(variances[k]);
    const Shape found = optimal_grid_shape(permuted, 700);
    for (std::size_t k = 0; k < order.size(); ++k) ASSERT_EQ(found[k], shape[order[k]]);
  }
}

TEST(GridShape, NeverGetsWorseWithMorePoints) {
  const std::vector<double> variances{1, 0.5, 0.5, 0.1, 0.03, 1e-4};
  double before = INFINITY;
  for (std::int64_t budget = 1; budget < 400; ++budget) {
    const double now = distortion(variances, optimal_grid_shape(variances, budget));
    EXPECT_LE(now, before);
    before = now;
  }
}

TEST(GridShape, HandlesAThousandMillionPointsInAnyDimension) {
  std::vector<double> variances;
  for (int k = 1; k <= 256; ++k) variances.push_back(1.0 / (k * k));
  const Shape shape = optimal_grid_shape(variances, 1'000'000'000);
  EXPECT_LE(size(shape), 1'000'000'000);
  EXPECT_GT(size(shape), 900'000'000);
  EXPECT_TRUE(std::is_sorted(shape.rbegin(), shape.rend()));
  EXPECT_EQ(optimal_grid_shape(std::vector<double>{2.0}, 1'000'000'000), Shape{1'000'000'000});
}

TEST(GridShape, GivesNoPointsToZeroVariance) {
  EXPECT_EQ(optimal_grid_shape(std::vector<double>{0, 1, 0}, 50), (Shape{1, 50, 1}));
  EXPECT_EQ(optimal_grid_shape(std::vector<double>{0, 0}, 50), (Shape{1, 1}));
}

TEST(GridShape, RefusesNonsense) {
  EXPECT_THROW(optimal_grid_shape({}, 5), InvalidArgument);
  EXPECT_THROW(optimal_grid_shape(std::vector<double>{1, -1}, 5), InvalidArgument);
  EXPECT_THROW(optimal_grid_shape(std::vector<double>{NAN}, 5), InvalidArgument);
  EXPECT_THROW(optimal_grid_shape(std::vector<double>{1}, 0), InvalidArgument);
  EXPECT_THROW(optimal_grid_shape(std::vector<double>{1}, 1'000'000'001), InvalidArgument);
}

}  // namespace
}  // namespace wquant
