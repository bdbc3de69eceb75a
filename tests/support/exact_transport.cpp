#include "support/exact_transport.hpp"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace wquant::test {

double transport_cost(MatrixView<const double> cost, const std::vector<std::int64_t>& from,
                      const std::vector<std::int64_t>& to) {
  using Graph = lemon::SmartDigraph;
  Graph graph;
  std::vector<Graph::Node> sources;
  std::vector<Graph::Node> sinks;
  for (std::int64_t i = 0; i < cost.rows; ++i) sources.push_back(graph.addNode());
  for (std::int64_t j = 0; j < cost.cols; ++j) sinks.push_back(graph.addNode());
  Graph::ArcMap<std::int64_t> length(graph);
  Graph::NodeMap<std::int64_t> supply(graph);
  double largest = 1e-300;
  for (std::int64_t i = 0; i < cost.rows; ++i)
    for (std::int64_t j = 0; j < cost.cols; ++j) largest = std::max(largest, cost(i, j));
  for (std::int64_t i = 0; i < cost.rows; ++i) {
    supply[sources[i]] = from[i];
    for (std::int64_t j = 0; j < cost.cols; ++j)
      length[graph.addArc(sources[i], sinks[j])] =
          static_cast<std::int64_t>(cost(i, j) / largest * 0x1p38);
  }
  for (std::int64_t j = 0; j < cost.cols; ++j) supply[sinks[j]] = -to[j];
  lemon::NetworkSimplex<Graph, std::int64_t, std::int64_t> simplex(graph);
  simplex.costMap(length).supplyMap(supply).run();
  double sum = 0;
  for (Graph::ArcIt arc(graph); arc != lemon::INVALID; ++arc)
    sum += static_cast<double>(length[arc]) * static_cast<double>(simplex.flow(arc));
  const auto total = std::accumulate(from.begin(), from.end(), std::int64_t{0});
  return sum * 0x1p-38 * largest / static_cast<double>(total);
}

std::vector<std::int64_t> whole_masses(const std::vector<double>& probabilities) {
  constexpr std::int64_t kAll = std::int64_t{1} << 40;
  std::vector<std::int64_t> out;
  for (const double p : probabilities) out.push_back(std::llround(p * static_cast<double>(kAll)));
  *std::max_element(out.begin(), out.end()) +=
      kAll - std::accumulate(out.begin(), out.end(), std::int64_t{0});
  return out;
}

double transport_distance(MatrixView<const double> a, const std::vector<double>& p,
                          MatrixView<const double> b, const std::vector<double>& q, int order) {
  std::vector<double> cost;
  for (std::int64_t i = 0; i < a.rows; ++i)
    for (std::int64_t j = 0; j < b.rows; ++j) {
      double square = 0;
      for (std::int64_t k = 0; k < a.cols; ++k) square += (a(i, k) - b(j, k)) * (a(i, k) - b(j, k));
      cost.push_back(order == 2 ? square : std::sqrt(square));
    }
  const double total =
      transport_cost({cost.data(), a.rows, b.rows}, whole_masses(p), whole_masses(q));
  return order == 2 ? std::sqrt(total) : total;
}

}  // namespace wquant::test
