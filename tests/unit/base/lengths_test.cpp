#include "base/lengths.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/validation.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(Lengths, LargestMagnitudeLeavesOutWhatLiesBetweenRows) {
  const double values[] = {1, -3, 100, 2, 0, 100};
  EXPECT_EQ(largest_magnitude({values, 2, 2, 3}), 3);
  EXPECT_EQ(largest_magnitude({values, 0, 2}), 0);
}

TEST(Lengths, UnitIsThePowerOfTwoBelowTheLargest) {
  EXPECT_EQ(power_of_two_unit(0.0), 1);
  EXPECT_EQ(power_of_two_unit(1.0), 1);
  EXPECT_EQ(power_of_two_unit(1.99), 1);
  EXPECT_EQ(power_of_two_unit(0.3), 0.25);
  EXPECT_EQ(power_of_two_unit(1e150), 0x1p498);
  EXPECT_EQ(power_of_two_unit(5e-324), 0x1p-1000);  // its own inverse is finite
}

TEST(Lengths, BeyondTheLargestAreNamed) {
  const double values[] = {1, -kLargestLength, 2, NAN};
  EXPECT_NO_THROW(require_lengths("x", {values, 1, 3}));
  try {
    require_lengths("x", {values, 2, 2});
    FAIL();
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "x[1][1]: nan; expected a magnitude of at most 1e+150");
  }
}

TEST(RootMeanSquare, IsAboveTheRootByRoundingOnly) {
  const double a[] = {1, 5};
  const double b[] = {-2, 1};
  const double c[] = {0, 0};
  RootMeanSquare both(2, 4);
  both.add(0.5, a, b);  // a distance of 5
  both.add(0.25, c);
  both.add(0.25, b, b);
  EXPECT_GE(both.above(1).value(), std::sqrt(12.5));
  EXPECT_LE(both.above(1).value(), std::sqrt(12.5) * (1 + 1e-14));
  EXPECT_NEAR(both.above(0.5).value(), 5, 1e-13);
}

TEST(RootMeanSquare, IsZeroForNoDifferenceAloneHoweverSmall) {
  const double a[] = {1e-200};
  const double b[] = {0};
  RootMeanSquare none(1, 1);
  none.add(1, a, a);
  none.add(0, a, b);
  EXPECT_EQ(none.above(1).value(), 0);
  RootMeanSquare little(1, 1);
  little.add(1, a, b);  // its square vanishes
  EXPECT_GE(little.above(1).value(), 1e-200);
  EXPECT_LE(little.above(1).value(), 1e-150);
  const double far[] = {1e150};
  RootMeanSquare much(1, power_of_two_unit(1e150));
  much.add(1, far, b);
  EXPECT_NEAR(much.above(1).value() / 1e150, 1, 1e-14);
}

TEST(Lengths, SpreadIsAboutTheMean) {
  const double points[] = {0, 7, 2, 7};
  const double halves[] = {0.5, 0.5};
  EXPECT_GE(spread_above({points, 2, 2}, {halves, 2}).value(), 1);
  EXPECT_LE(spread_above({points, 2, 2}, {halves, 2}).value(), 1 + 1e-13);
  const double quarters[] = {0.25, 0.75};
  EXPECT_NEAR(spread_above({points, 2, 2}, {quarters, 2}).value(), std::sqrt(0.75), 1e-13);
  const double same[] = {3, 3};
  EXPECT_EQ(spread_above({same, 2, 1}, {halves, 2}).value(), 0);
}

TEST(Units, NothingBecomesZeroInThem) {
  EXPECT_EQ(in_units_of(2, 6), 3);
  EXPECT_EQ(in_units_of(0x1p1000, 0), 0);
  EXPECT_EQ(in_units_of(0x1p1000, 1e-300), 5e-324);
  EXPECT_EQ(in_units_of(0x1p1000, -1e-300), -5e-324);
}

}  // namespace
}  // namespace wquant
