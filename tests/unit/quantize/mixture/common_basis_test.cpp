// Covers also: marginals.
#include "quantize/mixture/common_basis.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "quantize/mixture/marginals.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;

/// Two Gaussians about 0 with these covariances (2 × 2 each).
GaussianMixture pair_of(const Context& context, const std::vector<double>& covariances) {
  const double weights[] = {0.5, 0.5};
  const double means[] = {0, 0, 0, 0};
  return GaussianMixture::full(context, {weights, 2}, {means, 2, 2}, {covariances.data(), 2, 2, 2});
}

/// Columns (1, 1) and (1, −1) over √2.
MatrixXd diagonals() { return MatrixXd{{1.0, 1.0}, {1.0, -1.0}} / std::sqrt(2.0); }

/// The average 2 I of both has no axes, and neither has the total covariance.
TEST(CommonBasis, IsFoundWhereTheAverageDoesNotShowIt) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = pair_of(context, {2, 1, 1, 2, 2, -1, -1, 2});
  EXPECT_FALSE(diagonalises(mixture, MatrixXd::Identity(2, 2)));
  EXPECT_TRUE(diagonalises(mixture, diagonals()));
  for (const std::uint64_t seed : {0, 1, 2}) {
    const MatrixXd basis = common_basis(context, mixture, seed);
    EXPECT_TRUE(diagonalises(mixture, basis));
    EXPECT_LT((basis.cwiseAbs() - diagonals().cwiseAbs()).norm(), 1e-7);
    EXPECT_LT((basis.transpose() * basis - MatrixXd::Identity(2, 2)).norm(), 1e-14);
  }
}

/// (2.5 0.5; 0.5 1.5) is the average of (2 1; 1 2) and diag(3, 1), which do not commute.
TEST(CommonBasis, IsThatOfTheAverageWhereThereIsNone) {
  const Context context = Context::cpu();
  const GaussianMixture mixture = pair_of(context, {2, 1, 1, 2, 3, 0, 0, 1});
  const MatrixXd basis = common_basis(context, mixture, 0);
  EXPECT_FALSE(diagonalises(mixture, basis));
  EXPECT_TRUE(diagonalises(mixture, 0, diagonals()));
  EXPECT_FALSE(diagonalises(mixture, 1, diagonals()));
  const MatrixXd average{{2.5, 0.5}, {0.5, 1.5}};
  EXPECT_NEAR((basis.transpose() * average * basis)(0, 1), 0, 1e-14);
}

/// Of equal variances any axes will do: those along which the means lie are taken.
TEST(CommonBasis, FollowsTheMeansWhereCovariancesLeaveAChoice) {
  const Context context = Context::cpu();
  const double weights[] = {0.5, 0.5};
  const double means[] = {1, 2, -3, -6};
  const double ones[] = {1, 1, 1, 1};
  const auto mixture =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 2}, {ones, 2, 2});
  const MatrixXd basis = common_basis(context, mixture, 0);
  EXPECT_NEAR(std::fabs(basis(0, 0)), std::sqrt(0.2), 1e-14);  // (1, 2) / √5
  EXPECT_NEAR(std::fabs(basis(1, 0)), std::sqrt(0.8), 1e-14);
}

TEST(Marginals, AreMeansAndDeviationsAlongTheColumns) {
  const Context context = Context::cpu();
  const double weights[] = {0.5, 0.5};
  const double means[] = {7, 7, 1, 2};
  const double variances[] = {1, 1, 4, 9};
  const auto diagonal =
      GaussianMixture::diagonal(context, {weights, 2}, {means, 2, 2}, {variances, 2, 2});
  const Marginals along = marginals(diagonal, {1}, diagonals(), {1, 0});
  EXPECT_NEAR(along.means(0, 0), std::sqrt(2.0), 1e-15);  // of (0, 2)
  EXPECT_NEAR(along.means(0, 1), -std::sqrt(2.0), 1e-15);
  EXPECT_NEAR(along.deviations(0, 0), std::sqrt(6.5), 1e-15);
  EXPECT_NEAR(along.deviations(0, 1), std::sqrt(6.5), 1e-15);
  const GaussianMixture full = pair_of(context, {2, 1, 1, 2, 3, 0, 0, 1});
  const Marginals both = marginals(full, {0, 1}, diagonals().leftCols(1), {0, 0});
  EXPECT_NEAR(both.deviations(0, 0), std::sqrt(3.0), 1e-14);
  EXPECT_NEAR(both.deviations(1, 0), std::sqrt(2.0), 1e-14);
}

}  // namespace
}  // namespace wquant
