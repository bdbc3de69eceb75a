// Covers also: numerics/ascent_terms.
#include "quantize/mixture/mode_ascent.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "numerics/ascent_terms.hpp"

namespace wquant {
namespace {

using Indices = std::vector<std::int64_t>;

TEST(Apart, KeepsTheFirstOfThoseThatAreNear) {
  EXPECT_EQ(apart({0, 0.5, 1.2, 0.9, 3}, 1, 1), (Indices{0, 2, 4}));
  EXPECT_EQ(apart({-0.1, 0.1, 0.9}, 1, 0.5), (Indices{0, 2}));
  EXPECT_EQ(apart({1, 1, 1}, 1, 0), (Indices{0, 1, 2}));
  EXPECT_EQ(apart({0, 0, 0, 0, 0, 0, 0, 5}, 4, 1), (Indices{0, 1}));  // by the fourth coordinate
}

TEST(Apart, IsWhatComparingAllPairsGives) {
  for (const std::int64_t d : {1, 2, 3, 5}) {
    std::vector<double> points;
    for (std::uint64_t k = 0; k < 300; ++k) points.push_back(4 * uniform(9, k) - 2);
    Indices kept;
    for (std::int64_t i = 0; i < 300 / d; ++i) {
      const bool met = std::any_of(kept.begin(), kept.end(), [&](std::int64_t j) {
        double square = 0;
        for (std::int64_t k = 0; k < d; ++k)
          square += std::pow(points[i * d + k] - points[j * d + k], 2);
        return square <= 0.49;
      });
      if (!met) kept.push_back(i);
    }
    EXPECT_EQ(apart(points, d, 0.7), kept) << d;
  }
}

/// 200 components in the plane, in this order or back to front.
GaussianMixture many(bool reversed) {
  const std::vector<double> weights(200, 1.0 / 200);
  std::vector<double> means, variances;
  for (std::uint64_t j = 0; j < 200; ++j) {
    const std::uint64_t i = reversed ? 199 - j : j;
    for (const std::uint64_t k : {2 * i, 2 * i + 1}) {
      means.push_back(20 * uniform(4, k));
      variances.push_back(0.1 + uniform(5, k));
    }
  }
  return GaussianMixture::diagonal(Context::cpu(), {weights.data(), 200}, {means.data(), 200, 2},
                                   {variances.data(), 200, 2});
}

TEST(AscentTables, DoNotDependOnTheOrderGivenAndAreInTheirUnit) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = many(false);
  const AscentTables tables(context, mixture, 1);
  const AscentTables halved(context, mixture, 2);
  EXPECT_EQ(tables.means(), AscentTables(context, many(true), 1).means());
  for (std::size_t k = 0; k < 400; ++k) EXPECT_EQ(halved.means()[k], tables.means()[k] / 2);
  EXPECT_NEAR(halved.view().log_factors[0], tables.view().log_factors[0] + 2 * std::log(2), 1e-14);
}

TEST(AscentTables, BlocksBoundTheirComponentsAndSparePassingOverThem) {
  const GaussianMixture mixture = many(false);
  const AscentTables tables(Context::cpu(), mixture, 1);
  const AscentMixture& view = tables.view();
  ASSERT_EQ(view.block_deviations.size, 4);
  double far_below = 0;
  for (std::uint64_t s = 0; s < 100; ++s) {
    const double x[] = {20 * uniform(6, 2 * s), 20 * uniform(6, 2 * s + 1)};
    double largest = -INFINITY;
    double least_bound = INFINITY;
    for (std::int64_t i = 0; i < 200; ++i) {
      double l = view.log_factors[i];
      for (std::int64_t k = 0; k < 2; ++k)
        l -= std::pow((x[k] - view.components.means(i, k)) / view.components.deviations(i, k), 2) /
             2;
      const double bound = block_bound(view, i / kAscentBlock, x);
      EXPECT_GE(bound, l - 1e-12);
      largest = std::max(largest, l);
      least_bound = std::min(least_bound, bound);
    }
    far_below += least_bound < largest - 12 ? 1 : 0;
  }
  EXPECT_GT(far_below, 50);
}

/// Of N(0, 1) and N(10, 4), weighted 2 : 1, the modes are next to the means; both halves of each
/// flank lead there, and the first is the higher.
TEST(Ascend, EndsInTheModes) {
  const Context context = Context::cpu();
  const double weights[] = {2.0 / 3, 1.0 / 3};
  const double means[] = {0, 10};
  const double variances[] = {1, 4};
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 1}, {variances, 2, 1});
  const AscentTables tables(context, mixture, 1);
  int checks = 0;
  const Summits summits =
      ascend(context, tables, {9, 1, -2, 11.5, 0.1}, 1e-9, 1000, [&](double) { ++checks; });
  ASSERT_EQ(summits.locations.size(), 2u);
  EXPECT_TRUE(summits.converged);
  EXPECT_NEAR(summits.locations[0], 0, 1e-4);
  EXPECT_NEAR(summits.locations[1], 10, 1e-4);
  EXPECT_NEAR(summits.log_densities[0], std::log(2.0 / 3 / std::sqrt(2 * std::acos(-1.0))), 1e-4);
  EXPECT_TRUE(summits.concave[0] && summits.concave[1]);
  EXPECT_GT(checks, 0);
  EXPECT_FALSE(ascend(context, tables, {4}, 1e-9, 1, [](double) {}).converged);
}

}  // namespace
}  // namespace wquant
