#include "learn/split/neighbour_routing.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/data_files.hpp"
#include "support/exact_transport.hpp"
#include "support/golden.hpp"
#include "support/routing.hpp"

namespace wquant {
namespace {

using test::all_flows;
using test::AtomProblem;
using test::plane_problem;

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
    EXPECT_NEAR(limit.distance.value(), json["bound"], 1e-6 * json["bound"].get<double>());
    EXPECT_NEAR(limit.capacity.value(), json["capacity"], 1e-6 * json["capacity"].get<double>());
  }
}

using Long = long double;

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
  EXPECT_TRUE(std::isfinite(routing.limit(counts, 1e-6).capacity.value()));
  std::size_t passing = 0;
  while (routing.flow().degree(static_cast<std::int64_t>(passing)) < 2) ++passing;
  counts[passing] = 0;
  EXPECT_TRUE(std::isinf(routing.limit(counts, 1e-6).capacity.value()));
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
    EXPECT_TRUE(std::isfinite(limit.distance.value()));
    EXPECT_GT(limit.distance, Upper());
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

}  // namespace
}  // namespace wquant
