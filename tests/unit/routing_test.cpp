#include "support/routing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/golden.hpp"

namespace wquant {
namespace {

using test::AtomProblem;

const nlohmann::json& routing_golden() {
  static const nlohmann::json json = test::load_json(WQUANT_TEST_DATA "/routing_golden.json");
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

}  // namespace
}  // namespace wquant
