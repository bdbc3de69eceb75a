#include "quantize/weighted_kmeans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::Random;
using test::RowMajor;

struct Problem {
  RowMajor points;
  std::vector<double> weights;

  Kmeans solve(const Context& context, const KmeansOptions& options) const {
    return weighted_kmeans(context, {points.data(), points.rows(), points.cols()},
                           {weights.data(), points.rows()}, options);
  }
};

Problem random_problem(Random& random, std::int64_t n, std::int64_t d) {
  return {RowMajor::NullaryExpr(n, d, [&] { return random.normal(); }), random.weights(n)};
}

/// Σ w ‖x − centre of its label‖² in long double.
long double cost(const Problem& problem, const Kmeans& result) {
  long double sum = 0;
  const auto d = problem.points.cols();
  for (Eigen::Index i = 0; i < problem.points.rows(); ++i)
    for (Eigen::Index k = 0; k < d; ++k) {
      const long double difference =
          static_cast<long double>(problem.points(i, k)) - result.centres[result.labels[i] * d + k];
      sum += problem.weights[i] * difference * difference;
    }
  return sum;
}

TEST(WeightedKmeans, FindsSeparatedClusters) {
  const Context context = Context::cpu();
  Random random(201);
  Problem problem = random_problem(random, 300, 2);
  for (Eigen::Index i = 0; i < 300; ++i)
    problem.points.row(i).array() += 100.0 * static_cast<double>(i % 3);
  const Kmeans result = problem.solve(context, {.clusters = 3, .seed = 5});
  EXPECT_EQ(result.count, 3);
  for (Eigen::Index i = 3; i < 300; ++i) EXPECT_EQ(result.labels[i], result.labels[i % 3]);
  EXPECT_LT(result.cost, 4);
}

TEST(WeightedKmeans, StatesItsCostAndIsNeverWorseThanItsStartOrARandomPartition) {
  const Context context = Context::cpu();
  Random random(202);
  for (int trial = 0; trial < 20; ++trial) {
    const std::int64_t n = 50 + 40 * trial;
    const std::int64_t k = 2 + trial;
    const Problem problem = random_problem(random, n, 1 + trial % 4);
    const KmeansOptions options{.clusters = k, .seed = static_cast<std::uint64_t>(trial)};
    KmeansOptions start = options;
    start.iterations = 0;
    const Kmeans seeded = problem.solve(context, start);
    const Kmeans result = problem.solve(context, options);
    EXPECT_NEAR(static_cast<double>(cost(problem, result)) / result.cost, 1, 1e-12);
    EXPECT_LT(result.cost, seeded.cost);
    EXPECT_EQ(seeded.iterations, 0);

    RowMajor sums = RowMajor::Zero(k, problem.points.cols());
    std::vector<double> mass(static_cast<std::size_t>(k));
    Kmeans partition{{}, k, std::vector<std::int64_t>(static_cast<std::size_t>(n)), 0, 0};
    for (Eigen::Index i = 0; i < n; ++i) {
      partition.labels[i] =
          i < k ? i : static_cast<std::int64_t>(random.uniform(0, static_cast<double>(k)));
      sums.row(partition.labels[i]) += problem.weights[i] * problem.points.row(i);
      mass[partition.labels[i]] += problem.weights[i];
    }
    for (Eigen::Index j = 0; j < k; ++j) sums.row(j) /= mass[j];
    partition.centres.assign(sums.data(), sums.data() + sums.size());
    EXPECT_LT(result.cost, static_cast<double>(cost(problem, partition)));
  }
}

/// Three optimal clusters of points on a line, known by hand.
TEST(WeightedKmeans, RespectsWeights) {
  const Context context = Context::cpu();
  const Problem problem{RowMajor{{0.0}, {1.0}, {10.0}, {20.0}}, {3, 1, 1, 1}};
  const Kmeans result = problem.solve(context, {.clusters = 3});
  std::vector<double> centres = result.centres;
  std::sort(centres.begin(), centres.end());
  EXPECT_EQ(centres, (std::vector<double>{0.25, 10, 20}));
  EXPECT_DOUBLE_EQ(result.cost, 0.75);
}

