#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "backend/backend.hpp"
#include "quantize/mixture/component_order.hpp"
#include "quantize/points/component_grids.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using test::centred_gaussian;
using test::PlainMixture;
using test::Random;
using test::VectorXd;

Quantization lloyd(const Context& context, const GaussianMixture& mixture, std::int64_t support,
                   std::int64_t fine_support = 0) {
  return quantize(
      context, mixture,
      {.support = support, .family = SchemeFamily::lloyd, .fine_support = fine_support});
}

const FreePoints& points_of(const Scheme& scheme) {
  return std::get<FreePoints>(scheme.layers().front().pattern);
}

bool same_bytes(const Array<double>& a, const Array<double>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), sizeof(double) * static_cast<std::size_t>(a.size())) == 0;
}

/// E‖X − c‖² = Σ p v + Σ p ‖m − c‖² where the fine points are the means of their cells.
TEST(LloydScheme, CostIsThatOfTheCellsAndOfTheirMeans) {
  const Context context = Context::cpu();
  Random random(1001);
  for (const std::int64_t d : {1, 2, 4})
    for (const std::int64_t count : {1, 3, 30}) {
      const auto mixture = random.mixture(count, d, 2).build(context);
      const auto result = lloyd(context, mixture, 20, 3000);
      std::vector<std::int64_t> all(static_cast<std::size_t>(count));
      std::iota(all.begin(), all.end(), 0);
      const auto ordered = mixture.select(canonical_order(mixture, all));
      const auto fine = apply(
          context, fine_scheme(context, ordered, points_of(result.scheme).fine_support()), ordered);
      const std::int64_t n = fine.distribution.size();
      std::vector<std::int64_t> labels(static_cast<std::size_t>(n));
      std::vector<double> squares(labels.size());
      context.backend().nearest(fine.distribution.locations().view(),
                                points_of(result.scheme).locations(), {labels.data(), n},
                                {squares.data(), n});
      double cost = fine.certificate.cells + fine.certificate.dropped;
      for (std::int64_t f = 0; f < n; ++f)
        cost += fine.distribution.probabilities()(f) * squares[f];
      EXPECT_NEAR(result.certificate.cells + result.certificate.dropped, cost, 1e-10 * cost);
      EXPECT_LT(fine.certificate.centroid_gap, 1e-9);
    }
}

/// W₂² between a mixture on the line and points x_j: Σ_j ∫ (x − x_j)² dF between the quantiles of
/// the cumulative probabilities.
double line_distance(const PlainMixture& plain, const DiscreteDistribution& points) {
  const auto sum = [&](double z, auto&& term) {
    double out = 0;
    for (std::size_t i = 0; i < plain.weights.size(); ++i) {
      const double s = std::sqrt(plain.covariances[i](0, 0));
      out += plain.weights[i] * term(plain.means[i][0], s, (z - plain.means[i][0]) / s);
    }
    return out;
  };
  const auto mass = [](double, double, double t) { return std::erfc(-t / std::sqrt(2)) / 2; };
  const auto first = [&](double m, double s, double t) {
    const double density = std::exp(-t * t / 2) / std::sqrt(2 * M_PI);
    return m * mass(m, s, t) - s * density;
  };
  std::vector<std::int64_t> order(static_cast<std::size_t>(points.size()));
  std::iota(order.begin(), order.end(), 0);
  const auto x = [&](std::int64_t j) { return points.locations()(j, 0); };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return x(a) < x(b); });
  double square = sum(0, [](double m, double s, double) { return m * m + s * s; });
  double cumulative = 0, moment = 0;
  for (std::size_t at = 0; at < order.size(); ++at) {
    const std::int64_t j = order[at];
    cumulative += points.probabilities()(j);
    double low = -100, high = 100;
    for (int step = 0; step < 100 && at + 1 < order.size(); ++step)
      (sum((low + high) / 2, mass) < cumulative ? low : high) = (low + high) / 2;
    const double next = sum(high, first);
    square += points.probabilities()(j) * x(j) * x(j) - 2 * x(j) * (next - moment);
    moment = next;
  }
  return std::sqrt(square);
}

