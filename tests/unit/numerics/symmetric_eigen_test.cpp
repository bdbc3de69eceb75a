#include "numerics/symmetric_eigen.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/mixtures.hpp"

namespace wquant {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST(SymmetricEigen, FactorsComeBackAscending) {
  test::Random random(31);
  for (const std::int64_t d : {1, 2, 5, 40}) {
    const MatrixXd a = random.covariance(d);
    const SymmetricEigen eigen = symmetric_eigen(a);
    ASSERT_TRUE(eigen.converged);
    const MatrixXd product = eigen.vectors * eigen.values.asDiagonal() * eigen.vectors.transpose();
    EXPECT_LT((product - a).norm(), 1e-14 * static_cast<double>(d + 4) * a.norm());
    const MatrixXd gram = eigen.vectors.transpose() * eigen.vectors;
    EXPECT_LT((gram - MatrixXd::Identity(d, d)).norm(), 1e-14 * static_cast<double>(d + 4));
    for (std::int64_t k = 1; k < d; ++k) EXPECT_LE(eigen.values[k - 1], eigen.values[k]);
    const SymmetricEigen alone = symmetric_eigenvalues(a);
    EXPECT_LT((alone.values - eigen.values).norm(), 1e-14 * static_cast<double>(d + 4) * a.norm());
    EXPECT_EQ(alone.vectors.size(), 0);
  }
}

/// [[2, 1], [1, 2]] has 1 and 3; what is above the diagonal is not looked at.
TEST(SymmetricEigen, ReadsTheLowerTriangle) {
  const MatrixXd a{{2, 777}, {1, 2}};
  const SymmetricEigen eigen = symmetric_eigen(a);
  EXPECT_NEAR(eigen.values[0], 1, 1e-15);
  EXPECT_NEAR(eigen.values[1], 3, 1e-15);
}

TEST(SymmetricEigen, SaysThatItDidNotConverge) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(symmetric_eigen(MatrixXd::Constant(3, 3, nan)).converged);
}

}  // namespace
}  // namespace wquant
