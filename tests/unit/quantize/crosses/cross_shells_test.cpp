#include "quantize/crosses/cross_shells.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "quantize/points/cross_radii.hpp"
#include "support/golden.hpp"

namespace wquant {
namespace {

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(CrossShells, ReproduceTheReference) {
  for (const auto& row : test::golden()["crosses"]) {
    const auto active = test::flatten(row["active"]);
    const auto weights = test::flatten(row["weights_per_radius"]);
    const auto n = static_cast<std::int64_t>(active.size());
    const CrossShells shells = coordinate_shells(n, test::flatten(row["radii"]));
    ASSERT_EQ(shells.mass.size(), weights.size());
    for (std::size_t j = 0; j < weights.size(); ++j)
      EXPECT_NEAR(shells.mass[j] / static_cast<double>(2 * n), weights[j], 1e-13) << row;
    const double squared = sum(active) * shells.factor + sum(test::flatten(row["inactive"]));
    EXPECT_NEAR(std::sqrt(squared), row["w2"].get<double>(), 1e-12) << row;
  }
}

TEST(CrossShells, MassesSumToOne) {
  for (const std::int64_t n : {1, 2, 10, 256, 10'000})
    for (const std::int64_t m : {1, 3, 40, 5000}) {
      const auto coordinate = coordinate_shells(n, optimal_cross_radii(n, m));
      const auto norm = norm_shells(n, paper_cross_radii(n, m));
      EXPECT_NEAR(sum(coordinate.mass), 1, sum(coordinate.mass_error)) << n << ' ' << m;
      EXPECT_NEAR(sum(norm.mass), 1, sum(norm.mass_error)) << n << ' ' << m;
      EXPECT_LT(sum(coordinate.mass_error), 1e-13) << n << ' ' << m;
      EXPECT_LT(sum(norm.mass_error), 1e-12) << n << ' ' << m;
    }
}

/// E max |Z_k| of two is 2/√π, and of one √(2/π).
TEST(CrossShells, UnscentedSetHasTheKnownFactor) {
  const double pi = std::acos(-1.0);
  const auto one = norm_shells(1, {1});
  const auto two = norm_shells(2, {std::sqrt(2.0)});
  EXPECT_EQ(two.mass[0], 1);
  EXPECT_NEAR(one.factor, 2 - 2 * std::sqrt(2 / pi), 1e-12);
  EXPECT_NEAR(two.factor, 2 - 2 * (2 / std::sqrt(pi)) / std::sqrt(2.0), 1e-12);
}

TEST(CrossShells, OptimalRadiiAreNeverWorse) {
  for (const std::int64_t n : {1, 2, 3, 10, 64, 256})
    for (const std::int64_t m : {1, 2, 3, 5}) {
      const double optimal = coordinate_shells(n, optimal_cross_radii(n, m)).factor;
      const auto paper = paper_cross_radii(n, m);
      const double unscented = norm_shells(n, {std::sqrt(static_cast<double>(n))}).factor;
      const double coordinate = coordinate_shells(n, paper).factor;
      EXPECT_LE(optimal, coordinate * (1 + 1e-12)) << n << ' ' << m;
      EXPECT_LE(optimal, norm_shells(n, paper).factor * (1 + 1e-12)) << n << ' ' << m;
      EXPECT_LE(optimal, unscented) << n << ' ' << m;
    }
}

/// More radii never hurt, and no radii beat the part of the other coordinates.
TEST(CrossShells, FactorFallsWithTheNumberOfRadii) {
  for (const std::int64_t n : {1, 2, 10, 256})
    for (const std::int64_t m : {1, 2, 3, 8, 30})
      EXPECT_LT(coordinate_shells(n, optimal_cross_radii(n, m + 1)).factor,
                coordinate_shells(n, optimal_cross_radii(n, m)).factor);
}

TEST(CrossShells, CentroidGapIsWhatOneLloydStepSavesAtLeast) {
  for (const std::int64_t n : {1, 3, 64}) {
    const std::vector<double> radii = {1, 2, 2.5};
    const CrossShells before = coordinate_shells(n, radii);
    const double best = coordinate_shells(n, optimal_cross_radii(n, 3)).factor;
    EXPECT_GT(before.centroid_gap, 1e-4);
    EXPECT_GE(before.factor - before.centroid_gap, best);
  }
}

}  // namespace
}  // namespace wquant
