#include "base/upper.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

namespace wquant {
namespace {

using Long = long double;

/// Numbers of all sizes, whose sums, products and roots are neither infinite nor all rounded alike.
std::vector<double> numbers() {
  std::mt19937_64 engine(1);
  std::uniform_real_distribution<double> fraction(1, 2);
  std::uniform_int_distribution<int> exponent(-250, 250);
  std::vector<double> out{0, kSmallestPositive, kSmallestNormal, 1, 1 + kEpsilon};
  for (int k = 0; k < 200; ++k) out.push_back(std::ldexp(fraction(engine), exponent(engine)));
  return out;
}

void expect_above(Upper bound, Long exact) {
  EXPECT_GE(static_cast<Long>(bound.value()), exact);
  if (exact > static_cast<Long>(std::numeric_limits<double>::max())) return;  // infinite is right
  EXPECT_LE(static_cast<Long>(bound.value()), exact * (1 + 3 * static_cast<Long>(kEpsilon)) +
                                                  2 * static_cast<Long>(kSmallestPositive));
}

TEST(Upper, EveryOperationIsAboveItsExactResultAndHardlySo) {
  for (const double a : numbers())
    for (const double b : numbers()) {
      expect_above(Upper(a) + Upper(b), static_cast<Long>(a) + b);
      expect_above(Upper(a) * Upper(b), static_cast<Long>(a) * b);
      if (b > 0) expect_above(Upper(a) / b, static_cast<Long>(a) / b);
      expect_above(hypot(Upper(a), Upper(b)),
                   std::sqrt(static_cast<Long>(a) * a + static_cast<Long>(b) * b));
      expect_above(sqrt(Upper(a)), std::sqrt(static_cast<Long>(a)));
    }
}

TEST(Upper, ExactZerosStayZeroAndNothingElseBecomesIt) {
  EXPECT_EQ((Upper() + Upper()).value(), 0);
  EXPECT_EQ((Upper() * Upper(kInfinity)).value(), 0);
  EXPECT_EQ((Upper() / 3).value(), 0);
  EXPECT_EQ(sqrt(Upper()).value(), 0);
  EXPECT_EQ(Upper::relative(0, 7).value(), 0);
  EXPECT_GT((Upper(1e-200) * Upper(1e-200)).value(), 0);
  EXPECT_GT(Upper(kSmallestPositive).scaled(0x1p-900).value(), 0);
  EXPECT_GT(Upper::rounded(0, 7).value(), 0);
}

TEST(Upper, ExactSumsAndPowersOfTwoAreExact) {
  EXPECT_EQ((Upper(0.5) + Upper(0.25)).value(), 0.75);
  EXPECT_EQ((Upper() + Upper(kSmallestPositive)).value(), kSmallestPositive);
  EXPECT_EQ((Upper(1) + Upper(kEpsilon / 2)).value(), 1 + kEpsilon);
  EXPECT_EQ((Upper(1 + kEpsilon) + Upper(kEpsilon / 2)).value(), 1 + 2 * kEpsilon);
  EXPECT_EQ(ldexp(Upper(kSmallestPositive), 2000).value(), std::ldexp(1.0, 926));
  EXPECT_EQ(ldexp(Upper(), 2000).value(), 0);
  EXPECT_EQ(Upper(0.1).scaled(1024).value(), 102.4);
  EXPECT_EQ(Upper(0.1).scaled(0x1p-900).value(), std::ldexp(0.1, -900));
}

TEST(Upper, InfinityStaysInfinityAndNotANumberStaysThat) {
  EXPECT_EQ((Upper(kInfinity) + Upper(1)).value(), kInfinity);
  EXPECT_EQ((Upper(1e200) * Upper(1e200)).value(), kInfinity);
  EXPECT_TRUE(std::isnan((Upper(NAN) + Upper(1)).value()));
}

/// Sums of n terms in double, as the library adds them up, against the long double sum.
TEST(Upper, RoundedChargesEveryOperationOfASum) {
  std::mt19937_64 engine(2);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int n = 1; n < 2000; n += 37) {
    double sum = 0;
    Long exact = 0;
    for (int k = 0; k < n; ++k) {
      const double x = uniform(engine);
      sum += x * x;
      exact += static_cast<Long>(x) * x;
    }
    EXPECT_GE(static_cast<Long>(Upper::rounded(sum, 2 * n).value()), exact);
    EXPECT_GE(static_cast<Long>(Upper::relative(sum, 2 * n).value()), exact);
    EXPECT_LE(static_cast<Long>(lower_bound_of(sum, 2 * n)), exact);
  }
}

TEST(Upper, DistancesCountSquaresThatVanished) {
  EXPECT_GE(distance_above(0, 3).value(), 1e-162 * std::sqrt(3));  // of (1e-162, 1e-162, 1e-162)
  EXPECT_LT(distance_above(0, 3).value(), 1e-160);
  EXPECT_GE(distance_above(1, 3).value(), 1);
}

}  // namespace
}  // namespace wquant
