// Covers also: enclosed.
#include "quantize/crosses/shell_moments.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

const double kPi = std::acos(-1.0);

/// The exact value is enclosed, tightly.
void expect_encloses(const Enclosed& number, double exact) {
  EXPECT_NEAR(number.value, exact, number.error + 1e-15 * std::fabs(exact));
  EXPECT_LT(number.error, 1e-12);
  EXPECT_GE(number.error, 0);
}

/// M = |Z|: E M = √(2/π).
TEST(RadialMoments, OnTheLineAreThoseOfTheHalfNormal) {
  const double mean = std::sqrt(2 / kPi);
  const RadialMoments one = radial_moments(LargestCoordinateDensity(1), {1});
  ASSERT_EQ(one.shells.size(), 1u);
  expect_encloses(one.shells[0].mass, 1);
  expect_encloses(one.shells[0].offset, mean - 1);
  expect_encloses(one.shells[0].square, 2 - 2 * mean);
  expect_encloses(one.first, mean);
  expect_encloses(one.second, 1);
  const RadialMoments two = radial_moments(LargestCoordinateDensity(1), {0.5, 1.5});
  expect_encloses(two.shells[0].mass, std::erf(std::sqrt(0.5)));
  expect_encloses(two.shells[1].mass, std::erfc(std::sqrt(0.5)));
  const double inner = mean * (1 - std::exp(-0.5));  // E[|Z|; |Z| < 1]
  expect_encloses(two.shells[0].offset, inner - 0.5 * std::erf(std::sqrt(0.5)));
}

/// Of two coordinates E M = 2/√π and E M² = 1 + 2/π.
TEST(RadialMoments, OfTheLargerOfTwoCoordinates) {
  const RadialMoments moments = radial_moments(LargestCoordinateDensity(2), {1});
  expect_encloses(moments.first, 2 / std::sqrt(kPi));
  expect_encloses(moments.second, 1 + 2 / kPi);
  const RadialMoments halved = radial_moments(LargestCoordinateDensity(2), {1}, 0.5);
  expect_encloses(halved.shells[0].offset, 1 / std::sqrt(kPi) - 1);
  expect_encloses(halved.shells[0].square, (1 + 2 / kPi) / 4 - 2 / std::sqrt(kPi) + 1);
}

/// In the plane f = t e^{−t²/2} · e/√2: the mass beyond a is e^{−a²/2} of all, and E R² is 2.
TEST(RadialMoments, OfTheNormInThePlane) {
  const double all = std::exp(1.0) / std::sqrt(2.0);
  const RadialMoments moments = radial_moments(NormDensity(2), {1, 2, 4});
  expect_encloses(moments.shells[0].mass, all * (1 - std::exp(-1.125)));
  expect_encloses(moments.shells[1].mass, all * (std::exp(-1.125) - std::exp(-4.5)));
  expect_encloses(moments.shells[2].mass, all * std::exp(-4.5));
  expect_encloses(moments.first, all * std::sqrt(kPi / 2));
  expect_encloses(moments.second, all * 2);
}

TEST(RadialMoments, AShellWithNothingInItIsEnclosedByNothing) {
  const RadialMoments moments = radial_moments(LargestCoordinateDensity(2), {1, 90, 100});
  EXPECT_EQ(moments.shells[2].mass.value, 0);
  EXPECT_LT(moments.shells[2].mass.error, 1e-270);
}

TEST(EnclosedSum, AddsValuesAndErrors) {
  EnclosedSum sum;
  sum.add(1e100, 1);
  sum.add(1, 2);
  sum.add(-1e100, 0);
  EXPECT_EQ(sum.total().value, 1);
  EXPECT_GE(sum.total().error, 3);
  EXPECT_LE(sum.total().error, 3.1);
  const Enclosed number{2, 0.5};
  EXPECT_EQ(number.lower(), 1.5);
  EXPECT_EQ(number.upper(), 2.5);
}

}  // namespace
}  // namespace wquant
