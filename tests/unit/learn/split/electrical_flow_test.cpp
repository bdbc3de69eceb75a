#include "learn/split/electrical_flow.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "support/routing.hpp"

namespace wquant {
namespace {

using Long = long double;
using test::all_flows;
using test::plane_problem;

TEST(ElectricalFlow, LeavesNoMoreThanItsResidual) {
  for (const double twin : {-1.0, 1e-3, 1e-5, 3e-6}) {
    const NeighbourGraph graph = plane_problem(40, 2, twin).graph(4);
    const ElectricalFlow flow(2, graph.graph, graph.mass);
    EXPECT_LT(flow.residual(), 1e-9) << twin;
    const auto flows = all_flows(flow);
    for (std::int64_t y = 0; y < flow.nodes(); ++y) {
      std::vector<Long> left;
      for (std::int64_t i = 0; i < flow.nodes(); ++i)
        left.push_back((i == y ? 1 : 0) - static_cast<Long>(graph.mass[i]));
      for (std::int64_t e = 0; e < flow.edges(); ++e) {
        left[graph.graph.edges[e].from] -= flows[e][y];
        left[graph.graph.edges[e].to] += flows[e][y];
      }
      Long sum = 0;
      for (std::int64_t i = 0; i < flow.nodes(); ++i)
        if (flow.degree(i) > 1)
          sum += std::fabs(left[i]);
        else
          EXPECT_LT(std::fabs(left[i]), 1e-15L);  // a rounding of 1 − m_i, in the library exact
      EXPECT_LE(sum, flow.residual() + 1e-15L);
    }
  }
}

TEST(ElectricalFlow, IsThatOfResistorsInParallel) {
  // Two ways from 0 to 3: over 1 (lengths 1, 1) and over 2 (lengths 2, 2).
  const RoutingGraph graph{4, {{0, 1, 1}, {0, 2, 2}, {1, 3, 1}, {2, 3, 2}}};
  const ElectricalFlow flow(1, graph, {0.25, 0.25, 0.25, 0.25});
  const auto flows = all_flows(flow);
  const double expected[] = {0.8, 0.2, 0.8, 0.2};
  for (std::size_t e = 0; e < 4; ++e) EXPECT_NEAR(flows[e][0] - flows[e][3], expected[e], 1e-14);
}

TEST(ElectricalFlow, StarAndPairHaveOnlyLeaves) {
  const ElectricalFlow star(1, {4, {{0, 2, 1}, {1, 2, 1}, {2, 3, 1}}}, {0.1, 0.2, 0.3, 0.4});
  double out[4];
  star.through(2, 0, 4, out);  // what 3 sends, against the direction of the edge
  for (int y = 0; y < 4; ++y) EXPECT_DOUBLE_EQ(out[y], y == 3 ? -0.6 : 0.4);
  EXPECT_LT(star.residual(), 1e-14);
  const ElectricalFlow pair(1, {2, {{0, 1, 1}}}, {0.5, 0.5});
  pair.through(0, 0, 2, out);
  EXPECT_EQ(out[0] - out[1], 1);
}

/// Along a chain each edge carries what all nodes on one side have too much: the conductances do
/// not matter.
TEST(ElectricalFlow, OfAChainIsWhatOneSideOwesTheOther) {
  const std::vector<double> mass = {0.1, 0.2, 0.3, 0.4};
  const ElectricalFlow chain(1, {4, {{0, 1, 1}, {1, 2, 7}, {2, 3, 0.5}}}, mass);
  const auto flows = all_flows(chain);
  double below = 0;  // the mass up to the edge's first node
  for (std::size_t e = 0; e < 3; ++e) {
    below += mass[e];
    for (std::size_t y = 0; y < 4; ++y)
      EXPECT_NEAR(flows[e][y], (y <= e ? 1 : 0) - below, 1e-15) << e << y;
  }
  EXPECT_EQ(chain.degree(0), 1);
  EXPECT_EQ(chain.degree(1), 2);
  EXPECT_LT(chain.residual(), 1e-13);
}

}  // namespace
}  // namespace wquant
