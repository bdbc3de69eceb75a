#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "learn/split/linkage_tree.hpp"
#include "learn/split/neighbour_routing.hpp"
#include "learn/split/routing_graph.hpp"
#include "learn/split/tree_routing.hpp"
#include "support/split.hpp"

namespace wquant::test {

/// As SplitRule makes them.
std::vector<double> training_masses(const std::vector<std::int64_t>& counts);

/// Atoms in R^d with training masses, and the routings of src/learn on them.
struct AtomProblem {
  AtomProblem(std::vector<double> points, std::size_t dimension, std::vector<double> masses);

  std::int64_t size() const { return static_cast<std::int64_t>(mass.size()); }
  std::int64_t dimension() const { return static_cast<std::int64_t>(d); }
  MatrixView<const double> distance_view() const { return {distances.data(), size(), size()}; }
  NeighbourGraph graph(std::int64_t neighbours) const;
  NeighbourRouting routing(std::int64_t neighbours, int order, int threads = 1) const;
  TreeRouting tree(int order) const;

  std::vector<double> atoms;
  std::size_t d;
  std::vector<double> mass;
  std::vector<double> distances;
  double diameter = 0;
};

/// Uniform atoms of equal masses.
inline AtomProblem random_problem(std::size_t m, std::size_t d, std::uint64_t seed) {
  std::mt19937_64 engine(seed);
  std::uniform_real_distribution<double> uniform(-0.5, 0.5);
  std::vector<double> atoms;
  for (std::size_t k = 0; k < m * d; ++k) atoms.push_back(uniform(engine));
  return {atoms, d, std::vector<double>(m, 1 / static_cast<double>(m))};
}

/// Atoms of the unit square with a mass that falls towards its corners.
inline AtomProblem plane_problem(std::size_t m, std::uint64_t seed, double twin = -1) {
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
inline std::vector<std::vector<double>> all_flows(const ElectricalFlow& flow) {
  std::vector<std::vector<double>> out;
  for (std::int64_t e = 0; e < flow.edges(); ++e) {
    out.emplace_back(flow.nodes());
    flow.through(e, 0, flow.nodes(), out.back().data());
  }
  return out;
}

/// Cluster of atoms below each node of the tree.
inline std::vector<std::vector<std::int64_t>> members(const LinkageTree& tree) {
  std::vector<std::vector<std::int64_t>> out(tree.height.size());
  for (std::int64_t a = 0; a < tree.atoms; ++a) out[a] = {a};
  for (std::size_t node = 0; node + 1 < out.size(); ++node) {
    auto& above = out[tree.parent[node]];
    above.insert(above.end(), out[node].begin(), out[node].end());
  }
  return out;
}

}  // namespace wquant::test
