#include "learn/transport/discrete_transport.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/transport_cases.hpp"
#include "support/transport_flow.hpp"

namespace wquant {
namespace {

double cost(const std::vector<double>& locations, std::int64_t d, const std::vector<double>& from,
            const std::vector<std::int64_t>& counts, int order) {
  const Context context = Context::cpu();
  return discrete_transport_cost(context,
                                 {locations.data(), static_cast<std::int64_t>(from.size()), d},
                                 from, counts, order, 0, Deadline(60))
      .value();
}

TEST(DiscreteTransport, TravelsThroughTheMiddleWhenSquaresAreDear) {
  // One unit of four moves from 0 to 2: directly 4, in two steps 1 + 1.
  const std::vector<double> locations{0, 1, 2};
  EXPECT_NEAR(cost(locations, 1, {0.5, 0.25, 0.25}, {1, 1, 2}, 2), 0.5, 1e-9);
  EXPECT_NEAR(cost(locations, 1, {0.5, 0.25, 0.25}, {1, 1, 2}, 1), 0.5, 1e-9);
}

TEST(DiscreteTransport, OfEqualDistributionsIsNothing) {
  EXPECT_LE(cost({0, 1, 2}, 1, {0.25, 0.25, 0.5}, {1, 1, 2}, 2), 1e-12);
}

TEST(DiscreteTransport, BetweenCoincidentLocationsIsNothing) {
  EXPECT_LE(cost({1, 1, 1}, 1, {0.25, 0.25, 0.5}, {4, 0, 0}, 2), 1e-300);
}

TEST(DiscreteTransport, IsTheLeastCost) {
  test::RandomCases random(21);
  for (int trial = 0; trial < 40; ++trial) {
    const int order = 1 + trial % 2;
    const std::int64_t m = 2 + random.below(15);
    std::vector<double> locations;
    for (std::int64_t k = 0; k < 2 * m; ++k) locations.push_back(random.uniform());
    std::vector<std::int64_t> counts(m);
    std::vector<std::int64_t> other(m);
    for (int s = 0; s < 1024; ++s) {
      ++counts[random.below(m)];
      ++other[random.below(m / 2 + 1)];
    }
    std::vector<double> from;
    std::vector<long double> supply;
    std::vector<long double> demand;
    std::vector<long double> gains;
    constexpr long double kAbove = 10;
    for (std::int64_t i = 0; i < m; ++i) {
      from.push_back(static_cast<double>(other[i]) / 1024);
      supply.push_back(from.back());
      demand.push_back(static_cast<long double>(counts[i]) / 1024);
      for (std::int64_t j = 0; j < m; ++j) {
        const long double x = static_cast<long double>(locations[2 * i]) - locations[2 * j];
        const long double y = static_cast<long double>(locations[2 * i + 1]) - locations[2 * j + 1];
        const long double square = x * x + y * y;
        gains.push_back(kAbove - (order == 2 ? square : std::sqrt(square)));
      }
    }
    const auto expected =
        static_cast<double>(kAbove - test::TransportFlow(supply, demand, gains).value());
    const double found = cost(locations, 2, from, counts, order);
    EXPECT_GE(found, expected - 1e-16);
    EXPECT_NEAR(found, expected, 1e-10);
  }
}

TEST(DiscreteTransport, OfManyAtomsStaysWithinMemory) {
  test::RandomCases random(22);
  const std::int64_t m = 1500;
  std::vector<double> locations;
  std::vector<double> from;
  std::vector<std::int64_t> counts;
  for (std::int64_t k = 0; k < m; ++k) {
    locations.push_back(static_cast<double>(k));
    from.push_back(1 / static_cast<double>(m));
    counts.push_back(k % 2 == 0 ? 2 : 0);
  }
  // Half of the atoms send their mass one step; a chain would do no better.
  EXPECT_NEAR(cost(locations, 1, from, counts, 2), 0.5, 1e-7);
}

}  // namespace
}  // namespace wquant
