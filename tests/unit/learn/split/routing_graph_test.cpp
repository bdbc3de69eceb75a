#include "learn/split/routing_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/routing.hpp"

namespace wquant {
namespace {

using Indices = std::vector<std::int64_t>;

/// Distances between numbers.
std::vector<double> distances_of(const std::vector<double>& numbers) {
  std::vector<double> out;
  for (const double x : numbers)
    for (const double y : numbers) out.push_back(std::fabs(x - y));
  return out;
}

TEST(Contraction, SharesNodesBetweenNearlyCoincidentAtoms) {
  const std::vector<double> distances = distances_of({0, 5, 4e-6, 10, 5 - 8e-6, 5e-5});
  const Contraction nodes = contract({distances.data(), 6, 6});
  EXPECT_EQ(nodes.first, (Indices{0, 1, 3, 5}));  // 10⁻⁶ of the diameter 10 is 10⁻⁵
  EXPECT_EQ(nodes.node, (Indices{0, 1, 0, 2, 1, 3}));
  EXPECT_NEAR(nodes.moved, 8e-6, 1e-15);
}

/// 0, 1, 2.5 and 10 on a line: neighbours of each, and the tree that reaches 10.
TEST(RoutingGraph, JoinsNeighboursAndASpanningTree) {
  const std::vector<double> distances = distances_of({0, 1, 2.5, 10});
  const Indices first = {0, 1, 2, 3};
  const std::vector<double> even = {0.25, 0.25, 0.25, 0.25};
  const auto edges_of = [&](const std::vector<double>& mass, std::int64_t neighbours) {
    Indices out;
    const RoutingGraph graph = routing_graph({distances.data(), 4, 4}, first, mass, neighbours);
    EXPECT_EQ(graph.nodes, 4);
    for (const Edge& edge : graph.edges) {
      out.push_back(10 * edge.from + edge.to);
      EXPECT_EQ(edge.length, distances[edge.from * 4 + edge.to]);
    }
    return out;
  };
  EXPECT_EQ(edges_of(even, 1), (Indices{1, 12, 23}));
  EXPECT_EQ(edges_of(even, 2), (Indices{1, 2, 12, 13, 23}));
  EXPECT_EQ(edges_of(even, 9), (Indices{1, 2, 3, 12, 13, 23}));
  // Of next to no mass, 1 is passed by and hangs on 0, which is nearer than 2.5.
  EXPECT_EQ(edges_of({0.34, 0.01, 0.33, 0.32}, 1), (Indices{1, 2, 23}));
}

TEST(RoutingGraph, IsConnectedAndLeavesHangOnTheCore) {
  test::AtomProblem problem = test::plane_problem(60, 17);
  for (std::size_t k = 0; k < 60; k += 7) problem.mass[k] = 1e-7;
  const RoutingGraph graph = problem.graph(1).graph;
  std::vector<std::int64_t> root(60), degree(60);
  for (std::int64_t i = 0; i < 60; ++i) root[i] = i;
  for (const Edge& edge : graph.edges) {
    const std::int64_t a = root[edge.from];
    const std::int64_t b = root[edge.to];
    std::replace(root.begin(), root.end(), b, a);
    ++degree[edge.from];
    ++degree[edge.to];
    EXPECT_LT(edge.from, edge.to);
  }
  for (std::size_t k = 0; k < 60; ++k) {
    EXPECT_EQ(root[k], root[0]);
    if (k % 7 == 0) {
      EXPECT_EQ(degree[k], 1);
    }
  }
}

}  // namespace
}  // namespace wquant
