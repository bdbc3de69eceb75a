// Covers also: scaled_points, seeding.
#include "wquant/kmeans.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "support/mixtures.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

using test::Random;
template <class T>
using Points = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

template <class T>
MatrixView<const T> view(const Points<T>& points) {
  return {points.data(), points.rows(), points.cols()};
}

template <class T = double>
struct Problem {
  Points<T> points;
  std::vector<double> weights;

  KmeansResult<T> solve(const Context& context, KmeansOptions<T> options) const {
    options.weights = {weights.data(), static_cast<std::int64_t>(weights.size())};
    return kmeans(context, view(points), options);
  }
};

template <class T = double>
Problem<T> random_problem(std::uint64_t seed, std::int64_t n, std::int64_t d) {
  Random random(seed);
  return {Points<T>::NullaryExpr(n, d, [&] { return static_cast<T>(random.normal()); }),
          random.weights(n)};
}

template <class T>
std::vector<T> values(const Array<T>& array) {
  return {array.data(), array.data() + array.size()};
}

/// Σ w ‖x − centre‖² in long double.
template <class T>
long double cost(const Problem<T>& problem, const T* centres, const std::int64_t* labels) {
  long double sum = 0;
  const auto d = problem.points.cols();
  for (Eigen::Index i = 0; i < problem.points.rows(); ++i)
    for (Eigen::Index k = 0; k < d; ++k) {
      const long double difference =
          static_cast<long double>(problem.points(i, k)) - centres[labels[i] * d + k];
      sum += (problem.weights.empty() ? 1 : problem.weights[i]) * difference * difference;
    }
  return sum;
}

template <class T>
void expect_same_bits(const KmeansResult<T>& a, const KmeansResult<T>& b) {
  EXPECT_EQ(values(a.labels), values(b.labels));
  EXPECT_EQ(values(a.centres), values(b.centres));
  EXPECT_EQ(a.objective, b.objective);
  ASSERT_EQ(a.history.size(), b.history.size());
  for (std::size_t i = 0; i < a.history.size(); ++i) {
    EXPECT_EQ(a.history[i].objective, b.history[i].objective);
    EXPECT_EQ(a.history[i].moved, b.history[i].moved);
  }
}

template <class Call>
void expect_message(const Call& call, const std::string& part) {
  try {
    call();
    ADD_FAILURE() << "nothing thrown; expected " << part;
  } catch (const InvalidArgument& error) {
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
  }
}

TEST(Kmeans, FindsSeparatedClusters) {
  const Context context = Context::cpu();
  Problem<> problem = random_problem(201, 300, 2);
  for (Eigen::Index i = 0; i < 300; ++i)
    problem.points.row(i).array() += 100.0 * static_cast<double>(i % 3);
  const auto result = problem.solve(context, {.clusters = 3, .seed = 5});
  EXPECT_EQ(result.centres.rows(), 3);
  for (Eigen::Index i = 3; i < 300; ++i) EXPECT_EQ(result.labels(i), result.labels(i % 3));
  EXPECT_LT(result.objective, 4);
}

TEST(Kmeans, StatesItsObjectiveAndIsNeverWorseThanItsStartOrARandomPartition) {
  const Context context = Context::cpu();
  Random random(202);
  for (int trial = 0; trial < 20; ++trial) {
    const std::int64_t n = 50 + 40 * trial;
    const std::int64_t k = 2 + trial;
    const Problem<> problem = random_problem(300 + trial, n, 1 + trial % 4);
    const KmeansOptions<double> options{.clusters = k, .seed = static_cast<std::uint64_t>(trial)};
    KmeansOptions<double> start = options;
    start.iterations = 0;
    const auto seeded = problem.solve(context, start);
    const auto result = problem.solve(context, options);
    const long double exact = cost(problem, result.centres.data(), result.labels.data());
    EXPECT_NEAR(static_cast<double>(exact) / result.objective, 1, 1e-12);
    EXPECT_LT(result.objective, seeded.objective);
    EXPECT_EQ(seeded.iterations, 0);

    Points<double> sums = Points<double>::Zero(k, problem.points.cols());
    std::vector<double> mass(static_cast<std::size_t>(k));
    std::vector<std::int64_t> labels(static_cast<std::size_t>(n));
    for (Eigen::Index i = 0; i < n; ++i) {
      labels[i] = i < k ? i : static_cast<std::int64_t>(random.uniform(0, static_cast<double>(k)));
      sums.row(labels[i]) += problem.weights[i] * problem.points.row(i);
      mass[labels[i]] += problem.weights[i];
    }
    for (Eigen::Index j = 0; j < k; ++j) sums.row(j) /= mass[j];
    EXPECT_LT(result.objective, static_cast<double>(cost(problem, sums.data(), labels.data())));
  }
}

