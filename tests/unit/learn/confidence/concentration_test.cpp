#include "learn/confidence/concentration.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "learn/split/linkage_tree.hpp"
#include "learn/split/moment_limits.hpp"
#include "support/routing.hpp"

// The formulas of design/learning.md B3 and B6 evaluated anew, in long double: what is returned is
// never below them and hardly above.

namespace wquant {
namespace {

using Long = long double;

void expect_just_above(double value, Long exact, double slack = 1e-11) {
  EXPECT_GE(static_cast<Long>(value), exact);
  EXPECT_LE(static_cast<Long>(value), exact * (1 + static_cast<Long>(slack)));
}

Long bernstein(Long mean, Long variance, Long total, Long range, Long beta) {
  const Long t = std::log(2 / beta);
  return mean + std::sqrt(2 * variance * t / total) + 7 * range * t / (3 * (total - 1));
}

TEST(Concentration, EmpiricalBernsteinIsItsFormula) {
  for (const double beta : {0.3, 1e-6, 1e-200})
    for (const double total : {2.0, 100.0, 1e12})
      expect_just_above(bernstein_upper(0.2, 0.1, total, 3, beta),
                        bernstein(0.2L, 0.01L, total, 3, beta), 1e-13);
  expect_just_above(bernstein_upper(0, 0, 100, 1, 0.1), bernstein(0, 0, 100, 1, 0.1L), 1e-13);
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
      const double value = supremum_upper({.expected = static_cast<double>(expected),
                                           .second_moment = static_cast<double>(second_moment),
                                           .largest = 1},
                                          static_cast<double>(total), 1e-4);
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

TEST(MomentSums, VarianceSurvivesCancellation) {
  // n numbers 1 ± 1e-7 about a mean of 1: ΣZ² − (ΣZ)²/n loses 14 digits.
  const double n = 1e6;
  const DoubleDouble sum{n, 0};
  const DoubleDouble square{n, n * 1e-14};
  const auto [mean, deviation] = mean_and_deviation_above(sum, square, n);
  expect_just_above(mean, 1.0L, 1e-12);
  EXPECT_GE(deviation, 1e-7 * std::sqrt(n / (n - 1)));
  EXPECT_LE(deviation, 1e-6);
  EXPECT_GE(mean_and_deviation_above({n, 0}, {n * (1 - 1e-15), 0}, n).deviation, 0);
  EXPECT_EQ(mean_and_deviation_above({0, 0}, {0, 0}, n).deviation, 0);
}

Long capital(const std::vector<double>& x, Long m, Long beta) {
  Long sum = 0.5L;
  Long squares = 0.25L;
  Long seen = 1;
  Long log_capital = 0;
  for (const double value : x) {
    const Long stake =
        std::min(std::sqrt(2 * std::log(1 / beta) / (static_cast<Long>(x.size()) * squares / seen)),
                 0.75L / (1 - m));
    log_capital += std::log(1 + stake * (m - value));
    seen += 1;
    sum += value;
    squares += (value - sum / seen) * (value - sum / seen);
  }
  return log_capital;
}

TEST(Betting, LimitIsWhereTheCapitalIsMade) {
  std::mt19937_64 engine(3);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (const int n : {2, 50, 5000})
    for (const double beta : {0.3, 1e-6}) {
      std::vector<double> x;
      for (int i = 0; i < n; ++i) x.push_back(std::pow(uniform(engine), 4));
      const double limit = betting_upper({x.data(), n}, 1, beta);
      if (limit >= 1) continue;
      const Long wanted = std::log(1 / static_cast<Long>(beta));
      EXPECT_GE(capital(x, limit, beta), wanted);
      EXPECT_LT(capital(x, limit * (1 - 1e-9), beta), wanted);
    }
}

TEST(Betting, LimitScalesWithTheRangeAndNeverExceedsIt) {
  const std::vector<double> zeros(1000, 0.0);
  const std::vector<double> halves(1000, 0.5);
  const std::vector<double> twos(1000, 2.0);
  EXPECT_NEAR(4 * betting_upper({halves.data(), 1000}, 1, 0.01),
              betting_upper({twos.data(), 1000}, 4, 0.01), 1e-10);
  EXPECT_LT(betting_upper({zeros.data(), 1000}, 1, 0.01), 0.02);
  EXPECT_GT(betting_upper({zeros.data(), 1000}, 1, 0.01), 0.0);
  const std::vector<double> ones(1000, 1.0);
  EXPECT_EQ(betting_upper({ones.data(), 1000}, 1, 0.01), 1.0);
}

}  // namespace
}  // namespace wquant
