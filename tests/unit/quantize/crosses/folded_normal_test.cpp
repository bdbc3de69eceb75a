#include "quantize/crosses/folded_normal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>

#include "base/limits.hpp"
#include "numerics/normal_cell.hpp"

namespace wquant {
namespace {

/// Φ in long double.
long double phi(long double x) { return std::erfc(-x * std::sqrt(0.5L)) / 2; }

TEST(FoldedNormal, OfTheStandardOneIsSymmetric) {
  const FoldedNormal normal(0, 1);
  const FoldedNormal::Within one = normal.within({1, 0, 0});
  const double mass = std::erf(std::sqrt(0.5));
  EXPECT_NEAR(one.mass, mass, 1e-15);
  EXPECT_LE(std::fabs(one.centre), one.centre_error);
  EXPECT_NEAR(one.second, 1 - 2 * normal_density(1) / mass, 1e-14);
  EXPECT_EQ(normal.density({1, 0, 0}, 1).value, normal.density({1, 0, 0}, -1).value);
  EXPECT_NEAR(normal.density({0.75, 0.25, 0}, 1).value, normal_density(1), 1e-16);
}

TEST(FoldedNormal, ErrorsCoverTheDistanceFromTheExactValues) {
  const double mean = 1.25;
  const double deviation = 0.5;
  const FoldedNormal normal(mean, deviation);
  for (const double t : {0.01, 0.5, 1.0, 1.5, 3.0, 6.0}) {
    const long double above = (t - mean) / deviation;
    const long double below = (-t - mean) / deviation;
    const FoldedNormal::Within within = normal.within({t, 0, 0});
    const long double mass = phi(above) - phi(below);
    EXPECT_LE(std::fabs(within.mass - mass), within.mass_error * mass + 1e-18L) << t;
    EXPECT_LT(within.mass_error, 1e-13);
    // E[z; |z| ≤ t] = mean · mass − σ (φ(above) − φ(below)).
    const long double root = std::sqrt(2 * std::acos(-1.0L));
    const long double f = std::exp(-above * above / 2) / root - std::exp(-below * below / 2) / root;
    const long double centre = mean - deviation * f / mass;
    EXPECT_LE(std::fabs(within.centre - centre), within.centre_error + 1e-16L) << t;
    EXPECT_LT(within.centre_error, 1e-14);
    EXPECT_LE(within.centre * within.centre, within.second);
    EXPECT_LE(within.second, t * t);
    EXPECT_LT(within.second_error, 1e-13);
  }
}

/// Far from the mean the rounding of t − mean moves the density by many ε: the error says how many.
TEST(FoldedNormal, ErrorsOfDensitiesGrowWithTheDistanceFromTheMean) {
  const double mean = 0.1;
  const double deviation = 0.3;
  const FoldedNormal normal(mean, deviation);
  long double largest = 0;
  for (int i = 1; i < 90; ++i) {
    const double t = 0.1 * i;
    const long double x = (static_cast<long double>(t) - mean) / deviation;
    const long double exact = std::exp(-x * x / 2) / (deviation * std::sqrt(2 * std::acos(-1.0L)));
    const FoldedNormal::Value f = normal.density({t, 0, 0}, 1);
    const long double error = std::fabs(f.value / exact - 1);
    EXPECT_LE(error, f.error) << t;
    EXPECT_GE(normal.density({t, 0, 1e-9}, 1).error, 1e-9 / deviation * std::fabs(x)) << t;
    largest = std::max(largest, error);
  }
  EXPECT_GT(largest, 20 * kEpsilon);
}

TEST(FoldedNormal, MassesOfBothSidesMakeUpWhatLiesBetween) {
  const FoldedNormal normal(-0.3, 2);
  const double inner = normal.within({1, 0, 0}).mass;
  const double outer = normal.within({2.5, 0, 0}).mass;
  const FoldedNormal::Mass plus = normal.mass_between(1, 2.5, 1);
  const FoldedNormal::Mass minus = normal.mass_between(1, 2.5, -1);
  EXPECT_NEAR(inner + plus.value + minus.value, outer, 1e-15);
  EXPECT_GT(minus.value, plus.value);  // the mean is negative
  EXPECT_NEAR(plus.value, static_cast<double>(phi(1.4L) - phi(0.65L)), plus.error + 1e-16);
  EXPECT_LT(plus.error, 1e-14);
}

TEST(FoldedNormal, SupremaAreAboveTheFunctionInTheComplexPlane) {
  const double mean = 0.8;
  const double deviation = 0.5;
  const FoldedNormal normal(mean, deviation);
  const double low = 0.1;
  const double high = 0.7;
  const double height = 0.4;
  const double supremum = std::exp(normal.log_density_supremum(low, high, height));
  double largest = 0;
  for (int i = 0; i <= 10; ++i)
    for (int j = 0; j <= 10; ++j) {
      const std::complex<double> w(low + (high - low) * i / 10, height * j / 10);
      const std::complex<double> x = (w - mean) / deviation;
      const auto density = std::exp(-x * x / 2.0) / (deviation * std::sqrt(2 * std::acos(-1.0)));
      largest = std::max(largest, std::abs(density));
    }
  EXPECT_GE(supremum, largest);
  EXPECT_LE(supremum, 1.01 * largest);  // it is attained in the corner
  EXPECT_EQ(normal.log_density_supremum(low, high, 1e3), kInfinity);
  // On the line H itself grows: what is bounded there is its value at the far end.
  EXPECT_GE(std::exp(normal.log_mass_supremum(low, high, 0)), normal.within({high, 0, 0}).mass);
  EXPECT_GE(normal.log_mass_supremum(low, high, height), normal.log_mass_supremum(low, high, 0));
}

TEST(FoldedNormal, NothingLiesBeyondItsReach) {
  EXPECT_NEAR(FoldedNormal(-1, 2).reach(), 1 + 76, 1e-12);
  EXPECT_EQ(FoldedNormal(3, 2).within({FoldedNormal(3, 2).reach(), 0, 0}).mass, 1);
  EXPECT_GE(FoldedNormal(1, 1e-140).reach(), 1);
}

}  // namespace
}  // namespace wquant
