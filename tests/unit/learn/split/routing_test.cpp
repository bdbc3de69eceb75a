#include "support/routing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "support/data_files.hpp"
#include "support/exact_transport.hpp"
#include "support/golden.hpp"

namespace wquant {
namespace {

using test::AtomProblem;

const nlohmann::json& routing_golden() {
  static const nlohmann::json json = test::load_json(test::test_data("routing_golden.json"));
  return json;
}

TEST(NeighbourRouting, ReproducesGoldenCases) {
  for (const auto& json : routing_golden()) {
    SCOPED_TRACE(json["name"].get<std::string>());
    const AtomProblem problem(test::flatten(json["atoms"]), json["atoms"][0].size(),
                              json["train_mass"]);
    const NeighbourRouting routing = problem.routing(json["neighbours"], json["rho"]);
    const RoutingLimit limit = routing.limit(json["counts"], json["beta"]);
    EXPECT_EQ(routing.flow().edges(), json["edges"].get<std::int64_t>());
    EXPECT_LT(routing.flow().residual(), 1e-9);
    EXPECT_NEAR(limit.distance, json["bound"], 1e-6 * json["bound"].get<double>());
    EXPECT_NEAR(limit.capacity, json["capacity"], 1e-6 * json["capacity"].get<double>());
  }
}

using Long = long double;

/// Atoms of the unit square with a mass that falls towards its corners.
AtomProblem plane_problem(std::size_t m, std::uint64_t seed, double twin = -1) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  std::vector<double> atoms;
  for (std::size_t k = 0; k < 2 * m; ++k) atoms.push_back(uniform(engine));
  if (twin >= 0)
    for (std::size_t k = 0; k < 4; k += 2)
      for (std::size_t i = 0; i < 2; ++i) atoms[2 * k + 2 + i] = atoms[2 * k + i] + twin;
  std::vector<double> mass;
  double sum = 0;
  for (std::size_t k = 0; k < m; ++k) {
    const double square = atoms[2 * k] * atoms[2 * k] + atoms[2 * k + 1] * atoms[2 * k + 1];
    mass.push_back(std::exp(-square / 0.32));
    sum += mass.back();
  }
  for (double& x : mass) x /= sum;
  return {atoms, 2, mass};
}

/// The flows of all nodes through each edge.
std::vector<std::vector<double>> all_flows(const ElectricalFlow& flow) {
  std::vector<std::vector<double>> out;
  for (std::int64_t e = 0; e < flow.edges(); ++e) {
    out.emplace_back(flow.nodes());
    flow.through(e, 0, flow.nodes(), out.back().data());
  }
  return out;
}

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

/// f = R (p − p̂), with T_i ≤ p_i + p̂_i in all atoms, is a coupling: π_ij = f_ij, π_ii = p_i −
/// out_i.
TEST(NeighbourRouting, FlowWithinCapacityIsACouplingOfItsCost) {
  std::mt19937_64 engine(5);
  for (const int order : {1, 2})
    for (const std::uint64_t seed : {11, 12, 13}) {
      const AtomProblem problem = plane_problem(30, seed);
      const std::vector<std::int64_t> p = test::multinomial(problem.mass, 1000000, engine);
      const std::vector<std::int64_t> seen = test::multinomial(problem.mass, 1000000, engine);
      const NeighbourRouting routing = problem.routing(4, order);
      const RoutingGraph graph = problem.graph(4).graph;
      const auto flows = all_flows(routing.flow());
      std::vector<Long> out(30), in(30);
      Long cost = 0;
      for (std::size_t e = 0; e < flows.size(); ++e) {
        Long f = 0;
        for (std::size_t y = 0; y < 30; ++y) f += static_cast<Long>(flows[e][y]) * (p[y] - seen[y]);
        const Edge& edge = graph.edges[e];
        out[f > 0 ? edge.from : edge.to] += std::fabs(f);
        in[f > 0 ? edge.to : edge.from] += std::fabs(f);
        cost += std::pow(static_cast<Long>(edge.length), order) * std::fabs(f) / 1000000;
      }
      for (std::size_t i = 0; i < 30; ++i) {
        EXPECT_LE(out[i] + in[i], p[i] + seen[i]);
        EXPECT_GE(p[i] - out[i], 0);
        EXPECT_NEAR(static_cast<double>(p[i] - out[i] + in[i]), static_cast<double>(seen[i]), 1e-5);
      }
      std::vector<double> costs = problem.distances;
      for (double& c : costs) c = std::pow(c, order);
      const double exact = test::transport_cost({costs.data(), 30, 30}, p, seen);
      EXPECT_GE(cost, exact * (1 - 1e-12));
      EXPECT_LE(cost, 3 * exact);
      for (std::size_t e = 0; e < flows.size(); ++e) {
        const double length = graph.edges[e].length / problem.diameter;
        EXPECT_NEAR(routing.cost()[e], std::pow(length, order), 1e-12);
        EXPECT_GE(routing.cost()[e], std::pow(length, order) * (1 - 1e-15));
      }
    }
}

TEST(NeighbourRouting, AtomNeverSeenCannotPassMassOn) {
  const AtomProblem problem = plane_problem(30, 14);
  std::vector<std::int64_t> counts(30, 100000);
  const NeighbourRouting routing = problem.routing(4, 2);
  EXPECT_TRUE(std::isfinite(routing.limit(counts, 1e-6).capacity));
  std::size_t passing = 0;
  while (routing.flow().degree(static_cast<std::int64_t>(passing)) < 2) ++passing;
  counts[passing] = 0;
  EXPECT_TRUE(std::isinf(routing.limit(counts, 1e-6).capacity));
}

TEST(NeighbourRouting, TwinsAreContractedOrKept) {
  for (const double twin : {0.0, 1e-12, 1e-9, 1e-7, 1e-6, 1e-5, 1e-3}) {
    const AtomProblem problem = plane_problem(40, 15, twin);
    const NeighbourGraph graph = problem.graph(4);
    EXPECT_EQ(graph.mass.size(), twin <= 5e-7 ? 38u : graph.mass.size());
    if (twin >= 1e-5) {
      EXPECT_EQ(graph.mass.size(), 40u);
    }
    const std::vector<std::int64_t> counts(40, 5000);
    const RoutingLimit limit = problem.routing(4, 2).limit(counts, 1e-3);
    EXPECT_TRUE(std::isfinite(limit.distance));
    EXPECT_GT(limit.distance, 0);
  }
}

TEST(NeighbourRouting, BitsDoNotDependOnThreads) {
  const AtomProblem problem = plane_problem(300, 16);
  const std::vector<std::int64_t> counts(300, 5000);
  const RoutingLimit one = problem.routing(6, 2, 1).limit(counts, 1e-3);
  const RoutingLimit four = problem.routing(6, 2, 4).limit(counts, 1e-3);
  EXPECT_EQ(one.distance, four.distance);
  EXPECT_EQ(one.capacity, four.capacity);
}

TEST(RoutingGraph, IsConnectedAndLeavesHangOnTheCore) {
  AtomProblem problem = plane_problem(60, 17);
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
