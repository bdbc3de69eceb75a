#pragma once

#include <cstdint>
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
AtomProblem random_problem(std::size_t m, std::size_t d, std::uint64_t seed);

/// Atoms of the unit square with a mass that falls towards its corners.
AtomProblem plane_problem(std::size_t m, std::uint64_t seed, double twin = -1);

/// The flows of all nodes through each edge.
std::vector<std::vector<double>> all_flows(const ElectricalFlow& flow);

/// Cluster of atoms below each node of the tree.
std::vector<std::vector<std::int64_t>> members(const LinkageTree& tree);

}  // namespace wquant::test
