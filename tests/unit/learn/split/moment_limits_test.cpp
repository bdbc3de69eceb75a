#include "learn/split/moment_limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/split.hpp"
#include "wquant/confidence.hpp"
#include "wquant/error.hpp"

// The formulas of design/learning.md B3 evaluated anew, in long double.

namespace wquant {
namespace {

using Long = long double;

TEST(MomentSums, VarianceSurvivesCancellation) {
  // n numbers 1 ± 1e-7 about a mean of 1: ΣZ² − (ΣZ)²/n loses 14 digits.
  const double n = 1e6;
  const DoubleDouble sum{n, 0};
  const DoubleDouble square{n, n * 1e-14};
  const auto [mean, deviation] = mean_and_deviation_above(sum, square, n);
  EXPECT_GE(mean.value(), 1);
  EXPECT_LE(mean.value(), 1 + 1e-12);
  EXPECT_GE(deviation.value(), 1e-7 * std::sqrt(n / (n - 1)));
  EXPECT_LE(deviation.value(), 1e-6);
  EXPECT_GE(mean_and_deviation_above({n, 0}, {n * (1 - 1e-15), 0}, n).deviation.value(), 0);
  EXPECT_EQ(mean_and_deviation_above({0, 0}, {0, 0}, n).deviation.value(), 0);
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
      const double limit = betting_upper({x.data(), n}, 1, beta).value();
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
  EXPECT_NEAR(4 * betting_upper({halves.data(), 1000}, 1, 0.01).value(),
              betting_upper({twos.data(), 1000}, 4, 0.01).value(), 1e-10);
  EXPECT_LT(betting_upper({zeros.data(), 1000}, 1, 0.01).value(), 0.02);
  EXPECT_GT(betting_upper({zeros.data(), 1000}, 1, 0.01).value(), 0.0);
  const std::vector<double> ones(1000, 1.0);
  EXPECT_EQ(betting_upper({ones.data(), 1000}, 1, 0.01).value(), 1.0);
}

/// One ball of radius 2 in the middle of [0, 10]: Z is at most 2^ρ in it and 5^ρ outside.
Partition one_ball() { return Partition(Box({0}, {10}), {5}, {2}); }

TEST(MomentLimits, RangesAreThoseOfTheBallAndOfTheBox) {
  for (const int order : {1, 2}) {
    const MomentLimits limits(one_ball(), order);
    EXPECT_EQ(limits.regions(), 2u);
    EXPECT_GE(limits.inside_range(), std::pow(2, order));
    EXPECT_LE(limits.inside_range(), std::pow(2, order) * (1 + 1e-14));
    EXPECT_NEAR(limits.outside_range(), std::pow(5, order), 1e-13);
  }
  // A ball that reaches beyond the box holds no more than the box does.
  EXPECT_NEAR(MomentLimits(Partition(Box({0}, {10}), {5}, {50}), 1).inside_range(), 5, 1e-13);
}

/// Of n samples at a distance of 1 from the centre and none outside, at β / 2 each: the mean 1, no
/// deviation, 7 · 2 log(4 / β) / (3 (n − 1)), and 5 times what may lie outside unseen.
TEST(MomentLimits, StratifiedIsBernsteinInsideAndClopperPearsonOutside) {
  const Partition partition = one_ball();
  RegionStatistics statistics = test::empty_statistics(partition, 1);
  statistics.count = {1000, 0};
  statistics.sum[0] = statistics.square[0] = {1000, 0};
  const double beta = 0.02;
  const double exact =
      1 + 7 * 2 * std::log(4 / beta) / (3.0 * 999) + 5 * clopper_pearson_upper(0, 1000, beta / 2);
  const MomentLimits limits(partition, 1);
  const double limit = limits.upper(Moment::stratified, statistics, 1000, 0, beta).value();
  EXPECT_GE(limit, exact * (1 - 1e-14));
  EXPECT_LE(limit, exact * (1 + 1e-6));
  // All in one, with the range 5.
  EXPECT_NEAR(limits.upper(Moment::bernstein, statistics, 1000, 0, beta).value(),
              1 + 7 * 5 * std::log(2 / beta) / (3.0 * 999), 1e-6);
}

TEST(MomentLimits, RefuseWhatCannotBeOfTheirSamples) {
  const Partition partition = one_ball();
  const MomentLimits limits(partition, 1);
  RegionStatistics statistics = test::empty_statistics(partition, 1);
  statistics.count = {2, 0};
  statistics.sum[0] = {1.5, 0};
  EXPECT_NO_THROW(limits.require_consistent(statistics));
  const double inside[] = {0.5, 1};
  EXPECT_NO_THROW(limits.require_consistent(statistics, {inside, 2}));
  EXPECT_THROW(limits.require_consistent(statistics, {inside, 1}), InvalidArgument);
  const double others[] = {0.5, 0.75};  // with another sum
  EXPECT_THROW(limits.require_consistent(statistics, {others, 2}), InvalidArgument);
  const double beyond[] = {-1.5, 3};
  EXPECT_THROW(limits.require_consistent(statistics, {beyond, 2}), InvalidArgument);
  statistics.farthest[0] = 2.5;
  EXPECT_THROW(limits.require_consistent(statistics), InvalidArgument);
}

}  // namespace
}  // namespace wquant
