#include "quantize/crosses/gauss_remainder.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "numerics/gauss_legendre.hpp"

namespace wquant {
namespace {

TEST(BernsteinEllipse, HasItsFociAtTheEndsOfTheInterval) {
  const BernsteinEllipse ellipse = bernstein_ellipse(2, 2);
  EXPECT_EQ(ellipse.half_length, 2.5);
  EXPECT_EQ(ellipse.half_height, 1.5);
  for (const double ratio : kEllipseRatios) {
    const auto [rho, length, height] = bernstein_ellipse(3, ratio);
    EXPECT_EQ(rho, ratio);
    EXPECT_NEAR(length * length - height * height, 9, 1e-10);
    EXPECT_NEAR(length + height, 3 * ratio, 1e-12);
  }
}

/// The six-point sum on (−half, half).
template <class Function>
double six_points(double half, const Function& f) {
  double sum = 0;
  for (int i = 0; i < 3; ++i)
    for (const double x : {-half * GaussLegendre<6>::node(i), half * GaussLegendre<6>::node(i)})
      sum += half * GaussLegendre<6>::weight(i) * f(x);
  return sum;
}

/// 1 / (1 + x²) has its poles at ±i: it is at most 1 / (1 − h²) in an ellipse of half-height h < 1.
TEST(GaussRemainder, IsAboveTheErrorOfAFunctionWithPoles) {
  const double error =
      std::fabs(six_points(1, [](double x) { return 1 / (1 + x * x); }) - std::acos(-1.0) / 2);
  EXPECT_GT(error, 1e-6);
  for (const double ratio : {1.5, 2.0, 2.3}) {
    const double height = bernstein_ellipse(1, ratio).half_height;
    const double bound = gauss_remainder(6, 1, ratio, 1 / (1 - height * height));
    EXPECT_GE(bound, error) << ratio;
    EXPECT_LE(bound, 1e6 * error) << ratio;
  }
}

/// |e^z| ≤ e^{half length}: of the ellipses the one that balances growth and decay is taken.
TEST(GaussRemainder, TakesTheBestEllipse) {
  for (const double half : {0.5, 2.0, 8.0}) {
    const auto suprema = ellipse_suprema(
        half, [](const BernsteinEllipse& ellipse) { return std::exp(ellipse.half_length); });
    const Remainder best = smallest_remainder(6, half, suprema);
    bool found = false;
    for (std::size_t i = 0; i < suprema.size(); ++i) {
      const double bound = gauss_remainder(6, half, kEllipseRatios[i], suprema[i]);
      EXPECT_LE(best.density, bound);
      found = found || (best.density == bound &&
                        best.reach == bernstein_ellipse(half, kEllipseRatios[i]).half_length);
    }
    EXPECT_TRUE(found);
    const double error =
        std::fabs(six_points(half, [](double x) { return std::exp(x); }) - 2 * std::sinh(half));
    EXPECT_GE(best.density, error - 1e-15) << half;
  }
}

TEST(GaussRemainder, OfAFunctionThatNothingIsKnownOfIsInfinite) {
  const auto unknown = ellipse_suprema(2, [](const BernsteinEllipse&) { return kInfinity; });
  const Remainder remainder = smallest_remainder(6, 2, unknown);
  EXPECT_EQ(remainder.density, kInfinity);
  EXPECT_EQ(remainder.reach, 2.5);
}

}  // namespace
}  // namespace wquant
