#include "learn/split/neighbour_routing.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/limits.hpp"
#include "base/parallel.hpp"
#include "base/upper.hpp"
#include "wquant/confidence.hpp"

namespace wquant {
namespace {

constexpr double kLargestResidual = 1e-9;

// How the probability to miss is shared out; an eighth is left for the tree.
constexpr double kSupremumShare = 1.0 / 4;
constexpr double kMeanShare = 1.0 / 8;   // each of E φ, E ψ²
constexpr double kLoadShare = 1.0 / 4;   // three events for each node
constexpr double kLowerShare = 1.0 / 8;  // one for each node

}  // namespace

NeighbourRouting::NeighbourRouting(int threads, NeighbourGraph graph, std::int64_t dimension,
                                   int order)
    : threads_(threads),
      order_(order),
      graph_(std::move(graph)),
      flow_(threads, graph_.graph, graph_.mass),
      incident_(graph_.mass.size()) {
  for (const Edge& edge : graph_.graph.edges) {
    const auto number = static_cast<std::int64_t>(cost_.size());
    incident_[edge.from].push_back(number);
    incident_[edge.to].push_back(number);
    const Upper length = distance_above(edge.length, dimension) / graph_.diameter;
    cost_.push_back(power(length, order).value());
  }
  sum_over_edges();
}

/// ψ(y) = Σ_e c_e |r_e(y)| and φ(y) = Σ_e c_e² r_e(y)² / w_e, w_e = c_e (Σ_y m_y r_e(y)²)^{1/2}, r
/// the flows centred at m.
void NeighbourRouting::sum_over_edges() {
  constexpr double kLeastVariance = 1e-14;
  constexpr std::int64_t kEdgesPerChunk = 64;
  constexpr std::int64_t kNodesPerChunk = 128;
  std::vector<double> deviation(cost_.size());
  parallel_chunks(threads_, flow_.edges(), kEdgesPerChunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    std::vector<double> flow(graph_.mass.size());
                    for (std::int64_t e = begin; e < end; ++e) {
                      flow_.through(e, 0, flow_.nodes(), flow.data());
                      double variance = 0;
                      for (std::int64_t y = 0; y < flow_.nodes(); ++y)
                        variance += graph_.mass[y] * flow[y] * flow[y];
                      deviation[e] = std::sqrt(std::max(variance, kLeastVariance));
                    }
                  });
  for (std::size_t e = 0; e < cost_.size(); ++e) weight_ += cost_[e] * deviation[e];
  variation_.assign(graph_.mass.size(), 0.0);
  reach_.assign(graph_.mass.size(), 0.0);
  parallel_chunks(threads_, flow_.nodes(), kNodesPerChunk,
                  [&](std::int64_t begin, std::int64_t end) {
                    double flow[kNodesPerChunk];
                    for (std::int64_t e = 0; e < flow_.edges(); ++e) {
                      flow_.through(e, begin, end, flow);
                      const double factor = cost_[e] / deviation[e];
                      for (std::int64_t y = begin; y < end; ++y) {
                        reach_[y] += cost_[e] * std::fabs(flow[y - begin]);
                        variation_[y] += factor * (flow[y - begin] * flow[y - begin]);
                      }
                    }
                  });
  for (const double reach : reach_) reach_square_.push_back(reach * reach);
}

Upper NeighbourRouting::expected_upper(const Frequencies& nodes, double beta) const {
  const Upper variation = charged(mean_upper(variation_, nodes, beta));
  return sqrt(charged(Upper(weight_)) * variation / static_cast<double>(nodes.total));
}

Upper NeighbourRouting::transport_upper(const Frequencies& nodes, double beta) const {
  const auto total = static_cast<double>(nodes.total);
  const Supremum supremum{
      .expected = expected_upper(nodes, beta * kMeanShare),
      .second_moment = charged(mean_upper(reach_square_, nodes, beta * kMeanShare)),
      .largest = charged(Upper(*std::max_element(reach_.begin(), reach_.end())))};
  // What the flow leaves over goes straight, over at most the diameter.
  return supremum_upper(supremum, total, beta * kSupremumShare) + Upper(flow_.residual());
}

Upper NeighbourRouting::load_upper(std::int64_t node, const Frequencies& nodes,
                                   double level) const {
  const auto total = static_cast<double>(nodes.total);
  std::vector<double> flow(nodes.p.size());
  std::vector<double> square(nodes.p.size(), 0.0);
  std::vector<double> reach(nodes.p.size(), 0.0);
  for (const std::int64_t e : incident_[node]) {
    flow_.through(e, 0, flow_.nodes(), flow.data());
    for (std::size_t y = 0; y < flow.size(); ++y) {
      square[y] += flow[y] * flow[y];
      reach[y] += std::fabs(flow[y]);
    }
  }
  const double largest = *std::max_element(reach.begin(), reach.end());
  for (double& r : reach) r *= r;
  const auto degree = static_cast<double>(incident_[node].size());
  const Supremum supremum{
      .expected = sqrt(degree * charged(mean_upper(square, nodes, level)) / total),
      .second_moment = charged(mean_upper(reach, nodes, level)),
      .largest = charged(Upper(largest))};
  return supremum_upper(supremum, total, level) + Upper(flow_.residual());
}

/// A leaf never sends more than it has. (design/learning.md B6: T_i ≤ l_i + p̂_i suffices.)
Upper NeighbourRouting::capacity(const std::vector<std::int64_t>& counts, const Frequencies& nodes,
                                 double beta) const {
  const auto m = static_cast<double>(counts.size());
  constexpr std::int64_t kNodesPerChunk = 8;
  std::vector<Upper> load(counts.size());
  parallel_chunks(
      threads_, flow_.nodes(), kNodesPerChunk, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
          if (flow_.degree(i) < 2) continue;
          const double lower =
              clopper_pearson_lower(counts[i], nodes.total, beta * kLowerShare / m);
          const double can_send = lower_bound_of(lower + nodes.p[i], 2);
          load[i] = can_send > 0 ? load_upper(i, nodes, beta * kLoadShare / (3 * m)) / can_send
                                 : Upper(kInfinity);
        }
      });
  return *std::max_element(load.begin(), load.end());
}

RoutingLimit NeighbourRouting::limit(const std::vector<std::int64_t>& counts, double beta) const {
  if (!(flow_.residual() <= kLargestResidual)) return {Upper(kInfinity), Upper(kInfinity)};
  std::vector<std::int64_t> of_nodes(graph_.mass.size(), 0);
  for (std::size_t a = 0; a < counts.size(); ++a) of_nodes[graph_.node[a]] += counts[a];
  const Frequencies nodes(of_nodes);
  const Upper travelled = Upper(graph_.diameter) * root(transport_upper(nodes, beta), order_);
  return {travelled + 2 * Upper(graph_.moved), capacity(of_nodes, nodes, beta)};
}

}  // namespace wquant
