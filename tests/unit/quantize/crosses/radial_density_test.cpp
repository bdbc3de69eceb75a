#include "quantize/crosses/radial_density.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>

namespace wquant {
namespace {

const double kRootTwoPi = std::sqrt(2 * std::acos(-1.0));

double phi(double t) { return std::exp(-t * t / 2) / kRootTwoPi; }

/// 2n φ(t) (2Φ(t) − 1)^{n−1}.
TEST(LargestCoordinateDensity, IsTheDerivativeOfItsDistribution) {
  for (const double t : {0.1, 0.5, 1.0, 3.0, 8.0}) {
    const double central = std::erf(t / std::sqrt(2.0));
    const auto close = [&](std::int64_t n, double exact) {
      const RadialDensity::Value f = LargestCoordinateDensity(n).at(t, 0);
      EXPECT_NEAR(f.value / exact, 1, f.error + 1e-13) << n << ' ' << t;
      EXPECT_LT(f.error, 1e-13);
      EXPECT_GT(LargestCoordinateDensity(n).at(t, 1e-9).error, f.error);
    };
    close(1, 2 * phi(t));
    close(2, 4 * phi(t) * central);
    close(5, 10 * phi(t) * std::pow(central, 4));
  }
}

/// t^{n−1} e^{−t²/2}, 1 at √n.
TEST(NormDensity, IsOneAtTheRootOfTheDimension) {
  for (const std::int64_t n : {1, 3, 100, 10'000})
    EXPECT_NEAR(NormDensity(n).at(std::sqrt(static_cast<double>(n)), 0).value, 1, 1e-13) << n;
  for (const double t : {0.2, 1.0, 1.7, 5.0}) {
    const RadialDensity::Value f = NormDensity(3).at(t, 0);
    EXPECT_NEAR(f.value / (t * t * std::exp(-t * t / 2) / (3 * std::exp(-1.5))), 1, 1e-14) << t;
    EXPECT_LT(f.error, 1e-13);
  }
}

/// erf by its series.
std::complex<double> complex_erf(std::complex<double> z) {
  std::complex<double> term = z;
  std::complex<double> sum = z;
  for (int k = 1; k < 80; ++k) {
    term *= -z * z / static_cast<double>(k);
    sum += term / static_cast<double>(2 * k + 1);
  }
  return 2 / std::sqrt(std::acos(-1.0)) * sum;
}

/// The suprema over low ≤ x ≤ high, |y| ≤ height against a grid of the complex plane; they are at
/// most so many times too large.
template <class Function>
void expect_supremum(const RadialDensity& density, double times, const Function& f) {
  for (const auto& [low, high] : {std::pair{0.2, 0.5}, {-0.3, 0.6}, {1.5, 2.5}, {3.0, 3.5}})
    for (const double height : {0.0, 0.3, 1.0}) {
      double largest = 0;
      for (int i = 0; i <= 10; ++i)
        for (int j = 0; j <= 10; ++j)
          largest = std::max(
              largest,
              std::abs(f(std::complex<double>(low + (high - low) * i / 10, height * j / 10))));
      EXPECT_GE(density.supremum(low, high, height), largest) << low << ' ' << height;
      EXPECT_LE(density.supremum(low, high, height), times * largest) << low << ' ' << height;
    }
}

TEST(RadialDensity, SupremaAreAboveTheFunctionInTheComplexPlane) {
  using Complex = std::complex<double>;
  expect_supremum(LargestCoordinateDensity(1), 1.1,
                  [](Complex z) { return 2.0 * std::exp(-z * z / 2.0) / kRootTwoPi; });
  expect_supremum(LargestCoordinateDensity(3), 10, [](Complex z) {
    const Complex central = complex_erf(z / std::sqrt(2.0));
    return 6.0 * std::exp(-z * z / 2.0) / kRootTwoPi * central * central;
  });
  expect_supremum(NormDensity(3), 1.1,
                  [](Complex z) { return z * z * std::exp(-z * z / 2.0) / (3 * std::exp(-1.5)); });
}

TEST(RadialDensity, NothingOfItLiesBeyondItsSupport) {
  for (const std::int64_t n : {1, 2, 50, 10'000}) {
    const auto count = static_cast<double>(n);
    const RadialDensity::Range largest = LargestCoordinateDensity(n).range();
    // F(lower) = e^{−650}, and n P(|Z| > upper) as well.
    EXPECT_NEAR(count * std::log(std::erf(largest.lower / std::sqrt(2.0))), -650, 1e-9);
    EXPECT_NEAR(std::log(count * std::erfc(largest.upper / std::sqrt(2.0))), -650, 1e-9);
    const RadialDensity::Range norm = NormDensity(n).range();
    EXPECT_LT(norm.lower, std::sqrt(count));
    EXPECT_LT(NormDensity(n).at(norm.upper, 0).value, kNegligibleMass);
    if (n > 1) {
      EXPECT_LT(NormDensity(n).at(norm.lower, 0).value, kNegligibleMass);
    }
  }
}

}  // namespace
}  // namespace wquant
