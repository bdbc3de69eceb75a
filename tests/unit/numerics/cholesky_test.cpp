#include "numerics/cholesky.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace wquant {
namespace {

using Numbers = std::vector<double>;

/// M = LLᵀ with L = (2 · ·; 6 1 ·; −8 5 3), and M (1, 2, 3)ᵀ = (−20, −43, 192)ᵀ.
TEST(Cholesky, SolvesByItsFactor) {
  Numbers m = {4, 12, -16, 12, 37, -43, -16, -43, 98};
  Numbers b = {-20, -43, 192};
  ASSERT_TRUE(cholesky_solve(3, m, b, 1e-10));
  EXPECT_EQ(b, (Numbers{1, 2, 3}));
  EXPECT_EQ(m, (Numbers{2, 12, -16, 6, 1, -43, -8, 5, 3}));  // in the lower triangle's place
}

TEST(Cholesky, LeavesTheRightSideWhereItRefuses) {
  for (const Numbers& matrix : {Numbers{1, 2, 2, 1}, Numbers{0, 0, 0, 1}, Numbers{1, NAN, NAN, 1},
                                Numbers{-1, 0, 0, 1}, Numbers{1, 1, 1, 1}}) {
    Numbers m = matrix;
    Numbers b = {5, 7};
    EXPECT_FALSE(cholesky_solve(2, m, b, 1e-10));
    EXPECT_EQ(b, (Numbers{5, 7}));
  }
}

TEST(Cholesky, APivotMustExceedItsShareOfTheDiagonal) {
  const Numbers matrix = {1, 1, 1, 1 + 0x1p-20};  // the second pivot is 2⁻²⁰
  for (const auto& [least, solves] : {std::pair{0x1p-19, false}, {0x1p-21, true}}) {
    Numbers m = matrix;
    Numbers b = {1, 1 + 0x1p-20};
    EXPECT_EQ(cholesky_solve(2, m, b, least), solves);
    if (solves) {
      EXPECT_EQ(b, (Numbers{0, 1}));
    }
  }
}

}  // namespace
}  // namespace wquant
