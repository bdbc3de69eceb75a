#pragma once

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "wquant/view.hpp"

namespace wquant::test {

/// Multiples of 2⁻⁵⁰ with sum 1, each within 2⁻⁵⁰ but for one that takes up the rest.
inline std::vector<std::int64_t> whole_masses(const std::vector<double>& probabilities) {
  constexpr std::int64_t kAll = std::int64_t{1} << 50;
  std::vector<std::int64_t> out;
  for (const double p : probabilities) out.push_back(std::llround(p * static_cast<double>(kAll)));
  *std::max_element(out.begin(), out.end()) +=
      kAll - std::accumulate(out.begin(), out.end(), std::int64_t{0});
  return out;
}

/// W_ρ of two discrete distributions, by network simplex.
inline double transport_distance(MatrixView<const double> a, const std::vector<double>& p,
                                 MatrixView<const double> b, const std::vector<double>& q,
                                 int order) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  graph.reserveNode(static_cast<int>(a.rows + b.rows));
  graph.reserveArc(static_cast<int>(a.rows * b.rows));
  for (std::int64_t i = 0; i < a.rows + b.rows; ++i) graph.addNode();
  Graph::ArcMap<double> cost(graph);
  Graph::NodeMap<std::int64_t> supply(graph);
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < b.rows; ++j) {
      double square = 0;
      for (std::int64_t k = 0; k < a.cols; ++k) square += std::pow(a(i, k) - b(j, k), 2);
      const Graph::Arc arc = graph.addArc(graph.nodeFromId(static_cast<int>(i)),
                                          graph.nodeFromId(static_cast<int>(a.rows + j)));
      cost[arc] = order == 2 ? square : std::sqrt(square);
    }
  const std::vector<std::int64_t> from = whole_masses(p);
  const std::vector<std::int64_t> to = whole_masses(q);
  for (std::int64_t i = 0; i < a.rows; ++i)
    supply[graph.nodeFromId(static_cast<int>(i))] = from[static_cast<std::size_t>(i)];
  for (std::int64_t j = 0; j < b.rows; ++j)
    supply[graph.nodeFromId(static_cast<int>(a.rows + j))] = -to[static_cast<std::size_t>(j)];
  lemon::NetworkSimplex<Graph, std::int64_t, double> simplex(graph);
  if (simplex.costMap(cost).supplyMap(supply).run() != decltype(simplex)::OPTIMAL)
    throw std::runtime_error("the network simplex did not find the optimum");
  const double total = simplex.totalCost<double>() * 0x1p-50;
  return order == 2 ? std::sqrt(total) : total;
}

}  // namespace wquant::test
