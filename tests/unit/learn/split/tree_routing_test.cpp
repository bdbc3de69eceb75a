#include "learn/split/tree_routing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/routing.hpp"
#include "wquant/confidence.hpp"

namespace wquant {
namespace {

using test::AtomProblem;
using test::members;
using test::random_problem;
using Long = long double;

/// 0 and 1 are joined at the height 1, 3 with both at 3: half of what each climbs, in units of D
/// = 3.
TEST(TreeRouting, CostsAreHalfOfTheClimbToTheNextHub) {
  const AtomProblem problem({0, 1, 3}, 1, {0.25, 0.25, 0.5});
  const TreeRouting first = problem.tree(1);
  EXPECT_NEAR(first.diameter(), 3, 1e-14);
  ASSERT_EQ(first.cost().size(), 4u);
  EXPECT_NEAR(first.cost()[0], 1.0 / 6, 1e-15);
  EXPECT_NEAR(first.cost()[1], 1.0 / 6, 1e-15);
  EXPECT_NEAR(first.cost()[2], 3.0 / 6, 1e-15);
  EXPECT_NEAR(first.cost()[3], 2.0 / 6, 1e-15);  // of the hub of 0 and 1
  const TreeRouting second = problem.tree(2);
  EXPECT_NEAR(second.cost()[0], 1.0 / 18, 1e-15);
  EXPECT_NEAR(second.cost()[3], (9.0 - 1) / 18, 1e-15);
}

/// ½ Σ_A (h(A↑)^ρ − h(A)^ρ) sqrt(p (1 − p) / N) + D^ρ sqrt(ln(2 / β) / 2N), B3.
Long tree_limit(const AtomProblem& problem, const LinkageTree& tree,
                const std::vector<std::int64_t>& counts, int order, double beta) {
  const auto clusters = members(tree);
  Long total = 0;
  for (const std::int64_t count : counts) total += count;
  Long sum = 0;
  for (std::size_t node = 0; node + 1 < clusters.size(); ++node) {
    std::int64_t count = 0;
    for (const std::int64_t a : clusters[node]) count += counts[a];
    const double upper =
        clopper_pearson_upper(count, static_cast<std::int64_t>(total),
                              beta / 2 / static_cast<double>(2 * problem.size() - 2));
    const Long p = std::min(static_cast<Long>(upper), 0.5L);
    const Long above = std::pow(static_cast<Long>(tree.height[tree.parent[node]]), order);
    const Long own = std::pow(static_cast<Long>(tree.height[node]), order);
    sum += (above - own) / 2 * std::sqrt(p * (1 - p) / total);
  }
  sum += std::pow(static_cast<Long>(problem.diameter), order) *
         std::sqrt(std::log(2 / static_cast<Long>(beta)) / (2 * total));
  return order == 1 ? sum : std::sqrt(sum);
}

TEST(TreeRouting, LimitIsItsFormula) {
  std::mt19937_64 engine(8);
  for (const int order : {1, 2})
    for (const std::int64_t total : {2, 1000, 1000000}) {
      const AtomProblem problem = random_problem(30, 2, 6);
      const auto counts = test::multinomial(problem.mass, total, engine);
      const TreeRouting routing = problem.tree(order);
      const Long exact = tree_limit(problem, routing.tree(), counts, order, 1e-3);
      const RoutingLimit limit = routing.limit(counts, 1e-3);
      EXPECT_GE(limit.distance.value(), exact);
      EXPECT_LE(limit.distance.value(), exact * (1 + 1e-11L));
      EXPECT_EQ(limit.capacity, Upper());
    }
}

TEST(TreeRouting, CoincidentAtomsCostNothing) {
  const AtomProblem problem({0.25, 0.25, 0.25}, 1, {0.5, 0.3, 0.2});
  EXPECT_LT(problem.tree(2).limit({5, 3, 2}, 1e-6).distance.value(), 1e-150);
}

}  // namespace
}  // namespace wquant
