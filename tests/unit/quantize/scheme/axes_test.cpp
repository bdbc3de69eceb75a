#include "wquant/axes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Columns (3, 4, 0) / 5 and (−4, 3, 0) / 5.
Axes turned(std::vector<double> scales, std::vector<double> offset) {
  const double basis[] = {0.6, -0.8, 0.8, 0.6, 0, 0};
  return Axes({basis, 3, 2}, std::move(scales), std::move(offset));
}

TEST(Axes, LocalCoordinatesAreAlongThemInTheirScales) {
  const Axes axes = turned({2, 0.5}, {1, 1, 7});
  EXPECT_EQ(axes.rank(), 2);
  EXPECT_EQ(axes.dimension(), 3);
  const std::vector<double> z = axes.to_local({4, 5, -1});  // 5 along the first, nothing across
  EXPECT_NEAR(z[0], 2.5, 1e-15);
  EXPECT_NEAR(z[1], 0, 1e-15);
  const std::vector<double> x = axes.from_local({2.5, 2});
  EXPECT_NEAR(x[0], 1 + 3 - 0.8, 1e-15);
  EXPECT_NEAR(x[1], 1 + 4 + 0.6, 1e-15);
  EXPECT_EQ(x[2], 7);
}

TEST(Axes, LocalCoordinatesGoBackAndForth) {
  const Axes axes = turned({1, 3}, {1, 2, 3});
  const std::vector<double> z = axes.to_local(axes.from_local({0.5, -1}));
  EXPECT_NEAR(z[0], 0.5, 1e-14);
  EXPECT_NEAR(z[1], -1, 1e-14);
  EXPECT_THROW(axes.to_local({1, 2}), InvalidArgument);
  EXPECT_THROW(axes.from_local({1, 2, 3}), InvalidArgument);
}

TEST(Axes, RefuseWhatIsNotOrthonormalOrHasNoLength) {
  const double skew[] = {1, 0.1, 0, 1};
  EXPECT_THROW(Axes({skew, 2, 2}, {1, 1}, {0, 0}), InvalidArgument);
  const double unit[] = {1, 0, 0, 1};
  EXPECT_THROW(Axes({unit, 2, 2}, {1, 0}, {0, 0}), InvalidArgument);
  EXPECT_THROW(Axes({unit, 2, 2}, {1, 1}, {0, NAN}), InvalidArgument);
  EXPECT_THROW(Axes({unit, 2, 2}, {1}, {0, 0}), InvalidArgument);
  EXPECT_THROW(Axes({unit, 0, 0}, {}, {}), InvalidArgument);
  EXPECT_NO_THROW(Axes({unit, 2, 1, 2}, {1}, {0, 0}));
}

/// −v₂ and v₁ with the offset moved by 5 along v₁ are the old ones in another order and sign.
TEST(Axes, MatchThoseOfTheSameDirections) {
  const Axes from = turned({1, 1}, {0, 0, 2});
  const double basis[] = {0.8, 0.6, -0.6, 0.8, 0, 0};
  const Axes to({basis, 3, 2}, {4, 1}, {3, 4, 2});
  const std::vector<AxisMatch> matches = match_axes(from, to);
  ASSERT_EQ(matches.size(), 2u);
  EXPECT_EQ(matches[0].from, 1);
  EXPECT_EQ(matches[0].sign, -1);
  EXPECT_NEAR(matches[0].shift, 0, 1e-14);
  EXPECT_EQ(matches[1].from, 0);
  EXPECT_EQ(matches[1].sign, 1);
  EXPECT_NEAR(matches[1].shift, -5, 1e-14);
  const std::vector<double> x = from.from_local({0.3, -2});
  const std::vector<double> there = to.to_local(x);
  EXPECT_NEAR(there[0], 2.0 / 4, 1e-14);  // sign (1 · (−2) + shift) / 4
  EXPECT_NEAR(there[1], 0.3 - 5, 1e-14);
}

TEST(Axes, DoNotMatchOthers) {
  const Axes axes = turned({1, 1}, {0, 0, 0});
  EXPECT_THROW(match_axes(axes, turned({1, 1}, {0, 0, 1})), InvalidArgument);  // across them
  const double unit[] = {1, 0, 0, 1, 0, 0};
  EXPECT_THROW(match_axes(axes, Axes({unit, 3, 2}, {1, 1}, {0, 0, 0})), InvalidArgument);
  EXPECT_THROW(match_axes(axes, Axes::standard({0, 0, 0})), InvalidArgument);
  std::ostringstream out;
  out << turned({2, 0.5}, {1, 1, 7});
  EXPECT_EQ(out.str(), "rank 2 in dimension 3, scales 2 0.5, offset 1 1 7");
}

}  // namespace
}  // namespace wquant
