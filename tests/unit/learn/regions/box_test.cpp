#include "wquant/box.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "wquant/error.hpp"

namespace wquant {
namespace {

TEST(Box, ItsLengths) {
  const Box box({-1, 0, 2}, {2, 4, 14});
  EXPECT_EQ(box.dimension(), 3);
  EXPECT_GE(box.diameter(), 13);
  EXPECT_NEAR(box.diameter(), 13, 1e-13);
  EXPECT_NEAR(box.longest_side(), 12, 1e-13);
  EXPECT_EQ(box.centre(), (std::vector<double>{0.5, 2, 8}));
  const double corner[] = {-1, 4, 2};
  EXPECT_NEAR(box.farthest_corner(corner), 13, 1e-13);
  const double inside[] = {0, 1, 10};
  EXPECT_NEAR(box.farthest_corner(inside), std::sqrt(4 + 9 + 64), 1e-13);
}

TEST(Box, ContainsItsBorderAndNothingBeyond) {
  const Box box = Box::cube(2, 0, 1);
  const double corner[] = {1, 0};
  const double beyond[] = {1, -1e-300};
  const double nothing[] = {0.5, NAN};
  EXPECT_TRUE(box.contains(corner));
  EXPECT_FALSE(box.contains(beyond));
  EXPECT_FALSE(box.contains(nothing));
}

TEST(Box, APointIsABox) {
  const Box box = Box::cube(4, 3, 3);
  EXPECT_EQ(box.diameter(), 0);
  EXPECT_EQ(box.centre(), std::vector<double>(4, 3));
}

TEST(Box, LengthsNeitherOverflowNorVanish) {
  for (const double scale : {1e-150, 1e-300, 1e150}) {
    const Box box = Box::cube(2, 0, scale);
    EXPECT_NEAR(box.diameter() / scale, std::sqrt(2), 1e-14);
  }
}

TEST(Box, RefusesWhatIsNone) {
  EXPECT_THROW(Box({}, {}), InvalidArgument);
  EXPECT_THROW(Box({0}, {1, 1}), InvalidArgument);
  EXPECT_THROW(Box({0, 2}, {1, 1}), InvalidArgument);
  EXPECT_THROW(Box({NAN}, {1}), InvalidArgument);
  EXPECT_THROW(Box({0}, {INFINITY}), InvalidArgument);
  EXPECT_THROW(Box({0}, {1e151}), InvalidArgument);
  EXPECT_THROW(Box::cube(0, 0, 1), InvalidArgument);
  try {
    Box({0, 2}, {1, 1});
  } catch (const InvalidArgument& error) {
    EXPECT_STREQ(error.what(), "box lower[1]: 2; expected a number <= the upper bound 1");
  }
}

}  // namespace
}  // namespace wquant
