#include "learn/split/discrete_rule.hpp"

#include <gtest/gtest.h>

#include "support/routing.hpp"

namespace wquant {
namespace {

using test::AtomProblem;
using test::plane_problem;

constexpr double kBeta = 1e-3;

class Rule : public ::testing::Test {
 protected:
  const AtomProblem problem_ = plane_problem(30, 3);
  const std::vector<std::int64_t> many_ = std::vector<std::int64_t>(30, 100'000);

  DiscreteRule rule(const SplitOptions& options) const {
    return {Context::cpu(), {problem_.atoms.data(), 30, 2},
            problem_.mass,  many_,
            /*order=*/2,    options};
  }
};

TEST_F(Rule, OfTheTreeIsItsLimit) {
  const DiscreteRule::Limit limit =
      rule({.beta = kBeta, .discrete = DiscreteTerm::tree}).limit(many_, kBeta);
  EXPECT_EQ(limit.distance, problem_.tree(2).limit(many_, kBeta).distance);
  EXPECT_FALSE(limit.routed);
  EXPECT_EQ(limit.capacity, Upper());
}

TEST_F(Rule, OfTheRoutingIsItsLimitWithinItsCapacity) {
  const DiscreteRule::Limit limit =
      rule({.beta = kBeta, .discrete = DiscreteTerm::routed, .neighbours = 4}).limit(many_, kBeta);
  const RoutingLimit routed = problem_.routing(4, 2).limit(many_, kBeta);
  ASSERT_LE(routed.capacity, Upper(1));
  EXPECT_TRUE(limit.routed);
  EXPECT_NEAR(limit.distance.value(), routed.distance.value(), 1e-13);
  EXPECT_NEAR(limit.capacity.value(), routed.capacity.value(), 1e-13);
}

/// The tree has an eighth of β then.
TEST_F(Rule, FallsBackToTheTreeBeyondTheCapacity) {
  const DiscreteRule routed =
      rule({.beta = kBeta, .discrete = DiscreteTerm::routed, .neighbours = 4});
  const std::vector<std::int64_t> few(30, 3);
  const DiscreteRule::Limit limit = routed.limit(few, kBeta);
  EXPECT_GT(limit.capacity, Upper(1));
  EXPECT_FALSE(limit.routed);
  EXPECT_EQ(limit.distance, problem_.tree(2).limit(few, kBeta / 8).distance);
}

TEST_F(Rule, AutomaticTakesTheSmallerOfBothPredictions) {
  const Upper automatic = rule({.beta = kBeta}).limit(many_, kBeta / 2).distance;
  const Upper tree = problem_.tree(2).limit(many_, kBeta / 2).distance;
  EXPECT_LT(automatic, tree);
}

/// One place leaves nothing to route.
TEST(DiscreteRule, OfCoincidentAtomsCostsNothing) {
  const double atoms[] = {1, 2, 1, 2};
  const DiscreteRule rule(Context::cpu(), {atoms, 2, 2}, {0.5, 0.5}, {50, 50}, 1, {});
  const DiscreteRule::Limit limit = rule.limit({40, 60}, kBeta);
  EXPECT_FALSE(limit.routed);
  EXPECT_LT(limit.distance, Upper(1e-150));
}

}  // namespace
}  // namespace wquant
