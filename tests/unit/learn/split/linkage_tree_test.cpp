#include "learn/split/linkage_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/routing.hpp"

namespace wquant {
namespace {

using test::AtomProblem;
using test::members;
using test::random_problem;

/// Atoms of a grid: nearly all distances are tied.
AtomProblem grid_problem() {
  std::vector<double> atoms;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) atoms.insert(atoms.end(), {1.0 * i, 1.0 * j});
  return {atoms, 2, std::vector<double>(36, 1.0 / 36)};
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

}  // namespace
}  // namespace wquant
