#include "learn/split/routing_graph.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/limits.hpp"
#include "base/pulse.hpp"

namespace wquant {
namespace {

using Pairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// Distances between nodes, by the atoms that stand for them.
struct NodeDistances {
  MatrixView<const double> distances;
  const std::vector<std::int64_t>& first;

  double operator()(std::int64_t i, std::int64_t j) const { return distances(first[i], first[j]); }
};

void join_neighbours(const NodeDistances& distance, const std::vector<std::int64_t>& core,
                     std::int64_t neighbours, Pairs& pairs) {
  const auto wanted = std::min(neighbours, static_cast<std::int64_t>(core.size()) - 1);
  std::vector<std::pair<double, std::int64_t>> others;
  for (const std::int64_t i : core) {
    Pulse::beat();
    others.clear();
    for (const std::int64_t j : core)
      if (j != i) others.emplace_back(distance(i, j), j);
    std::nth_element(others.begin(), others.begin() + wanted, others.end());
    for (std::int64_t k = 0; k < wanted; ++k) pairs.emplace_back(std::minmax(i, others[k].second));
  }
}

/// Prim's algorithm from the first node of the core.
void join_spanning_tree(const NodeDistances& distance, const std::vector<std::int64_t>& core,
                        Pairs& pairs) {
  const std::size_t n = core.size();
  std::vector<double> least(n, kInfinity);
  std::vector<std::size_t> anchor(n, 0);
  std::vector<bool> joined(n, false);
  std::size_t last = 0;
  for (std::size_t step = 1; step < n; ++step) {
    Pulse::beat();
    joined[last] = true;
    std::size_t next = n;
    for (std::size_t k = 0; k < n; ++k) {
      if (joined[k]) continue;
      const double length = distance(core[last], core[k]);
      if (length < least[k]) {
        least[k] = length;
        anchor[k] = last;
      }
      if (next == n || least[k] < least[next]) next = k;
    }
    pairs.emplace_back(std::minmax(core[anchor[next]], core[next]));
    last = next;
  }
}

void hang_on(const NodeDistances& distance, const std::vector<std::int64_t>& core,
             std::int64_t leaf, Pairs& pairs) {
  const auto nearest = std::min_element(
      core.begin(), core.end(),
      [&](std::int64_t i, std::int64_t j) { return distance(leaf, i) < distance(leaf, j); });
  pairs.emplace_back(std::minmax(leaf, *nearest));
}

}  // namespace

Contraction contract(MatrixView<const double> distances) {
  constexpr double kCloseness = 1e-6;
  double diameter = 0;
  for (std::int64_t a = 0; a < distances.rows; ++a)
    diameter =
        std::max(diameter, *std::max_element(distances.row(a), distances.row(a) + distances.cols));
  Contraction out;
  for (std::int64_t a = 0; a < distances.rows; ++a) {
    Pulse::beat();
    const auto near = std::find_if(out.first.begin(), out.first.end(), [&](std::int64_t b) {
      return distances(a, b) <= kCloseness * diameter;
    });
    out.node.push_back(near - out.first.begin());
    if (near == out.first.end())
      out.first.push_back(a);
    else
      out.moved = std::max(out.moved, distances(a, *near));
  }
  return out;
}

RoutingGraph routing_graph(MatrixView<const double> distances,
                           const std::vector<std::int64_t>& first, const std::vector<double>& mass,
                           std::int64_t neighbours) {
  constexpr double kLeastMass = 0.3;
  const auto n = static_cast<std::int64_t>(first.size());
  const NodeDistances distance{distances, first};
  std::vector<std::int64_t> core;
  for (std::int64_t i = 0; i < n; ++i)
    if (mass[i] >= kLeastMass / static_cast<double>(n)) core.push_back(i);
  Pairs pairs;
  join_neighbours(distance, core, neighbours, pairs);
  join_spanning_tree(distance, core, pairs);
  for (std::int64_t i = 0; i < n; ++i)
    if (!std::binary_search(core.begin(), core.end(), i)) hang_on(distance, core, i, pairs);
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  RoutingGraph out{n, {}};
  for (const auto& [from, to] : pairs) out.edges.push_back({from, to, distance(from, to)});
  return out;
}

}  // namespace wquant
