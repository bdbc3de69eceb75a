#include "quantize/points/cross_distortion.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "wquant/normal_quantizer.hpp"

namespace wquant {
namespace {

const double kPi = std::acos(-1.0);

/// On the line a cross of m radii is the quantiser of 2m points.
TEST(CrossDistortion, OnTheLineIsThatOfTwiceAsManyPoints) {
  EXPECT_EQ(cross_distortion_limit(1), 0);
  for (const std::int64_t m : {1, 2, 8, 64})
    EXPECT_NEAR(cross_distortion(1, m) / normal_distortion(2 * m), 1, 1e-10) << m;
  for (const std::int64_t m : {3, 5, 11, 100})  // between powers of two by a law
    EXPECT_NEAR(cross_distortion(1, m) / normal_distortion(2 * m), 1, 0.02) << m;
}

/// In the plane E M = 2/√π and E M² = 1 + 2/π: one radius leaves 1 − (E M)²/2, all leave 1 − E
/// M²/2.
TEST(CrossDistortion, InThePlaneHasItsClosedForms) {
  EXPECT_NEAR((*optimal_radii_of({2, 1}))[0], 2 / std::sqrt(kPi), 1e-14);
  EXPECT_NEAR(cross_distortion(2, 1), 1 - 2 / kPi, 1e-13);
  EXPECT_NEAR(cross_distortion_limit(2), 0.5 - 1 / kPi, 1e-14);
  for (std::int64_t m = 1; m < 40; ++m) {
    EXPECT_LT(cross_distortion(2, m + 1), cross_distortion(2, m));
    EXPECT_GT(cross_distortion(2, m), cross_distortion_limit(2));
  }
}

TEST(CrossDistortion, KeepsWhatItComputed) {
  const std::vector<double> radii = {1, 2};
  const auto first = shells_of(3, radii, Cross::Shells::largest_coordinate);
  EXPECT_EQ(first, shells_of(3, radii, Cross::Shells::largest_coordinate));
  EXPECT_NE(first, shells_of(3, radii, Cross::Shells::norm));
  EXPECT_EQ(optimal_radii_of({4, 2}), optimal_radii_of({4, 2}));
}

/// All shapes of at most `budget` points for variances 4, 1, ¼, tried one by one.
double least_by_trial(std::int64_t budget) {
  const double descending[] = {4, 1, 0.25};
  double least = 5.25;
  double active = 0;
  for (std::int64_t n = 1; n <= 3; ++n) {
    active += descending[n - 1];
    for (std::int64_t m = 1; 2 * n * m <= budget; ++m)
      least = std::min(least, active * cross_distortion(n, m) + 5.25 - active);
  }
  return least;
}

TEST(CrossShape, IsTheBestOfAll) {
  const double variances[] = {1, 4, 0, 0.25};  // in any order
  const std::vector<double> curve = cross_distortions({variances, 4}, 60, 0);
  for (std::int64_t budget = 1; budget <= 60; ++budget) {
    EXPECT_NEAR(curve[budget], least_by_trial(budget), 1e-14) << budget;
    const CrossShape shape = best_cross_shape({variances, 4}, budget, 0);
    EXPECT_LE(shape.size(), budget);
    double distortion = 5.25;
    if (shape.axes > 0) {
      const double active = shape.axes == 1 ? 4 : shape.axes == 2 ? 5 : 5.25;
      distortion = active * cross_distortion(shape.axes, shape.radii) + 5.25 - active;
    }
    EXPECT_NEAR(distortion, curve[budget], 1e-14) << budget;
    EXPECT_LE(cross_lower_bound({variances, 4}, budget, 0), curve[budget]);
  }
}

TEST(CrossShape, KeepsToTheAxesAskedFor) {
  const double variances[] = {1, 4, 0, 0.25};
  EXPECT_EQ(best_cross_shape({variances, 4}, 1, 0).size(), 1);
  const CrossShape two = best_cross_shape({variances, 4}, 13, 2);
  EXPECT_EQ(two.axes, 2);
  EXPECT_EQ(two.radii, 3);
  EXPECT_EQ(best_cross_shape({variances, 4}, 13, 4).axes, 3);  // no more than there are variances
  EXPECT_EQ(best_cross_shape({variances, 4}, 3, 2).axes, 0);   // which takes four points
}

}  // namespace
}  // namespace wquant
