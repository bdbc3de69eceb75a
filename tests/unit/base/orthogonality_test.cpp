#include "base/orthogonality.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

constexpr double kSlack = 1e-14;

TEST(Orthogonality, OfSignedUnitVectorsIsExact) {
  const double rows[] = {0, -1, 0, 0, 0, 1};
  EXPECT_EQ(row_orthogonality_error({rows, 2, 3}), 0);
  const double columns[] = {0, 0, -1, 0, 0, 1};
  EXPECT_EQ(column_orthogonality_error({columns, 3, 2}), 0);
}

TEST(Orthogonality, IsTheDistanceOfTheGramMatrixFromTheUnitOne) {
  const double twice[] = {1, 0, 1, 0};  // MMᵀ has 1 off the diagonal
  EXPECT_GE(row_orthogonality_error({twice, 2, 2}), std::sqrt(2.0));
  EXPECT_LE(row_orthogonality_error({twice, 2, 2}), std::sqrt(2.0) + kSlack);
  const double longer[] = {1.5, 0};
  EXPECT_NEAR(row_orthogonality_error({longer, 1, 2}), 1.25, kSlack);
  EXPECT_GE(column_orthogonality_error({longer, 1, 2}), std::sqrt(1.25 * 1.25 + 1));
  const double turned[] = {0.6, -0.8, 0.8, 0.6};
  for (const double error :
       {row_orthogonality_error({turned, 2, 2}), column_orthogonality_error({turned, 2, 2})}) {
    EXPECT_GT(error, 0);  // 0.6² + 0.8² is 1 up to the rounding of both
    EXPECT_LT(error, kSlack);
  }
}

}  // namespace
}  // namespace wquant