template <class T>
void check_history() {
  const Context context = Context::cpu();
  for (const std::int64_t d : {1, 3, 20}) {
    const Problem<T> problem = random_problem<T>(310 + d, 3000, d);
    const auto result = problem.solve(context, {.clusters = 40, .seed = 2, .tolerance = 0});
    ASSERT_EQ(result.history.size(), static_cast<std::size_t>(result.iterations) + 1);
    EXPECT_EQ(result.history.front().moved, 3000);
    EXPECT_EQ(result.history.back().objective, result.objective);
    for (std::size_t i = 1; i < result.history.size(); ++i) {
      EXPECT_LT(result.history[i].objective, result.history[i - 1].objective);
      EXPECT_GE(result.history[i].seconds, 0);
    }
  }
}

TEST(Kmeans, ObjectiveNeverRisesInDouble) { check_history<double>(); }
TEST(Kmeans, ObjectiveNeverRisesInFloat) { check_history<float>(); }

/// Lloyd's iteration as one would write it down.
template <class T>
std::vector<std::int64_t> naive_lloyd(const Problem<T>& problem, Points<T> centres, int steps) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(problem.points.rows()));
  const auto assign = [&] {
    for (Eigen::Index i = 0; i < problem.points.rows(); ++i) {
      const auto squares =
          (centres.rowwise() - problem.points.row(i)).template cast<double>().rowwise();
      squares.squaredNorm().minCoeff(&labels[i]);
    }
  };
  assign();
  for (int step = 0; step < steps; ++step) {
    Points<double> sums = Points<double>::Zero(centres.rows(), centres.cols());
    std::vector<double> mass(static_cast<std::size_t>(centres.rows()));
    for (Eigen::Index i = 0; i < problem.points.rows(); ++i) {
      sums.row(labels[i]) += problem.weights[i] * problem.points.row(i).template cast<double>();
      mass[labels[i]] += problem.weights[i];
    }
    for (Eigen::Index j = 0; j < centres.rows(); ++j)
      centres.row(j) = (sums.row(j) / mass[j]).template cast<T>();
    assign();
  }
  return labels;
}

template <class T>
void check_against_naive() {
  const Context context = Context::cpu();
  for (const auto& [n, k, d] :
       {std::array<std::int64_t, 3>{1000, 7, 1}, {1500, 30, 2}, {2000, 50, 16}, {400, 10, 1000}}) {
    const Problem<T> problem = random_problem<T>(400 + d, n, d);
    const Points<T> start = problem.points.topRows(k);
    const auto result = problem.solve(
        context, {.clusters = k, .start = view(start), .iterations = 6, .tolerance = 0});
    const std::vector<std::int64_t> labels =
        naive_lloyd(problem, start, static_cast<int>(result.iterations));
    EXPECT_EQ(values(result.labels), labels);
  }
}

TEST(Kmeans, EqualsANaiveImplementationInDouble) { check_against_naive<double>(); }
TEST(Kmeans, EqualsANaiveImplementationInFloat) { check_against_naive<float>(); }

/// Three optimal clusters of points on a line, known by hand.
TEST(Kmeans, RespectsWeights) {
  const Context context = Context::cpu();
  const Problem<> problem{Points<double>{{0.0}, {1.0}, {10.0}, {20.0}}, {3, 1, 1, 1}};
  const auto result = problem.solve(context, {.clusters = 3});
  std::vector<double> centres = values(result.centres);
  std::sort(centres.begin(), centres.end());
  EXPECT_EQ(centres, (std::vector<double>{0.25, 10, 20}));
  EXPECT_DOUBLE_EQ(result.objective, 0.75);
}

