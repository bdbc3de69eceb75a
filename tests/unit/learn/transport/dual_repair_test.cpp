#include "learn/transport/dual_repair.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/limits.hpp"
#include "base/random.hpp"

namespace wquant {
namespace {

/// By how much the worst of the inequalities y_i / a_i + y_j / b_j ≥ g_ij is missed, in long
/// double.
long double worst_violation(const std::vector<double>& gains, const Capacities& capacities,
                            const std::vector<double>& y) {
  const std::size_t m = y.size();
  long double worst = -HUGE_VALL;
  for (std::size_t i = 0; i < m; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      if (i == j || capacities.source[i] == 0 || capacities.sink[j] == 0) continue;
      worst =
          std::max(worst, gains[i * m + j] - static_cast<long double>(y[i]) / capacities.source[i] -
                              static_cast<long double>(y[j]) / capacities.sink[j]);
    }
  return worst;
}

TEST(Prices, AreQuotientsRoundedDownwards) {
  const std::vector<double> prices = prices_of({1, 2, 0, 1}, {3, 0, 5, 0.5});
  EXPECT_LE(prices[0], 1 / 3.0L);
  EXPECT_NEAR(prices[0], 1 / 3.0, 1e-15);
  EXPECT_EQ(prices[1], kInfinity);  // has no part in any inequality
  EXPECT_EQ(prices[2], 0);
  EXPECT_NEAR(prices[3], 2, 1e-14);
}

/// Two regions: y_0 / ½ + y_1 / ¼ ≥ 3 and y_1 / ½ + y_0 / 1 ≥ 1.
TEST(Repair, RaisesWhatIsTooSmallAndLowersWhatIsTooLarge) {
  const std::vector<double> gains = {0, 3, 1, 0};
  const Capacities capacities{{0.5, 0.5}, {1, 0.25}};
  std::vector<double> y = {0, 0};
  repair(gains, capacities, y);  // y_0 = max(½ · 3, 1 · 1), then y_1 may be 0
  EXPECT_NEAR(y[0], 1.5, 1e-14);
  EXPECT_GE(y[0], 1.5);
  EXPECT_NEAR(y[1], 0, 1e-14);
  y = {9, 0.75};
  repair(gains, capacities, y);  // y_1 alone meets the first, and the second: ¾ / ½ ≥ 1
  EXPECT_NEAR(y[0], 0, 1e-14);
  EXPECT_NEAR(y[1], 0.75, 1e-14);
}

/// 21 regions, so that blocks of eight end in the middle; some have no capacity, some next to none.
class RandomProgram : public ::testing::Test {
 protected:
  static constexpr std::size_t kRegions = 21;

  void draw(std::uint64_t seed) {
    std::uint64_t counter = 0;
    const auto next = [&] { return uniform(seed, counter++); };
    gains_.clear();
    capacities_ = {};
    for (std::size_t e = 0; e < kRegions * kRegions; ++e) gains_.push_back(2 * next() - 1);
    for (std::size_t i = 0; i < kRegions; ++i) {
      capacities_.source.push_back(i % 5 == 0 ? 0 : i % 7 == 1 ? 1e-9 : next());
      capacities_.sink.push_back(i % 4 == 1 ? 0 : next());
      y_[i] = next();
    }
  }

  std::vector<double> gains_;
  Capacities capacities_;
  std::vector<double> y_ = std::vector<double>(kRegions);
};

TEST_F(RandomProgram, RepairedHoldsInLongDoubleAndIsNoLargerThanItMustBe) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    draw(seed);
    repair(gains_, capacities_, y_);
    EXPECT_LE(worst_violation(gains_, capacities_, y_), 0);
    std::vector<double> again = y_;
    repair(gains_, capacities_, again);
    for (std::size_t i = 0; i < kRegions; ++i) {
      EXPECT_GE(y_[i], 0);
      EXPECT_LE(again[i], y_[i] + 1e-14);
      std::vector<double> smaller = again;
      smaller[i] = smaller[i] * (1 - 1e-6) - 1e-12;
      if (again[i] > 1e-9) {
        EXPECT_GT(worst_violation(gains_, capacities_, smaller), 0) << seed << ' ' << i;
      }
    }
  }
}

/// Those with the capacity 10⁻⁹ are raised, and none of the others for their sake.
TEST_F(RandomProgram, WhatHasNextToNoCapacityIsRaisedItself) {
  draw(60);
  repair(gains_, capacities_, y_);
  const std::vector<std::size_t> slight = {1, 8};
  for (const std::size_t i : slight) y_[i] = 0;
  std::vector<double> expected = y_;
  raise_slight(gains_, capacities_, y_);
  for (const std::size_t i : slight) {
    EXPECT_GT(y_[i], 0);
    EXPECT_LT(y_[i], 2e-9);
    expected[i] = y_[i];
  }
  EXPECT_EQ(y_, expected);
  const std::vector<double> as_source = prices_of(y_, capacities_.source);
  const std::vector<double> as_sink = prices_of(y_, capacities_.sink);
  for (const std::size_t i : slight)
    for (std::size_t j = 0; j < kRegions; ++j) {
      if (i == j || capacities_.sink[j] == 0) continue;
      EXPECT_GE(as_source[i] + as_sink[j], gains_[i * kRegions + j] - 1e-12) << i << ' ' << j;
    }
}

}  // namespace
}  // namespace wquant
