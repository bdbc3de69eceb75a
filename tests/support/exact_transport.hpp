#pragma once

#include <lemon/list_graph.h>
#include <lemon/network_simplex.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant::test {

/// min Σ cost_ij π_ij over couplings of from / total and to / total: counts with the same total, so
/// that the network simplex works on integers; costs are rounded down to multiples of 2⁻³⁸ of the
/// largest, as with real ones it may go round in circles. (Squared distances are no metric: what an
/// atom has in both need not stay there.)
inline double transport_cost(MatrixView<const double> cost, const std::vector<std::int64_t>& from,
                             const std::vector<std::int64_t>& to) {
  const std::int64_t m = cost.rows;
  lemon::ListDigraph graph;
  std::vector<lemon::ListDigraph::Node> nodes;
  for (std::int64_t i = 0; i < 2 * m; ++i) nodes.push_back(graph.addNode());
  lemon::ListDigraph::ArcMap<std::int64_t> length(graph);
  lemon::ListDigraph::NodeMap<std::int64_t> supply(graph);
  double largest = 1e-300;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < m; ++j) largest = std::max(largest, cost(i, j));
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < m; ++i) {
    supply[nodes[i]] = from[i];
    supply[nodes[m + i]] = -to[i];
    total += from[i];
    for (std::int64_t j = 0; j < m; ++j)
      length[graph.addArc(nodes[i], nodes[m + j])] =
          static_cast<std::int64_t>(cost(i, j) / largest * 0x1p38);
  }
  lemon::NetworkSimplex<lemon::ListDigraph, std::int64_t, std::int64_t> simplex(graph);
  simplex.costMap(length).supplyMap(supply).run();
  double sum = 0;
  for (lemon::ListDigraph::ArcIt arc(graph); arc != lemon::INVALID; ++arc)
    sum += static_cast<double>(length[arc]) * static_cast<double>(simplex.flow(arc));
  return sum * 0x1p-38 * largest / static_cast<double>(total);
}

}  // namespace wquant::test
