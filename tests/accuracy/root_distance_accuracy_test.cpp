#include <gtest/gtest.h>

#include <cmath>

#include "accuracy/multiprecision.hpp"
#include "quantize/certificate/local_gaussian.hpp"
#include "support/mixtures.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using test::Real;

/// ‖A^{1/2} − diag(√b)‖_F for 2 × 2 A = diag(b) + offdiagonal e, by the closed form of the root:
/// A^{1/2} = (A + √det A · I) / √(tr A + 2√det A).
Real exact_distance(double b0, double b1, double e) {
  const Real determinant = Real(b0) * b1 - Real(e) * e;
  const Real s = sqrt(determinant);
  const Real t = sqrt(Real(b0) + b1 + 2 * s);
  const Real d0 = (b0 + s) / t - sqrt(Real(b0));
  const Real d1 = (b1 + s) / t - sqrt(Real(b1));
  const Real off = e / t;
  return sqrt(d0 * d0 + d1 * d1 + 2 * off * off);
}

double bound(double b0, double b1, double e, double extra = 0) {
  return root_distance(VectorXd{{b0, b1}}, MatrixXd{{0, e}, {e, 0}}, MatrixXd::Zero(2, 2), extra);
}

TEST(RootDistance, IsAboveTheExactOneForAnyConditionAndSizeOfDifference) {
  test::Random random(73);
  double tightest = INFINITY;
  for (int trial = 0; trial < 10'000; ++trial) {
    const double b0 = std::pow(10, random.uniform(-3, 3));
    const double b1 = b0 * std::pow(10, random.uniform(-14, 0));
    const double e =
        std::sqrt(b0 * b1) * std::pow(10, random.uniform(-12, 0)) * (trial % 2 ? 1 : -1) * 0.999;
    const Real exact = exact_distance(b0, b1, e);
    ASSERT_GE(Real(bound(b0, b1, e)), exact) << b0 << ' ' << b1 << ' ' << e;
    tightest = std::min(tightest, static_cast<double>(Real(bound(b0, b1, e)) / exact));
  }
  EXPECT_LT(tightest, 1.001);
}

TEST(RootDistance, IsSharpForSmallDifferences) {
  EXPECT_NEAR(bound(1, 1, 1e-6), static_cast<double>(exact_distance(1, 1, 1e-6)), 1e-11);
  EXPECT_NEAR(bound(4, 1e-8, 1e-12), static_cast<double>(exact_distance(4, 1e-8, 1e-12)), 1e-16);
}

TEST(RootDistance, LeavesUntouchedDimensionsAlone) {
  EXPECT_EQ(bound(1, 0, 0), 0);
  EXPECT_EQ(bound(0, 0, 0), 0);
  MatrixXd difference = MatrixXd::Zero(3, 3);
  difference(0, 1) = difference(1, 0) = 1e-10;
  const double distance =
      root_distance(VectorXd{{1.0, 1.0, 0.0}}, difference, MatrixXd::Zero(3, 3), 0);
  EXPECT_LT(distance, 1e-10);
}

TEST(RootDistance, UnknownDifferencesFallBackOnPowersStormer) {
  // ‖F‖_F ≤ 1e-16 beside a zero variance: A may have 1e-16 there, a root of 1e-8.
  const double distance = bound(1, 0, 0, 1e-16);
  EXPECT_GE(distance, 1e-8);
  EXPECT_LE(distance, 2e-8);
}

}  // namespace
}  // namespace wquant