TEST(WeightedKmeans, HandlesDuplicatesZeroWeightsAndTooFewLocations) {
  const Context context = Context::cpu();
  const Problem doubled{RowMajor{{1.0, 2.0}, {3.0, 4.0}, {1.0, 2.0}, {3.0, 4.0}}, {1, 1, 1, 1}};
  const Kmeans two = doubled.solve(context, {.clusters = 4});
  EXPECT_EQ(two.count, 2);
  EXPECT_EQ(two.cost, 0);
  EXPECT_EQ(two.labels[0], two.labels[2]);
  EXPECT_NE(two.labels[0], two.labels[1]);

  const Problem weightless{RowMajor{{0.0}, {5.0}, {1000.0}}, {1, 1, 0}};
  const Kmeans ignored = weightless.solve(context, {.clusters = 3});
  EXPECT_EQ(ignored.count, 2);
  EXPECT_EQ(ignored.cost, 0);

  const Problem nothing{RowMajor{{7.0}, {5.0}}, {0, 0}};
  EXPECT_EQ(nothing.solve(context, {.clusters = 2}).count, 1);
}

TEST(WeightedKmeans, RestartsEmptyCellsWhereTheCostIs) {
  const Context context = Context::cpu();
  const Problem problem{RowMajor{{0.0}, {1.0}, {50.0}, {51.0}, {100.0}}, {1, 1, 1, 1, 1}};
  const double start[] = {0, -1000, -2000};
  const Kmeans result =
      problem.solve(context, {.clusters = 3, .start = MatrixView<const double>(start, 3, 1)});
  EXPECT_EQ(result.count, 3);
  EXPECT_DOUBLE_EQ(result.cost, 1);
  const Kmeans unmoved = problem.solve(
      context, {.clusters = 3, .iterations = 0, .start = MatrixView<const double>(start, 3, 1)});
  EXPECT_EQ(unmoved.count, 1);
}

TEST(WeightedKmeans, DoesNotDependOnTheScale) {
  const Context context = Context::cpu();
  Random random(203);
  const Problem plain = random_problem(random, 200, 3);
  const Kmeans reference = plain.solve(context, {.clusters = 9, .seed = 1});
  for (const int exponent : {-498, 490}) {
    Problem problem = plain;
    problem.points *= std::ldexp(1.0, exponent);
    for (double& w : problem.weights) w *= 0x1p-900;
    const Kmeans result = problem.solve(context, {.clusters = 9, .seed = 1});
    EXPECT_EQ(result.labels, reference.labels);
    for (std::size_t i = 0; i < reference.centres.size(); ++i)
      EXPECT_EQ(std::ldexp(result.centres[i], -exponent), reference.centres[i]);
  }
}

TEST(WeightedKmeans, GivesTheSameBitsForAnyNumberOfThreads) {
  Random random(204);
  const Problem problem = random_problem(random, 1000, 4);
  const Kmeans one = problem.solve(Context::cpu({.threads = 1}), {.clusters = 12, .iterations = 5});
  for (const int threads : {2, 5}) {
    const Kmeans several =
        problem.solve(Context::cpu({.threads = threads}), {.clusters = 12, .iterations = 5});
    EXPECT_EQ(one.labels, several.labels);
    EXPECT_EQ(one.centres, several.centres);
    EXPECT_EQ(one.cost, several.cost);
  }
}

TEST(WeightedKmeans, CanBeCancelledAndRefusesWhatMakesNoSense) {
  const Context context = Context::cpu();
  Random random(205);
  const Problem problem = random_problem(random, 100, 2);
  for (const char* stage : {"seeding", "lloyd"}) {
    KmeansOptions options{.clusters = 5};
    options.progress = [&](const Progress& at) { return at.stage != stage; };
    EXPECT_THROW(problem.solve(context, options), Cancelled);
  }
  EXPECT_THROW(problem.solve(context, {.clusters = 0}), InvalidArgument);
  EXPECT_THROW(problem.solve(context, {.clusters = 2, .iterations = -1}), InvalidArgument);
  const double start[] = {0, 0, 0};
  EXPECT_THROW(
      problem.solve(context, {.clusters = 1, .start = MatrixView<const double>(start, 1, 3)}),
      InvalidArgument);
  Problem bad = problem;
  bad.weights[3] = -1;
  EXPECT_THROW(bad.solve(context, {.clusters = 2}), InvalidArgument);
  bad = problem;
  bad.points(7, 1) = NAN;
  EXPECT_THROW(bad.solve(context, {.clusters = 2}), InvalidArgument);
  bad.points(7, 1) = 1e160;
  EXPECT_THROW(bad.solve(context, {.clusters = 2}), InvalidArgument);
  EXPECT_THROW(problem.solve(Context::cpu({.workspace_limit = 1000}), {.clusters = 2}),
               OutOfMemory);
}

}  // namespace
}  // namespace wquant
