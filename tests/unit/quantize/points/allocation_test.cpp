// Covers also: distortion_table.
#include "quantize/points/allocation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "wquant/grid_shape.hpp"
#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

TEST(GridDistortions, AgreeWithTheShapeSearchAtEveryBudget) {
  const std::vector<double> variances{0.2, 1.5, 0, 0.7, 0.1, 0.65};
  const auto curve = grid_distortions({variances.data(), 6}, 300);
  for (std::int64_t n = 1; n <= 300; ++n) {
    const auto shape = optimal_grid_shape(variances, n);
    double sum = 0;
    for (std::size_t k = 0; k < shape.size(); ++k)
      sum += variances[k] * normal_distortion(shape[k]);
    EXPECT_NEAR(curve[n], sum, 1e-12) << n;
  }
}

struct Problem {
  std::vector<double> weights;
  std::vector<double> variances;
  std::int64_t dimension;
  std::int64_t groups() const { return static_cast<std::int64_t>(weights.size()); }
  std::vector<std::int64_t> solve(std::int64_t budget) const {
    return allocate_budget(
        Context::cpu(), {weights.data(), groups()},
        [this](std::int64_t g, std::int64_t largest) {
          return grid_distortions({variances.data() + g * dimension, dimension}, largest);
        },
        budget);
  }
  double cost(const std::vector<std::int64_t>& counts) const {
    double sum = 0;
    for (std::int64_t g = 0; g < groups(); ++g)
      sum += weights[g] *
             grid_distortions({&variances[g * dimension], dimension}, counts[g])[counts[g]];
    return sum;
  }
};

Problem random_problem(std::uint64_t seed, std::int64_t groups, std::int64_t dimension) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> exponent(-1.5, 0.5);
  Problem problem{{}, {}, dimension};
  for (std::int64_t g = 0; g < groups; ++g) {
    problem.weights.push_back(std::pow(10, exponent(engine)));
    for (std::int64_t k = 0; k < dimension; ++k)
      problem.variances.push_back(std::pow(10, exponent(engine)));
  }
  return problem;
}

double least_cost_by_trial(const Problem& problem, std::int64_t budget) {
  std::vector<std::vector<double>> curves;
  for (std::int64_t g = 0; g < problem.groups(); ++g)
    curves.push_back(
        grid_distortions({&problem.variances[g * problem.dimension], problem.dimension}, budget));
  std::vector<double> best(static_cast<std::size_t>(budget) + 1, 0);
  for (std::int64_t g = 0; g < problem.groups(); ++g) {
    std::vector<double> next(best.size(), INFINITY);
    for (std::int64_t total = g + 1; total <= budget; ++total)
      for (std::int64_t n = 1; n <= total - g; ++n)
        next[total] = std::min(next[total], best[total - n] + problem.weights[g] * curves[g][n]);
    best = next;
  }
  return best[budget];
}

TEST(Allocation, IsOptimalOrWithinOneHullStepOfIt) {
  int optimal = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Problem problem = random_problem(seed, 2 + seed % 5, 1 + seed % 3);
    const std::int64_t budget = problem.groups() + static_cast<std::int64_t>(seed * 7 % 90);
    const auto counts = problem.solve(budget);
    EXPECT_LE(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}), budget);
    EXPECT_GE(*std::min_element(counts.begin(), counts.end()), 1);
    const double least = least_cost_by_trial(problem, budget);
    const double found = problem.cost(counts);
    EXPECT_GE(found, least * (1 - 1e-12));
    EXPECT_LE(found, least * 1.05) << "seed " << seed;
    optimal += found <= least * (1 + 1e-12);
  }
  EXPECT_GE(optimal, 10);
}

TEST(Allocation, BeatsAnEvenSplit) {
  const Problem problem = random_problem(99, 30, 2);
  const auto counts = problem.solve(600);
  const std::vector<std::int64_t> even(30, 20);
  EXPECT_LT(problem.cost(counts), problem.cost(even));
}

TEST(Allocation, GivesTheMinimumToWeightlessAndPointlikeGroups) {
  const Problem problem{{1, 0, 1}, {1, 1, 0}, 1};
  EXPECT_EQ(problem.solve(20), (std::vector<std::int64_t>{18, 1, 1}));
  const Problem points{{0.5, 0.5}, {0, 0}, 1};
  EXPECT_EQ(points.solve(20), (std::vector<std::int64_t>{1, 1}));
}

/// What nothing can be gained from must cost nothing, however much is left over.
TEST(Allocation, LeavesAMillionPointsUnspentWithoutEffort) {
  Problem problem{std::vector<double>(3000, 1.0 / 3000), std::vector<double>(3000, 0.0), 1};
  EXPECT_EQ(problem.solve(1'000'000), std::vector<std::int64_t>(3000, 1));
}

TEST(Allocation, GivesASingleGroupEverything) {
  const Problem problem{{1}, {1, 2, 3}, 3};
  EXPECT_EQ(problem.solve(1'000'000'000), std::vector<std::int64_t>{1'000'000'000});
}

}  // namespace
}  // namespace wquant
