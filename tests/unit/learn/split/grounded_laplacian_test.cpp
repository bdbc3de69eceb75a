#include "learn/split/grounded_laplacian.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kColumns = GroundedLaplacian::kColumns;

/// Potentials if a unit of current enters at node `at` of n.
std::vector<double> potentials(std::int64_t n, const std::vector<Conductance>& conductances,
                               std::int64_t at) {
  const GroundedLaplacian laplacian(n, conductances);
  EXPECT_TRUE(laplacian.factorised());
  std::vector<double> columns(static_cast<std::size_t>(n * kColumns));
  columns[at * kColumns + 5] = 1;  // in one of the columns
  laplacian.solve(columns.data());
  std::vector<double> out;
  for (std::int64_t i = 0; i < n; ++i) {
    out.push_back(columns[i * kColumns + 5]);
    EXPECT_EQ(columns[i * kColumns], 0);  // in the others nothing enters
  }
  return out;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& exact) {
  ASSERT_EQ(found.size(), exact.size());
  for (std::size_t i = 0; i < exact.size(); ++i) EXPECT_NEAR(found[i], exact[i], 1e-15) << i;
}

/// Resistances of ½ and ¼ in series to the ground.
TEST(GroundedLaplacian, AddsResistancesInSeries) {
  const std::vector<Conductance> chain = {{0, 1, 2}, {1, 2, 4}};
  expect_near(potentials(3, chain, 0), {0.75, 0.25, 0});
  expect_near(potentials(3, chain, 1), {0.25, 0.25, 0});
  expect_near(potentials(3, chain, 2), {0, 0, 0});
}

/// From 0 to 2 directly, with 1, and over 1, with ½: together 3/2.
TEST(GroundedLaplacian, AddsConductancesInParallel) {
  const std::vector<Conductance> triangle = {{0, 1, 1}, {1, 2, 1}, {0, 2, 1}};
  expect_near(potentials(3, triangle, 0), {2.0 / 3, 1.0 / 3, 0});
}

TEST(GroundedLaplacian, OfOneNodeIsNothing) { expect_near(potentials(1, {}, 0), {0}); }

/// What flows out of each node is what enters there, for conductances of many sizes.
TEST(GroundedLaplacian, ObeysKirchhoffOnAGrid) {
  const std::int64_t side = 7;
  std::vector<Conductance> edges;
  for (std::int64_t i = 0; i < side * side; ++i) {
    const auto draw = [&](std::uint64_t k) {
      return std::pow(10, 6 * uniform(3, 2 * static_cast<std::uint64_t>(i) + k) - 3);
    };
    if (i % side + 1 < side) edges.push_back({i, i + 1, draw(0)});
    if (i + side < side * side) edges.push_back({i, i + side, draw(1)});
  }
  const std::vector<double> v = potentials(side * side, edges, 17);
  std::vector<double> left(v.size());
  double size = 0;
  for (const Conductance& edge : edges) {
    const double flow = edge.value * (v[edge.from] - v[edge.to]);
    left[edge.from] += flow;
    left[edge.to] -= flow;
    size = std::max(size, edge.value * v[17]);
  }
  for (std::size_t i = 0; i + 1 < v.size(); ++i)
    EXPECT_NEAR(left[i], i == 17 ? 1 : 0, 1e-13 * size) << i;
  EXPECT_EQ(v.back(), 0);
}

}  // namespace
}  // namespace wquant
