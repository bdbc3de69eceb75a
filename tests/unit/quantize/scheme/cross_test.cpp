#include "wquant/cross.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Unit vectors of the plane with these scales.
Axes plane(double first, double second, std::vector<double> offset = {0, 0}) {
  const double unit[] = {1, 0, 0, 1};
  return Axes({unit, 2, 2}, {first, second}, std::move(offset));
}

TEST(Cross, HasThePositiveRadiiOfAnAxisBeforeTheNegativeOnes) {
  const Cross cross(plane(2, 1, {10, 20}), {1, 3});
  ASSERT_EQ(cross.size(), 8);
  const std::vector<double> expected[] = {{12, 20}, {16, 20}, {8, 20},  {4, 20},
                                          {10, 21}, {10, 23}, {10, 19}, {10, 17}};
  for (std::int64_t a = 0; a < 8; ++a) EXPECT_EQ(cross.location(a), expected[a]) << a;
  EXPECT_THROW(cross.location(8), InvalidArgument);
  EXPECT_THROW(cross.location(-1), InvalidArgument);
  std::ostringstream out;
  out << cross;
  EXPECT_EQ(out.str(), "cross of 2 axes, radii 1 3, scales 2 1");
}

TEST(Cross, UnscentedHasTheRootOfTheDimensionForRadius) {
  EXPECT_EQ(Cross::unscented(Axes::standard({0, 0, 0, 0})).radii(), std::vector<double>{2});
}

TEST(Cross, RefusesBadRadii) {
  EXPECT_THROW(Cross(plane(1, 1), {}), InvalidArgument);
  EXPECT_THROW(Cross(plane(1, 1), {0}), InvalidArgument);
  EXPECT_THROW(Cross(plane(1, 1), {2, 1}), InvalidArgument);
  EXPECT_THROW(Cross(plane(1, 1), {NAN}), InvalidArgument);
  EXPECT_THROW(Cross(Axes({nullptr, 2, 0}, {}, {0, 0}), {1}), InvalidArgument);
}

/// All scales halved, the axes exchanged and one turned round: radii double.
TEST(Cross, RebasedHasTheSamePointsInOtherScales) {
  const Cross cross(plane(2, 1), {1, 3}, Cross::Shells::norm);
  const double exchanged[] = {0, -1, 1, 0};  // columns (0, 1) and (−1, 0)
  const Cross rebased = cross.rebase(Axes({exchanged, 2, 2}, {0.5, 1}, {0, 0}));
  EXPECT_EQ(rebased.radii(), (std::vector<double>{2, 6}));
  EXPECT_EQ(rebased.shells(), Cross::Shells::norm);
  EXPECT_EQ(rebased.location(0), cross.location(4));
  EXPECT_EQ(rebased.location(4), cross.location(2));  // the positive half of what was turned
  EXPECT_THROW(cross.rebase(plane(1, 1)), InvalidArgument);
  EXPECT_THROW(cross.rebase(plane(2, 1, {1, 0})), InvalidArgument);
}

}  // namespace
}  // namespace wquant