TEST(LloydScheme, IsTheDistanceOnTheLine) {
  const Context context = Context::cpu();
  Random random(1002);
  for (const std::int64_t count : {1, 2, 5})
    for (const std::int64_t support : {2, 7, 40}) {
      const PlainMixture plain = random.mixture(count, 1, 2);
      const auto result = lloyd(context, plain.build(context), support);
      const double exact = line_distance(plain, result.distribution);
      EXPECT_GE(result.certificate.w2, exact * (1 - 1e-9)) << count << ' ' << support;
      EXPECT_LE(result.certificate.w2, exact * 1.02) << count << ' ' << support;
    }
}

TEST(LloydScheme, BeatsGrids) {
  const Context context = Context::cpu();
  EXPECT_LT(lloyd(context, centred_gaussian(VectorXd::Ones(2)).build(context), 100).certificate.w2,
            0.2);
  Random random(1003);
  for (const std::int64_t d : {1, 2, 3}) {
    const auto mixture = random.mixture(8, d, 2).build(context);
    const double grids =
        quantize(context, mixture, {.support = 60, .family = SchemeFamily::per_component})
            .certificate.w2;
    EXPECT_LT(lloyd(context, mixture, 60).certificate.w2, grids) << d;
  }
}

TEST(LloydScheme, IsTheSameForAnyNumberOfThreads) {
  Random random(1004);
  const PlainMixture plain = random.mixture(12, 3, 2);
  const Context one = Context::cpu({.threads = 1}), four = Context::cpu({.threads = 4});
  const auto a = lloyd(one, plain.build(one), 90);
  const auto b = lloyd(four, plain.build(four), 90);
  EXPECT_TRUE(same_bytes(a.distribution.locations(), b.distribution.locations()));
  EXPECT_TRUE(same_bytes(a.distribution.probabilities(), b.distribution.probabilities()));
  EXPECT_EQ(a.certificate.w2, b.certificate.w2);
}

/// Also where components are equal in all but their place, or their eigenvectors.
TEST(LloydScheme, IsTheSameForAnyOrderOfTheComponents) {
  const Context context = Context::cpu();
  Random random(1005);
  PlainMixture plain = random.mixture(9, 2, 2);
  plain.weights.assign(9, 0.125);
  plain.weights[0] = plain.weights[1] = 0.0625;
  plain.means[2] = plain.means[3] = plain.means[4];
  plain.covariances[2] = plain.covariances[3];
  const PlainMixture given = plain;
  for (const std::vector<std::size_t>& order :
       {std::vector<std::size_t>{8, 7, 6, 5, 4, 3, 2, 1, 0}, {4, 0, 2, 8, 3, 1, 7, 5, 6}}) {
    for (std::size_t i = 0; i < 9; ++i) {
      plain.weights[i] = given.weights[order[i]];
      plain.means[i] = given.means[order[i]];
      plain.covariances[i] = given.covariances[order[i]];
    }
    const auto a = lloyd(context, given.build(context), 50);
    const auto b = lloyd(context, plain.build(context), 50);
    EXPECT_TRUE(same_bytes(a.distribution.locations(), b.distribution.locations()));
    EXPECT_TRUE(same_bytes(a.distribution.probabilities(), b.distribution.probabilities()));
    EXPECT_NEAR(a.certificate.w2, b.certificate.w2, 1e-13 * a.certificate.w2);
  }
}

TEST(LloydScheme, KeepsToTheSupportAndSumsToOne) {
  const Context context = Context::cpu();
  Random random(1006);
  for (const std::int64_t support : {1, 2, 7, 200, 1000}) {
    const auto result = lloyd(context, random.mixture(10, 3, 2).build(context), support);
    EXPECT_LE(result.distribution.size(), support);
    EXPECT_GT(result.distribution.size(), support * 9 / 10);
    const auto p = result.distribution.probabilities().view();
    double sum = 0;
    for (std::int64_t a = 0; a < p.rows; ++a) sum += p(a, 0);
    EXPECT_NEAR(sum, 1, 1e-12);
    EXPECT_LT(result.certificate.centroid_gap, result.certificate.w2);
  }
}