TEST(Kmeans, WeightsAreRepeatedPoints) {
  const Context context = Context::cpu();
  Problem<> weighted = random_problem(203, 300, 3);
  std::vector<std::int64_t> origin;
  for (std::int64_t i = 0; i < 300; ++i) {
    weighted.weights[i] = static_cast<double>(i % 4);
    origin.insert(origin.end(), static_cast<std::size_t>(i % 4), i);
  }
  Problem<> repeated{Points<double>(origin.size(), 3), {}};
  for (std::size_t r = 0; r < origin.size(); ++r)
    repeated.points.row(r) = weighted.points.row(origin[r]);
  const Points<double> start = weighted.points.middleRows(1, 9);
  const KmeansOptions<double> options{.clusters = 9, .start = view(start), .iterations = 8};
  const auto a = weighted.solve(context, options);
  const auto b = repeated.solve(context, options);
  EXPECT_NEAR(a.objective / b.objective, 1, 1e-13);
  for (std::int64_t r = 0; r < b.labels.rows(); ++r) EXPECT_EQ(b.labels(r), a.labels(origin[r]));
  for (std::int64_t i = 0; i < a.centres.size(); ++i)
    EXPECT_NEAR(a.centres.data()[i], b.centres.data()[i], 1e-13);
}

TEST(Kmeans, HandlesDuplicatesZeroWeightsAndTooFewLocations) {
  const Context context = Context::cpu();
  const Problem<> doubled{Points<double>{{1.0, 2.0}, {3.0, 4.0}, {1.0, 2.0}, {3.0, 4.0}},
                          {1, 1, 1, 1}};
  const auto two = doubled.solve(context, {.clusters = 4});
  EXPECT_EQ(two.centres.rows(), 2);
  EXPECT_EQ(two.objective, 0);
  EXPECT_EQ(two.labels(0), two.labels(2));
  EXPECT_NE(two.labels(0), two.labels(1));

  const Problem<> weightless{Points<double>{{0.0}, {5.0}, {1000.0}}, {1, 1, 0}};
  const auto ignored = weightless.solve(context, {.clusters = 3});
  EXPECT_EQ(ignored.centres.rows(), 2);
  EXPECT_EQ(ignored.objective, 0);

  const Problem<> nothing{Points<double>{{7.0}, {5.0}}, {0, 0}};
  EXPECT_EQ(nothing.solve(context, {.clusters = 2}).centres.rows(), 1);

  const Problem<float> constant{Points<float>::Constant(5000, 3, 2.5f), {}};
  const auto one = constant.solve(context, {.clusters = 10});
  EXPECT_EQ(values(one.centres), (std::vector<float>{2.5f, 2.5f, 2.5f}));
  EXPECT_EQ(one.objective, 0);
  EXPECT_EQ(one.iterations, 0);
}

TEST(Kmeans, FindsEveryOfFewLocationsAmongManyPoints) {
  Problem<float> problem{Points<float>(20000, 2), {}};
  for (Eigen::Index i = 0; i < 20000; ++i)
    problem.points.row(i) << static_cast<float>(i % 10), static_cast<float>(i % 7);
  const auto result = problem.solve(Context::cpu(), {.clusters = 100});
  EXPECT_EQ(result.centres.rows(), 70);
  EXPECT_EQ(result.objective, 0);
}

TEST(Kmeans, RestartsEmptyCellsWhereTheCostIs) {
  const Context context = Context::cpu();
  const Problem<> problem{Points<double>{{0.0}, {1.0}, {50.0}, {51.0}, {100.0}}, {1, 1, 1, 1, 1}};
  const double start[] = {0, -1000, -2000};
  const auto result =
      problem.solve(context, {.clusters = 3, .start = MatrixView<const double>(start, 3, 1)});
  EXPECT_EQ(result.centres.rows(), 3);
  EXPECT_DOUBLE_EQ(result.objective, 1);
  ASSERT_GE(result.history.size(), 2u);
  EXPECT_EQ(result.history[0].re_seeded, 0);
  EXPECT_EQ(result.history[1].re_seeded, 2);
  const auto unmoved = problem.solve(
      context, {.clusters = 3, .start = MatrixView<const double>(start, 3, 1), .iterations = 0});
  EXPECT_EQ(unmoved.centres.rows(), 1);
}

TEST(Kmeans, DoesNotDependOnTheScale) {
  const Context context = Context::cpu();
  const Problem<> plain = random_problem(204, 200, 3);
  const auto reference = plain.solve(context, {.clusters = 9, .seed = 1});
  for (const int exponent : {-498, 490}) {
    Problem<> problem = plain;
    problem.points *= std::ldexp(1.0, exponent);
    for (double& w : problem.weights) w *= 0x1p-900;
    const auto result = problem.solve(context, {.clusters = 9, .seed = 1});
    EXPECT_EQ(values(result.labels), values(reference.labels));
    for (std::int64_t i = 0; i < reference.centres.size(); ++i)
      EXPECT_EQ(std::ldexp(result.centres.data()[i], -exponent), reference.centres.data()[i]);
  }
}

