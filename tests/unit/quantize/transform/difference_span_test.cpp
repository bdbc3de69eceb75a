#include "quantize/transform/difference_span.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace wquant {
namespace {

/// Points of R³ with these probabilities.
DiscreteDistribution points_at(const std::vector<double>& locations,
                               const std::vector<double>& probabilities) {
  const Context context = Context::cpu();
  const auto count = static_cast<std::int64_t>(probabilities.size());
  Array<double> where(context, count, 3);
  Array<double> weights(context, count);
  std::copy(locations.begin(), locations.end(), where.data());
  std::copy(probabilities.begin(), probabilities.end(), weights.data());
  return {std::move(where), std::move(weights)};
}

/// Two Gaussians about (0, 0, 5) and (2, 0, 5), with weights 1 and 0; the first has a variance
/// along the first axis, the second along all.
GaussianMixture on_a_line() {
  const double weights[] = {1, 0};
  const double means[] = {0, 0, 5, 2, 0, 5};
  const double variances[] = {4, 0, 0, 1, 1, 1};
  return GaussianMixture::diagonal(Context::cpu(), {weights, 2}, {means, 2, 3}, {variances, 2, 3});
}

TEST(DifferenceSpan, IsThatOfWhatHasWeight) {
  const auto line =
      difference_span(on_a_line(), points_at({-1, 0, 5, 1, 0, 5, 0, 9, 9}, {0.5, 0.5, 0}));
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->rank(), 1);
  EXPECT_NEAR(std::fabs(line->directions[0]), 1, 1e-15);
  EXPECT_EQ(line->directions[1], 0);
  EXPECT_NEAR(line->norm.value(), 1, 1e-13);
  EXPECT_GE(line->norm, Upper(1));
  EXPECT_LT(line->residual, Upper(1e-12));  // all differences lie on the line
}

TEST(DifferenceSpan, GrowsByEveryDifference) {
  const auto plane = difference_span(on_a_line(), points_at({0, 0, 5, 3, 4, 5}, {0.5, 0.5}));
  ASSERT_TRUE(plane.has_value());
  EXPECT_EQ(plane->rank(), 2);
  EXPECT_NEAR(std::fabs(plane->directions[3 + 1]), 1, 1e-15);  // what is new in (3, 4, 0)
  EXPECT_LT(plane->residual, Upper(1e-12));
  // One point off the line alone makes a plane as well: differences go from it to the mixture.
  EXPECT_EQ(difference_span(on_a_line(), points_at({0, 1, 5}, {1}))->rank(), 2);
  EXPECT_FALSE(difference_span(on_a_line(), points_at({0, 1, 5, 0, 0, 6}, {0.5, 0.5})));
}

TEST(DifferenceSpan, OfAPointMassOnItsPointIsNothing) {
  const double one[] = {1};
  const double mean[] = {1, 2, 3};
  const double zeros[] = {0, 0, 0};
  const auto mass =
      GaussianMixture::diagonal(Context::cpu(), {one, 1}, {mean, 1, 3}, {zeros, 1, 3});
  const auto none = difference_span(mass, points_at({1, 2, 3}, {1}));
  ASSERT_TRUE(none.has_value());
  EXPECT_EQ(none->rank(), 0);
  EXPECT_EQ(none->norm, Upper());
  EXPECT_LT(none->residual, Upper(1e-140));
}

/// A difference that rounding may have made is no direction, but is charged.
TEST(DifferenceSpan, ChargesWhatItLeavesOut) {
  const auto line = difference_span(on_a_line(), points_at({0, 1e-14, 5}, {1}));
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->rank(), 1);
  EXPECT_GE(line->residual, Upper(1e-14));
  EXPECT_LT(line->residual, Upper(1e-11));
}

}  // namespace
}  // namespace wquant
