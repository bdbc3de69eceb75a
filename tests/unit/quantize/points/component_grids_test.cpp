#include "quantize/points/component_grids.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

const double kHalves[] = {0.5, 0.5};

/// N((0, 0), diag(4, 1)) and N((100, 0), diag(4, 4 · 10⁻⁸)).
GaussianMixture two() {
  const double means[] = {0, 0, 100, 0};
  const double variances[] = {4, 1, 4, 4e-8};
  return GaussianMixture::diagonal(Context::cpu(), {kHalves, 2}, {means, 2, 2}, {variances, 2, 2});
}

const Grid& grid_of(const Layer& layer) { return std::get<Grid>(layer.pattern); }

TEST(KeptVariances, LeaveOutWhatIsSmallBesideTheLargest) {
  EXPECT_EQ(kept_variances(two(), 1e-6), (std::vector<double>{4, 1, 4, 0}));
  EXPECT_EQ(kept_variances(two(), 0), (std::vector<double>{4, 1, 4, 4e-8}));
}

TEST(Eigenbases, AreTheUnitMatrixWhereNoneIsStored) {
  const GaussianMixture mixture = two();
  const Eigenbases bases(mixture);
  for (std::int64_t a = 0; a < 2; ++a)
    for (std::int64_t b = 0; b < 2; ++b) EXPECT_EQ(bases[1](a, b), a == b ? 1 : 0);
  const double turned[] = {0.6, -0.8, 0.8, 0.6};
  const double one[] = {1};
  const double zeros[] = {0, 0};
  const auto stored = GaussianMixture::eigen(Context::cpu(), {one, 1}, {zeros, 1, 2},
                                             {kHalves, 1, 2}, {turned, 1, 2, 2});
  EXPECT_EQ(Eigenbases(stored)[0](0, 1), -0.8);
}

/// Two points on the first direction, one on the second: ±√(2/π) deviations from the offset.
TEST(GaussianGrid, HasTheOptimalPointsOfTheNormalDistribution) {
  const double basis[] = {0.6, -0.8, 0.8, 0.6};
  const double variances[] = {4, 1};
  const Grid grid = gaussian_grid({basis, 2, 2}, {variances, 2}, {2, 1}, {10, 20});
  ASSERT_EQ(grid.axes().rank(), 1);
  EXPECT_EQ(grid.axes().scales(), std::vector<double>{2});
  const double reach = 2 * std::sqrt(2 / std::acos(-1.0));
  EXPECT_NEAR(grid.location(0)[0], 10 - 0.6 * reach, 1e-14);
  EXPECT_NEAR(grid.location(1)[1], 20 + 0.8 * reach, 1e-14);
  EXPECT_EQ(gaussian_grid({basis, 2, 2}, {variances, 2}, {1, 1}, {10, 20}).location(0),
            (std::vector<double>{10, 20}));
}

TEST(ComponentGrids, ShareTheBudgetAndSpareDirectionsWithoutVariance) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = two();
  const Scheme scheme = component_grids(context, mixture, 12, 1e-6);
  ASSERT_EQ(scheme.layers().size(), 2u);
  EXPECT_LE(scheme.support(), 12);
  EXPECT_GE(scheme.support(), 10);
  EXPECT_EQ(scheme.layers()[1].components, std::vector<std::int64_t>{1});
  EXPECT_EQ(grid_of(scheme.layers()[0]).axes().rank(), 2);
  EXPECT_EQ(grid_of(scheme.layers()[1]).axes().rank(), 1);
  EXPECT_EQ(grid_of(scheme.layers()[1]).axes().offset(), (std::vector<double>{100, 0}));
  EXPECT_EQ(component_grids(context, mixture, 1, 0).support(), 1);
  EXPECT_LE(fine_scheme(context, mixture, 50).support(), 50);
}

TEST(ComponentGrids, CurvesAreThoseOfTheirRows) {
  const double variances[] = {4, 1, 4, 0};
  const DistortionCurves curves = component_curves({variances, 2, 2});
  EXPECT_EQ(curves(0, 9), grid_distortions({variances, 2}, 9));
  EXPECT_NEAR(curves(1, 9)[9], 4 * normal_distortion(9), 1e-15);
}

TEST(MergedPoints, AreTheMeansOfTheGroups) {
  const double weights[] = {0.25, 0.25, 0.5};
  const double means[] = {0, 2, 10};
  const double ones[] = {1, 1, 1};
  const Context context = Context::cpu();
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 3}, {means, 3, 1}, {ones, 3, 1});
  const Scheme scheme = merged_points(context, mixture, 2);
  ASSERT_EQ(scheme.layers().size(), 2u);
  EXPECT_EQ(grid_of(scheme.layers()[0]).location(0), std::vector<double>{1});
  EXPECT_EQ(scheme.layers()[0].components, (std::vector<std::int64_t>{0, 1}));
  EXPECT_EQ(grid_of(scheme.layers()[1]).location(0), std::vector<double>{10});
}

}  // namespace
}  // namespace wquant