/// To the square root of the rounding of probabilities.
TEST(LloydScheme, OfPointMassesIsExactWithAPointForEach) {
  const Context context = Context::cpu();
  PlainMixture plain{
      {0.2, 0.3, 0.5}, {VectorXd{{0.0, 0.0}}, VectorXd{{1.0, 0.0}}, VectorXd{{10.0, 3.0}}}, {}};
  plain.covariances.assign(3, test::MatrixXd::Zero(2, 2));
  const auto mixture = plain.build(context);
  EXPECT_LT(lloyd(context, mixture, 5).certificate.w2, 2e-6);
  // The two near ones become one point at a cost of 0.2 · 0.6² + 0.3 · 0.4².
  const auto two = lloyd(context, mixture, 2);
  EXPECT_NEAR(two.certificate.w2, std::sqrt(0.2 * 0.36 + 0.3 * 0.16), 2e-6);
}

/// Few cells, or fewer than points, are what was asked for.
TEST(LloydScheme, TakesTheFineStageThatItIsGiven) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd{{1.0, 0.5}}).build(context);
  const auto few = lloyd(context, mixture, 100, 9);
  EXPECT_EQ(few.distribution.size(), 9);
  EXPECT_EQ(points_of(few.scheme).fine_support(), 9);
  const double coarse = lloyd(context, mixture, 100, 400).certificate.w2;
  EXPECT_LT(lloyd(context, mixture, 100, 100'000).certificate.w2, coarse);
  EXPECT_THROW(lloyd(context, mixture, 100, -1), InvalidArgument);
}

TEST(LloydScheme, IsThatOfThePointsByComponentWhereTheFineStageDoesNotFit) {
  const Context small = Context::cpu({.workspace_limit = 10'000});
  Random random(1010);
  const auto mixture = random.mixture(3, 3, 2).build(small);
  const Quantization result = lloyd(small, mixture, 40);
  const Quantization by_component =
      quantize(small, mixture, {.support = 40, .family = SchemeFamily::per_component});
  EXPECT_EQ(result.certificate.w2, by_component.certificate.w2);
  EXPECT_LT(lloyd(Context::cpu(), mixture, 40).certificate.w2, result.certificate.w2);
}

TEST(LloydScheme, WeightlessComponentsAreNothing) {
  const Context context = Context::cpu();
  Random random(1007);
  PlainMixture plain = random.mixture(4, 2, 2);
  plain.weights = {0.5, 0, 0.5, 0};
  const PlainMixture without{
      {0.5, 0.5}, {plain.means[0], plain.means[2]}, {plain.covariances[0], plain.covariances[2]}};
  const double alone = lloyd(context, without.build(context), 50).certificate.w2;
  EXPECT_LT(lloyd(context, plain.build(context), 50).certificate.w2, 1.05 * alone);
}

TEST(LloydScheme, MeetsAToleranceWithNearlyAsFewPointsAsDo) {
  const Context context = Context::cpu();
  Random random(1008);
  for (const std::int64_t count : {1, 5}) {
    const auto mixture = random.mixture(count, 2, 2).build(context);
    for (const std::int64_t support : {1, 6, 40}) {
      const double tolerance = lloyd(context, mixture, support).certificate.w2 * 1.0001;
      const auto found =
          quantize(context, mixture, {.tolerance = tolerance, .family = SchemeFamily::lloyd});
      EXPECT_LE(found.certificate.w2, tolerance);
      EXPECT_LE(found.distribution.size(), support + 1 + support / 20) << count;
    }
  }
}

TEST(LloydScheme, CanBeCancelled) {
  const Context context = Context::cpu();
  const auto mixture = centred_gaussian(VectorXd::Ones(2)).build(context);
  int calls = 0;
  const QuantizeOptions options{.support = 50,
                                .family = SchemeFamily::lloyd,
                                .progress = [&](const Progress&) { return ++calls < 5; }};
  EXPECT_THROW(quantize(context, mixture, options), Cancelled);
}

}  // namespace
}  // namespace wquant