TEST(Kmeans, FloatSquaresMayOverflow) {
  const Context context = Context::cpu();
  const Problem<float> plain = random_problem<float>(205, 500, 4);
  const auto reference = plain.solve(context, {.clusters = 9, .seed = 1});
  for (const int exponent : {-100, 120}) {
    Problem<float> problem = plain;
    problem.points *= std::ldexp(1.0f, exponent);
    const auto result = problem.solve(context, {.clusters = 9, .seed = 1});
    EXPECT_EQ(values(result.labels), values(reference.labels));
    EXPECT_EQ(result.objective, std::ldexp(reference.objective, 2 * exponent));
  }
}

template <class T>
void check_threads() {
  for (const std::int64_t d : {2, 16}) {
    const Problem<T> problem = random_problem<T>(206 + d, 5000, d);
    const KmeansOptions<T> options{.clusters = 50, .iterations = 5};
    const auto one = problem.solve(Context::cpu({.threads = 1}), options);
    for (const int threads : {2, 8})
      expect_same_bits(one, problem.solve(Context::cpu({.threads = threads}), options));
  }
}

TEST(Kmeans, GivesTheSameBitsForAnyNumberOfThreadsInDouble) { check_threads<double>(); }
TEST(Kmeans, GivesTheSameBitsForAnyNumberOfThreadsInFloat) { check_threads<float>(); }

TEST(Kmeans, ReadsStridedViews) {
  const Context context = Context::cpu();
  const Problem<float> wide = random_problem<float>(207, 700, 6);
  const Points<float> narrow = wide.points.leftCols(4);
  const KmeansOptions<float> options{.clusters = 12};
  expect_same_bits(kmeans(context, {wide.points.data(), 700, 4, 6}, options),
                   kmeans(context, view(narrow), options));
}

TEST(Kmeans, CanBeCancelled) {
  const Problem<> problem = random_problem(208, 100, 2);
  for (const char* stage : {"seeding", "lloyd"}) {
    KmeansOptions<double> options{.clusters = 5};
    options.progress = [&](const Progress& at) { return at.stage != stage; };
    EXPECT_THROW(problem.solve(Context::cpu(), options), Cancelled);
  }
}

TEST(Kmeans, RefusesWhatMakesNoSense) {
  const Context context = Context::cpu();
  const Problem<> problem = random_problem(209, 100, 2);
  const auto solve = [&](const Problem<>& of, const KmeansOptions<double>& options) {
    return [&context, of, options] { of.solve(context, options); };
  };
  expect_message(solve(problem, {.clusters = 0}), "clusters: 0; expected at least 1");
  expect_message(solve(problem, {.clusters = 2, .iterations = -1}), "iterations: -1");
  expect_message(solve(problem, {.clusters = 2, .tolerance = -1}), "tolerance: -1");
  expect_message(solve({Points<double>(0, 2), {}}, {.clusters = 2}), "points: no coordinates");
  const double start[] = {0, 0, NAN};
  expect_message(solve(problem, {.clusters = 1, .start = MatrixView<const double>(start, 1, 3)}),
                 "start: the shape is 3; expected 2");
  expect_message(
      solve(problem, {.clusters = 1, .start = MatrixView<const double>(start + 1, 1, 2)}),
      "start[0][1]: nan");
  Problem<> bad = problem;
  bad.weights[3] = -1;
  expect_message(solve(bad, {.clusters = 2}), "weights[3]: -1; expected a number >= 0");
  bad.weights[3] = INFINITY;
  expect_message(solve(bad, {.clusters = 2}), "weights[3]: inf; expected a finite number");
  bad.weights.pop_back();
  bad.weights[3] = 1;
  expect_message(solve(bad, {.clusters = 2}), "weights: the shape is 99; expected 100");
  bad = problem;
  bad.points(7, 1) = NAN;
  expect_message(solve(bad, {.clusters = 2}), "points[7][1]: nan");
  bad.points(7, 1) = 1e160;
  expect_message(solve(bad, {.clusters = 2}), "points[7][1]: 1e+160; expected a magnitude");
  EXPECT_THROW(problem.solve(Context::cpu({.workspace_limit = 1000}), {.clusters = 2}),
               OutOfMemory);
}

TEST(Kmeans, RefusesInfiniteFloats) {
  Problem<float> problem = random_problem<float>(210, 100, 2);
  problem.points(99, 0) = -std::numeric_limits<float>::infinity();
  expect_message([&] { problem.solve(Context::cpu(), {.clusters = 2}); }, "points[99][0]: -inf");
}

}  // namespace
}  // namespace wquant
