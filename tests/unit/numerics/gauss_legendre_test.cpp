#include "numerics/gauss_legendre.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

/// The N-point sum for x^power on (−1, 1).
template <int kNodes>
long double sum_of(int power) {
  long double sum = 0;
  for (int i = 0; i < kNodes / 2; ++i) {
    const long double x = GaussLegendre<kNodes>::node(i);
    sum += GaussLegendre<kNodes>::weight(i) * (std::pow(x, power) + std::pow(-x, power));
  }
  return sum;
}

template <int kNodes>
void check() {
  for (int power = 0; power < 2 * kNodes; ++power)
    EXPECT_NEAR(static_cast<double>(sum_of<kNodes>(power)), power % 2 ? 0 : 2.0 / (power + 1),
                4e-16)
        << power;
  // The first power that is not integrated exactly is off by 2^{2N+1} N!⁴ / ((2N + 1) (2N)!²).
  const double error = std::exp((2 * kNodes + 1) * std::log(2) + 4 * std::lgamma(kNodes + 1.0) -
                                2 * std::lgamma(2 * kNodes + 1.0)) /
                       (2 * kNodes + 1);
  EXPECT_NEAR(2.0 / (2 * kNodes + 1) - static_cast<double>(sum_of<kNodes>(2 * kNodes)), error,
              1e-15 + 1e-12 * error);
  for (int i = 0; i < kNodes / 2; ++i) {
    EXPECT_GT(GaussLegendre<kNodes>::node(i), i == 0 ? 0 : GaussLegendre<kNodes>::node(i - 1));
    EXPECT_LT(GaussLegendre<kNodes>::node(i), 1);
  }
}

TEST(GaussLegendre, IntegratesPolynomialsBelowTwiceItsNodesExactly) {
  check<6>();
  check<10>();
  check<16>();
}

}  // namespace
}  // namespace wquant
