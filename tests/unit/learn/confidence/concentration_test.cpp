#include "learn/confidence/concentration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

// The formulas of design/learning.md B3 and B6 evaluated anew, in long double: what is returned is
// never below them and hardly above.

namespace wquant {
namespace {

using Long = long double;

void expect_just_above(Upper value, Long exact, double slack = 1e-11) {
  EXPECT_GE(static_cast<Long>(value.value()), exact);
  EXPECT_LE(static_cast<Long>(value.value()), exact * (1 + static_cast<Long>(slack)));
}

Long bernstein(Long mean, Long variance, Long total, Long range, Long beta) {
  const Long t = std::log(2 / beta);
  return mean + std::sqrt(2 * variance * t / total) + 7 * range * t / (3 * (total - 1));
}

TEST(Concentration, EmpiricalBernsteinIsItsFormula) {
  for (const double beta : {0.3, 1e-6, 1e-200})
    for (const double total : {2.0, 100.0, 1e12})
      expect_just_above(bernstein_upper(Upper(0.2), Upper(0.1), total, 3, beta),
                        bernstein(0.2L, 0.01L, total, 3, beta), 1e-13);
  expect_just_above(bernstein_upper({}, {}, 100, 1, 0.1), bernstein(0, 0, 100, 1, 0.1L), 1e-13);
}

TEST(Concentration, McDiarmidIsItsFormula) {
  for (const double beta : {0.3, 1e-9})
    expect_just_above(mcdiarmid_margin(2, 500, beta),
                      2 * std::sqrt(std::log(1 / static_cast<Long>(beta)) / 1000), 1e-13);
}

TEST(Concentration, SupremumIsTheSmallerOfBousquetAndMcDiarmid) {
  int bousquet_smaller = 0;
  for (const Long second_moment : {1e-6L, 1e-2L, 0.9L})
    for (const Long total : {10.0L, 1e5L}) {
      const Long expected = 0.3L / std::sqrt(total);
      const Long t = std::log(1 / 1e-4L);
      const Long b = 2;
      const Long bousquet =
          std::sqrt(2 * t * (second_moment + 2 * b * expected) / total) + b * t / (3 * total);
      const Long mcdiarmid = b * std::sqrt(t / (2 * total));
      bousquet_smaller += bousquet < mcdiarmid ? 1 : 0;
      const double value =
          supremum_upper({.expected = Upper(static_cast<double>(expected)),
                          .second_moment = Upper(static_cast<double>(second_moment)),
                          .largest = Upper(1)},
                         static_cast<double>(total), 1e-4)
              .value();
      EXPECT_NEAR(value, static_cast<double>(expected + std::min(bousquet, mcdiarmid)),
                  1e-12 * value);
    }
  EXPECT_GT(bousquet_smaller, 0);
  EXPECT_LT(bousquet_smaller, 6);
}

TEST(Concentration, MeanOverAtomsIsThatOfTheirSamples) {
  const std::vector<double> values{0.5, 2, 0, 1};
  const std::vector<std::int64_t> counts{3, 1, 4, 2};
  Long sum = 0;
  Long squares = 0;
  for (std::size_t y = 0; y < 4; ++y) {
    sum += static_cast<Long>(values[y]) * counts[y];
    squares += static_cast<Long>(values[y]) * values[y] * counts[y];
  }
  const Long variance = (squares - sum * sum / 10) / 9;
  expect_just_above(mean_upper(values, Frequencies(counts), 0.01),
                    bernstein(sum / 10, variance, 10, 2, 0.01L));
  expect_just_above(mean_upper({7, 7}, Frequencies({5, 5}), 0.01), bernstein(7, 0, 10, 7, 0.01L));
}

}  // namespace
}  // namespace wquant
