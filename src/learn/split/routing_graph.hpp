#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant {

/// Atoms nearer than 1e-6 diameters to the first atom of a node share it: nearly coincident atoms
/// would wreck the Laplacian.
struct Contraction {
  std::vector<std::int64_t> node;   ///< of each atom.
  std::vector<std::int64_t> first;  ///< the first atom of each node.
  double moved = 0;                 ///< the largest distance from an atom to its node's first.
};
Contraction contract(MatrixView<const double> distances);

struct Edge {
  std::int64_t from = 0;
  std::int64_t to = 0;  ///< > from
  double length = 0;
};

/// A connected graph on n nodes, edges in ascending order of (from, to).
struct RoutingGraph {
  std::int64_t nodes = 0;
  std::vector<Edge> edges;
};

/// The nodes with mass ≥ 0.3 / n are joined to their nearest neighbours among each other and by a
/// shortest spanning tree; each other node hangs on the nearest of them. `first`: the atom that
/// stands for each node.
RoutingGraph routing_graph(MatrixView<const double> distances,
                           const std::vector<std::int64_t>& first, const std::vector<double>& mass,
                           std::int64_t neighbours);

}  // namespace wquant
