#include "quantize/certificate/local_gaussian.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kSlack = 1e-12;

TEST(RootDistance, IsAboveThatOfKnownRoots) {
  const MatrixXd none = MatrixXd::Zero(2, 2);
  const VectorXd unit = VectorXd::Ones(2);
  EXPECT_EQ(root_distance(unit, none, none, 0), 0);
  EXPECT_EQ(root_distance(VectorXd(0), MatrixXd(0, 0), MatrixXd(0, 0), 0), 0);
  // diag(9, 1) against diag(4, 1): 3 − 2.
  const double diagonal =
      root_distance(VectorXd{{4.0, 1.0}}, MatrixXd{{5.0, 0.0}, {0.0, 0.0}}, none, 0);
  EXPECT_GE(diagonal, 1);
  EXPECT_LE(diagonal, 1.6);
  // (1 t; t 1) has the eigenvalues 1 ± t; to first order the distance is t / √2.
  for (const double t : {1e-9, 1e-3, 0.5, 1.0}) {
    const MatrixXd off{{0.0, t}, {t, 0.0}};
    const double exact = std::hypot(std::sqrt(1 + t) - 1, std::sqrt(1 - t) - 1);
    EXPECT_GE(root_distance(unit, off, none, 0), exact * (1 - 1e-6)) << t;
    EXPECT_LE(root_distance(unit, off, none, 0), (t < 0.1 ? 1.01 : 1.5) * exact) << t;
  }
}

TEST(RootDistance, GrowsWithWhatIsNotKnown) {
  const MatrixXd none = MatrixXd::Zero(1, 1);
  const VectorXd four = VectorXd::Constant(1, 4);
  const double by_error = root_distance(four, none, MatrixXd::Constant(1, 1, 0.01), 0);
  EXPECT_GE(by_error, 2 - std::sqrt(3.99));
  EXPECT_LE(by_error, 0.00251);
  EXPECT_GE(root_distance(four, none, none, 0.01), 2 - std::sqrt(3.99));
  // About 0 the root of all that is not known is left.
  EXPECT_GE(root_distance(VectorXd::Zero(1), none, none, 0.01), 0.1);
}

/// N((1, 2), Σ) of the plane.
GaussianMixture plane(const std::vector<double>& covariance) {
  const double one[] = {1};
  const double mean[] = {1, 2};
  return GaussianMixture::full(Context::cpu(), {one, 1}, {mean, 1, 2},
                               {covariance.data(), 1, 2, 2});
}

const LocalFrame kFirst{VectorXd::Unit(2, 0), VectorXd::Zero(2), 0};

TEST(LocalGaussian, OfIndependentCoordinatesDropsTheOthers) {
  const LocalGaussian local = project(plane({4, 0, 0, 9}), 0, kFirst, 1);
  EXPECT_EQ(local.mean[0], 1);
  EXPECT_EQ(local.variance[0], 4);
  EXPECT_LT(local.basis, kSlack);
  EXPECT_NEAR(local.dropped, 9 + 2 * 2, kSlack);
  EXPECT_GE(local.dropped, 13);
  EXPECT_NEAR(local.dropped_mean, 4, kSlack);
  EXPECT_NEAR(local.trace, 13, kSlack);
  EXPECT_NEAR(local.distance, std::sqrt(5.0), kSlack);
  EXPECT_LT(local.mean_rounding, kSlack);
  EXPECT_LT(local.regression, kSlack);
}

/// (4 2; 2 9): the first coordinate explains 2² / 4 of the variance of the second.
TEST(LocalGaussian, KnowsWhatTheCoordinatesExplainAcross) {
  const LocalGaussian local = project(plane({4, 2, 2, 9}), 0, kFirst, 1);
  EXPECT_NEAR(local.variance[0], 4, kSlack);
  EXPECT_NEAR(local.dropped, 13, kSlack);
  EXPECT_NEAR(local.regression, 1, 1e-9);
  EXPECT_GE(local.regression, 1);
}

TEST(LocalGaussian, ChargesWhatTheStandInLacks) {
  const LocalFrame both{MatrixXd::Identity(2, 2), VectorXd::Zero(2), 0};
  const LocalGaussian correlated = project(plane({1, 0.5, 0.5, 1}), 0, both, 1);
  EXPECT_GE(correlated.basis, std::hypot(std::sqrt(1.5) - 1, std::sqrt(0.5) - 1));
  EXPECT_EQ(correlated.dropped, 0);
  const VectorXd wider{{9.0, 1.0}};
  EXPECT_GE(project(plane({4, 0, 0, 1}), 0, both, 1, &wider).basis, 1);  // 3 − 2
}

TEST(LocalGaussian, IsInTheUnitGiven) {
  const LocalGaussian halved = project(plane({4, 0, 0, 9}), 0, kFirst, 2);
  EXPECT_EQ(halved.mean[0], 0.5);
  EXPECT_EQ(halved.variance[0], 1);
  EXPECT_NEAR(halved.dropped, 13.0 / 4, kSlack);
}

}  // namespace
}  // namespace wquant
