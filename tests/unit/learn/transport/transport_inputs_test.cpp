#include "learn/transport/transport_inputs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Balls of radius 1 about 2 and of radius 2 about 7 in [0, 10]; the outer region is about 5.
Partition two_balls() { return Partition(Box({0}, {10}), {2, 7}, {1, 2}); }

RegionStatistics counted(const Partition& partition, int order, std::vector<std::int64_t> counts) {
  RegionStatistics out;
  out.order = order;
  out.partition = partition.fingerprint();
  out.count = std::move(counts);
  return out;
}

TransportInputs inputs_of(int order, Costs costs, std::vector<std::int64_t> counts) {
  const Partition partition = two_balls();
  return transport_inputs(Context::cpu(), partition, counted(partition, order, std::move(counts)),
                          {.beta = 0.01, .costs = costs});
}

void expect_just_above(const std::vector<double>& values, const std::vector<double>& exact) {
  ASSERT_EQ(values.size(), exact.size());
  for (std::size_t k = 0; k < exact.size(); ++k) {
    EXPECT_GE(values[k], exact[k]) << k;
    EXPECT_LE(values[k], exact[k] + 1e-12) << k;
  }
}

/// c_ij = (|c_i − c_j| + θ_i)^ρ, g_ij = c_ij − c_jj.
TEST(TransportInputs, CostsOfThePaper) {
  const TransportInputs first = inputs_of(1, Costs::paper, {60, 40, 0});
  expect_just_above(first.own, {1, 2, 5});
  expect_just_above(first.gains, {0, (5 + 1) - 2, (3 + 1) - 5,  //
                                  (5 + 2) - 1, 0, (2 + 2) - 5,  //
                                  (3 + 5) - 1, (2 + 5) - 2, 0});
  const TransportInputs second = inputs_of(2, Costs::paper, {60, 40, 0});
  expect_just_above(second.own, {1, 4, 25});
  expect_just_above(second.gains, {0, 36 - 4, 16 - 25, 49 - 1, 0, 16 - 25, 64 - 1, 49 - 4, 0});
}

/// The farthest corner: of the outer region, which is the whole box, 8 from 2 and 7 from 7; balls
/// reach as far as the paper's costs say.
TEST(TransportInputs, TightCostsEndAtTheBox) {
  const TransportInputs tight = inputs_of(1, Costs::tight, {60, 40, 0});
  expect_just_above(tight.gains, {0, 6 - 2, 4 - 5, 7 - 1, 0, 4 - 5, 8 - 1, 7 - 2, 0});
  const Partition wide(Box({0}, {10}), {2}, {9});  // reaches 0 … 10: 8 from its own centre
  const TransportInputs inputs = transport_inputs(Context::cpu(), wide, counted(wide, 1, {5, 0}),
                                                  {.beta = 0.01, .costs = Costs::tight});
  expect_just_above(inputs.own, {8, 5});
}

/// Between (5, 4) and (2, 0) in [0, 10] × [0, 4] balls of radius 1 reach 1 farther across, but no
/// farther up or down: √(4² + 4²), which is less than 5 + 1.
TEST(TransportInputs, TightCostsEndAtTheBallWhereTheBoxGoesOn) {
  const Partition partition(Box({0, 0}, {10, 4}), {5, 4, 2, 0}, {1, 1});
  const TransportInputs inputs =
      transport_inputs(Context::cpu(), partition, counted(partition, 1, {5, 5, 0}),
                       {.beta = 0.01, .costs = Costs::tight});
  const double exact = std::sqrt(32.0) - 1;
  EXPECT_NEAR(inputs.gains[1], exact, 1e-13);
  EXPECT_NEAR(inputs.gains[3], exact, 1e-13);
}

TEST(TransportInputs, CapacitiesAreDistancesToTheLimits) {
  const TransportInputs inputs = inputs_of(1, Costs::tight, {60, 40, 0});
  EXPECT_EQ(inputs.probabilities, (std::vector<double>{0.6, 0.4, 0}));
  for (std::size_t k = 0; k < 3; ++k)
    EXPECT_NEAR(inputs.capacities.source[k], inputs.limits.upper[k] - inputs.probabilities[k],
                1e-15);
  EXPECT_NEAR(inputs.capacities.sink[0], 0.6 - inputs.limits.lower[0], 1e-15);
  EXPECT_EQ(inputs.capacities.sink[2], 0);  // has nothing to lose
  EXPECT_NEAR(inputs.base.value(), 0.6 * 1 + 0.4 * 2, 1e-14);
  EXPECT_GE(inputs.base.value(), 1.4);
  EXPECT_EQ(inputs_of(1, Costs::tight, {7, 0, 0}).capacities.source[0], 0);  // holds all there is
}

TEST(TransportInputs, SayWhatIsWrongWithStatistics) {
  const Partition partition = two_balls();
  EXPECT_EQ(statistics_defect(partition, counted(partition, 2, {1, 2, 3})), "");
  const auto starts_with = [&](const RegionStatistics& statistics, const std::string& text) {
    return statistics_defect(partition, statistics).starts_with(text);
  };
  EXPECT_TRUE(starts_with(counted(partition, 3, {1, 2, 3}), "statistics order: 3;"));
  EXPECT_TRUE(starts_with(counted(partition, 1, {1, 2}), "statistics count: 2 regions;"));
  EXPECT_TRUE(starts_with(counted(partition, 1, {1, -2, 3}), "statistics count[1]: -2;"));
  EXPECT_TRUE(starts_with(counted(partition, 1, {0, 0, 0}), "statistics count: no samples;"));
  const Partition other(Box({0}, {10}), {2, 7}, {1, 1});
  EXPECT_TRUE(starts_with(counted(other, 1, {1, 2, 3}), "statistics partition: "));
  for (const double beta : {0.0, 1.0, std::nan("")})
    EXPECT_THROW(transport_inputs(Context::cpu(), partition, counted(partition, 1, {1, 2, 3}),
                                  {.beta = beta}),
                 InvalidArgument);
}

TEST(TransportInputs, SumsAreAboveTheirExactValues) {
  EXPECT_GE(sum_above({0.1, 0.2, 0.3}).value(), 0.1L + 0.2L + 0.3L);
  EXPECT_NEAR(weighted_sum({0.5, 0.25}, {3, 4}).value(), 2.5, 1e-14);
  EXPECT_GE(weighted_sum({0.5, 0.25}, {3, 4}).value(), 2.5);
}

}  // namespace
}  // namespace wquant
