#include "numerics/density_terms.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

TEST(DensityTerms, SlopesStayInTheRangeOfSquares) {
  EXPECT_EQ(precision_root(0.5), 2);
  EXPECT_EQ(precision_root(1e-200), kSteepest);
  EXPECT_EQ(precision_root(5e-324), kSteepest);
  EXPECT_EQ(steepness(-3, 0.5), -6);
  EXPECT_EQ(steepness(1e10, 1e-145), kSteepest);
  EXPECT_EQ(steepness(-1e10, 1e-145), -kSteepest);
  EXPECT_TRUE(std::isfinite(kSteepest * kSteepest));
}

TEST(LogSum, IsTheLogarithmOfASumOutOfRange) {
  LogSum sum;
  EXPECT_EQ(sum.value(), -kInfinity);
  sum.add(2, -1000);
  EXPECT_EQ(sum.value(), -1000);
  sum.add(2, -1000 + std::log(3.0));
  EXPECT_NEAR(sum.value(), -1000 + std::log(4.0), 1e-12);
  sum.add(2, 2000);  // beside which the others are nothing
  EXPECT_EQ(sum.value(), 2000);
  sum.add(2, -kInfinity);
  EXPECT_EQ(sum.value(), 2000);
}

TEST(LogSum, OfTheLeastRankAlone) {
  LogSum sum;
  sum.add(3, 10);
  sum.add(1, -5);  // what lives on a line outweighs any density in space
  sum.add(2, 100);
  EXPECT_EQ(sum.rank(), 1);
  EXPECT_EQ(sum.value(), -5);
  sum.add(1, -5);
  EXPECT_NEAR(sum.value(), -5 + std::log(2.0), 1e-15);
}

}  // namespace
}  // namespace wquant
