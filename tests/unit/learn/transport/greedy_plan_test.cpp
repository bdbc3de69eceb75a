#include "learn/transport/greedy_plan.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace wquant {
namespace {

/// Regions 0 and 1 may gain 0.3 and 0.2, all may lose: 0 by 0.5, 1 by 0.1 and 2 by 0.25.
const Capacities kCapacities{{0.3, 0.2, 0}, {0.5, 0.1, 0.25}};
/// From the row's gain to the column's loss.
const std::vector<double> kGains = {0, 5, 4, 1, 0, 2, 9, 9, 0};

TEST(GreedyPlan, TakesTheLargestGainFirstAndKeepsRoles) {
  const std::vector<Move> plan = greedy_plan(kGains, kCapacities);
  // 0 gains 0.1 of 1 at 5; 1 is a sink from then on. The other 0.2 of 0 come from 2 at 4.
  ASSERT_EQ(plan.size(), 2u);
  EXPECT_EQ(plan[0].source, 0);
  EXPECT_EQ(plan[0].sink, 1);
  EXPECT_EQ(plan[0].flow, 0.1);
  EXPECT_EQ(plan[1].source, 0);
  EXPECT_EQ(plan[1].sink, 2);
  EXPECT_NEAR(plan[1].flow, 0.2, 1e-16);
  EXPECT_NEAR(plan_value(kGains, kCapacities, plan), 0.5 + 0.8, 1e-14);
  EXPECT_LE(plan_value(kGains, kCapacities, plan), 1.3L);
  EXPECT_TRUE(greedy_plan({0, -1, -1, 0}, {{1, 1}, {1, 1}}).empty());  // nothing gains
}

TEST(PlanValue, IsWhatCapacitiesAllow) {
  // Where 2 can lose 0.25 alone, 0.6 are scaled down to that; where 0 can gain 0.3, to half.
  EXPECT_NEAR(plan_value(kGains, kCapacities, {{0, 2, 0.6}}), 0.25 * 4, 1e-14);
  EXPECT_NEAR(plan_value(kGains, kCapacities, {{0, 1, 0.05}, {0, 2, 0.55}}),
              (0.05 * 5) / 2 + 0.25 * 4, 1e-14);
  EXPECT_EQ(plan_value(kGains, kCapacities, {{0, 1, 0.1}, {1, 2, 0.1}}), 0);  // 1 has both roles
  EXPECT_EQ(plan_value(kGains, kCapacities, {{0, 1, -0.1}}), 0);
  EXPECT_EQ(plan_value(kGains, kCapacities, {}), 0);
}

TEST(LargerRoles, LeavesEachRegionOneRole) {
  const Capacities roles = larger_roles(kCapacities, {{0, 1, 0.1}, {1, 2, 0.15}, {0, 2, 0.05}});
  EXPECT_EQ(roles.source, (std::vector<double>{0.3, 0.2, 0}));
  EXPECT_EQ(roles.sink, (std::vector<double>{0, 0, 0.25}));  // 1 gains more than it loses
  const Capacities none = larger_roles(kCapacities, {});
  EXPECT_EQ(none.sink, (std::vector<double>{0, 0, 0}));
}

}  // namespace
}  // namespace wquant
