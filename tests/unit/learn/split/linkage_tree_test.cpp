#include "learn/split/linkage_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "support/routing.hpp"
#include "wquant/confidence.hpp"

namespace wquant {
namespace {

using test::AtomProblem;
using Long = long double;

AtomProblem random_problem(std::size_t m, std::size_t d, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  std::vector<double> atoms;
  for (std::size_t k = 0; k < m * d; ++k) atoms.push_back(uniform(engine));
  return {atoms, d, std::vector<double>(m, 1 / static_cast<double>(m))};
}

/// Atoms of a grid: nearly all distances are tied.
AtomProblem grid_problem() {
  std::vector<double> atoms;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) atoms.insert(atoms.end(), {1.0 * i, 1.0 * j});
  return {atoms, 2, std::vector<double>(36, 1.0 / 36)};
}

/// Cluster of atoms below each node of the tree.
std::vector<std::vector<std::int64_t>> members(const LinkageTree& tree) {
  std::vector<std::vector<std::int64_t>> out(tree.height.size());
  for (std::int64_t a = 0; a < tree.atoms; ++a) out[a] = {a};
  for (std::size_t node = 0; node + 1 < out.size(); ++node) {
    auto& above = out[tree.parent[node]];
    above.insert(above.end(), out[node].begin(), out[node].end());
  }
  return out;
}

double largest_distance(const AtomProblem& problem, const std::vector<std::int64_t>& atoms) {
  double out = 0;
  for (const std::int64_t a : atoms)
    for (const std::int64_t b : atoms) out = std::max(out, problem.distance_view()(a, b));
  return out;
}

/// Complete linkage from its definition: merge the two clusters of least diameter together.
std::vector<double> heights_by_definition(const AtomProblem& problem) {
  std::vector<std::vector<std::int64_t>> clusters;
  for (std::int64_t a = 0; a < problem.size(); ++a) clusters.push_back({a});
  std::vector<double> heights;
  while (clusters.size() > 1) {
    double least = INFINITY;
    std::size_t x = 0;
    std::size_t y = 0;
    for (std::size_t i = 0; i < clusters.size(); ++i)
      for (std::size_t j = i + 1; j < clusters.size(); ++j) {
        double height = 0;
        for (const std::int64_t a : clusters[i])
          for (const std::int64_t b : clusters[j])
            height = std::max(height, problem.distance_view()(a, b));
        if (height < least) {
          least = height;
          x = i;
          y = j;
        }
      }
    heights.push_back(least);
    clusters[x].insert(clusters[x].end(), clusters[y].begin(), clusters[y].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(y));
  }
  return heights;
}

TEST(LinkageTree, HeightsAreDiametersThatGrowTowardsTheRoot) {
  for (const AtomProblem& problem :
       {random_problem(80, 2, 1), random_problem(40, 7, 2), grid_problem()}) {
    std::vector<double> copy = problem.distances;
    const LinkageTree tree = complete_linkage({copy.data(), problem.size(), problem.size()});
    const auto clusters = members(tree);
    ASSERT_EQ(clusters.back().size(), static_cast<std::size_t>(problem.size()));
    EXPECT_EQ(tree.height.back(), problem.diameter);
    for (std::size_t node = 0; node < clusters.size(); ++node) {
      EXPECT_EQ(tree.height[node], largest_distance(problem, clusters[node]));
      EXPECT_LE(tree.height[node], tree.height[tree.parent[node]]);
    }
  }
}

TEST(LinkageTree, IsCompleteLinkage) {
  for (const std::uint64_t seed : {3, 4, 5}) {
    const AtomProblem problem = random_problem(50, 3, seed);
    std::vector<double> copy = problem.distances;
    const LinkageTree tree = complete_linkage({copy.data(), 50, 50});
    std::vector<double> heights(tree.height.begin() + 50, tree.height.end());
    std::sort(heights.begin(), heights.end());
    EXPECT_EQ(heights, heights_by_definition(problem));
  }
}

TEST(LinkageTree, OneAtomAndTwo) {
  double zero = 0;
  EXPECT_EQ(complete_linkage({&zero, 1, 1}).height, std::vector<double>{0.0});
  double pair[] = {0, 3, 3, 0};
  const LinkageTree tree = complete_linkage({pair, 2, 2});
  EXPECT_EQ(tree.height, (std::vector<double>{0, 0, 3}));
  EXPECT_EQ(tree.parent, (std::vector<std::int64_t>{2, 2, 2}));
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
      EXPECT_GE(limit.distance, exact);
      EXPECT_LE(limit.distance, exact * (1 + 1e-11L));
      EXPECT_EQ(limit.capacity, 0);
    }
}

TEST(TreeRouting, CoincidentAtomsCostNothing) {
  const AtomProblem problem({0.25, 0.25, 0.25}, 1, {0.5, 0.3, 0.2});
  EXPECT_LT(problem.tree(2).limit({5, 3, 2}, 1e-6).distance, 1e-150);
}

}  // namespace
}  // namespace wquant
