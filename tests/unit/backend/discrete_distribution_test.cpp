#include "wquant/discrete_distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "wquant/error.hpp"

namespace wquant {
namespace {

DiscreteDistribution make(std::vector<double> locations, std::int64_t dimension,
                          std::vector<double> probabilities) {
  return {Array<double>::from_host(locations, dimension), Array<double>::from_host(probabilities)};
}

TEST(DiscreteDistribution, KnowsItsMoments) {
  const auto distribution = make({0, 0, 4, 2}, 2, {0.75, 0.25});
  EXPECT_EQ(distribution.size(), 2);
  EXPECT_EQ(distribution.dimension(), 2);
  EXPECT_EQ(distribution.mean(), (std::vector<double>{1, 0.5}));
  EXPECT_EQ(distribution.covariance(), (std::vector<double>{3, 1.5, 1.5, 0.75}));
}

TEST(DiscreteDistribution, CopiesToHost) {
  const auto copy = make({1, 2}, 1, {0.5, 0.5}).to_host();
  EXPECT_EQ(copy.locations()(1), 2);
}

TEST(DiscreteDistribution, IsARangeOfItsPoints) {
  const auto distribution = make({1, 2, 3, 4}, 2, {0.25, 0.75});
  std::vector<double> seen;
  for (const auto& [location, probability] : distribution) {
    EXPECT_EQ(location.size(), 2);
    seen.insert(seen.end(), location.begin(), location.end());
    seen.push_back(probability);
  }
  EXPECT_EQ(seen, (std::vector<double>{1, 2, 0.25, 3, 4, 0.75}));
  EXPECT_EQ(distribution[1].location[0], 3);
  EXPECT_EQ(distribution[1].probability, 0.75);
  static_assert(std::forward_iterator<DiscreteDistribution::Iterator>);
}

TEST(DiscreteDistribution, RefusesWhatIsNoDistribution) {
  EXPECT_THROW(make({}, 1, {}), InvalidArgument);
  EXPECT_THROW(make({1, 2}, 1, {1}), InvalidArgument);
  EXPECT_THROW(make({1, 2}, 1, {0.5, 0.4}), InvalidArgument);
  EXPECT_THROW(make({1, 2}, 1, {1.5, -0.5}), InvalidArgument);
  EXPECT_THROW(make({1, NAN}, 1, {0.5, 0.5}), InvalidArgument);
  EXPECT_THROW(make({1, 2}, 1, {NAN, 1}), InvalidArgument);
}

}  // namespace
}  // namespace wquant
