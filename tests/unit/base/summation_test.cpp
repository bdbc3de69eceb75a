// Covers also: double_double.
#include "base/summation.hpp"

#include <gtest/gtest.h>

#include "base/double_double.hpp"
#include "base/limits.hpp"

namespace wquant {
namespace {

double compensated(std::initializer_list<double> terms) {
  CompensatedSum sum;
  for (const double x : terms) sum += x;
  return sum.value();
}

TEST(CompensatedSum, KeepsWhatLargeTermsHide) {
  EXPECT_EQ(compensated({}), 0);
  EXPECT_EQ(compensated({1, 1e100, 1, -1e100}), 2);
  EXPECT_EQ(compensated({1e100, 1, -1e100}), 1);
  EXPECT_EQ(compensated({0x1p53, 1, 1, 1, 1}), 0x1p53 + 4);
}

TEST(CompensatedSum, OfAMillionTermsIsAsGoodAsOfOne) {
  CompensatedSum sum;
  double naive = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    sum += 0.1;
    naive += 0.1;
  }
  const long double exact = 1e6L * static_cast<long double>(0.1);  // of the double next to 0.1
  const long double error = sum.value() - exact;
  EXPECT_LE(error * error, 9 * kEpsilon * kEpsilon * exact * exact);
  EXPECT_GT(naive - exact, 1000 * kEpsilon * exact);
}

TEST(DoubleDouble, TwoSumLosesNothing) {
  const DoubleDouble sum = two_sum(1, 1e-20);
  EXPECT_EQ(sum.high, 1);
  EXPECT_EQ(sum.low, 1e-20);
  for (const auto& [a, b] : {std::pair{0x1p53, 1.0}, {1.0, 0x1p53}}) {
    const DoubleDouble tie = two_sum(a, b);  // rounds to even
    EXPECT_EQ(tie.high, 0x1p53);
    EXPECT_EQ(tie.low, 1);
  }
  EXPECT_EQ(two_sum(3, -3).low, 0);
}

TEST(DoubleDouble, AddsUpWhatIsBelowTheLastBit) {
  double high = 1;
  double low = 0;
  for (int i = 0; i < 1024; ++i) add_to_pair(high, low, 0x1p-60);
  EXPECT_EQ(high, 1);
  EXPECT_EQ(low, 0x1p-50);
}

TEST(DoubleDouble, NormalisedHasTheSameValueInItsNearestDouble) {
  double high = 1;
  double low = 3 * 0x1p-53;
  normalise_pair(high, low);
  EXPECT_EQ(high, 1 + 0x1p-51);
  EXPECT_EQ(low, -0x1p-53);
}

TEST(DoubleDouble, SumIsNormalisedAndDoesNotDependOnTheOrder) {
  const DoubleDouble a{0x1p53, 1};
  const DoubleDouble b{1, 0x1p-40};
  for (const DoubleDouble& sum : {a + b, b + a}) {
    EXPECT_EQ(sum.high, 0x1p53 + 2);
    EXPECT_EQ(sum.low, 0x1p-40);
  }
}

}  // namespace
}  // namespace wquant
