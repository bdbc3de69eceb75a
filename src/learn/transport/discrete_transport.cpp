#include "learn/transport/discrete_transport.hpp"

// LEMON keeps a list of what observes a graph behind a mutex (lemon/bits/lock.h), which stays
// locked for ever when there is no memory for a new entry. A graph here belongs to one thread and
// needs none. The namespace is renamed since a program may hold another LEMON, with mutexes.
#define LEMON_BITS_LOCK_H
#define lemon wquant_lemon
namespace lemon::bits {
struct Lock {
  void lock() {}
  void unlock() {}
};
}  // namespace lemon::bits
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/parallel.hpp"
#include "base/pulse.hpp"
#include "base/summation.hpp"
#include "learn/transport/dual_program.hpp"
#include "wquant/error.hpp"

namespace wquant {
namespace {

/// Costs are rounded to this many levels: with integers the network simplex ends, and the plan it
/// finds is dearer than the best one by less than the largest cost / 2^40.
constexpr double kCostLevels = 1099511627776.0;

struct Masses {
  std::vector<std::int64_t> from, to;
  Upper error;  ///< how much mass the rounding has moved, at most.
};

/// Masses in units of 1 / (N 2^k), in which `to` is exact.
Masses integer_masses(const std::vector<double>& from, const std::vector<std::int64_t>& counts,
                      double slack) {
  constexpr std::int64_t kMostUnits = std::int64_t{1} << 60;
  const std::int64_t total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  std::int64_t factor = 1;
  while (factor <= kMostUnits / 2 / total) factor *= 2;
  const std::int64_t units = total * factor;
  Masses out;
  std::int64_t left = units;
  for (std::size_t k = 0; k < from.size(); ++k) {
    const auto mass = static_cast<std::int64_t>(static_cast<long double>(from[k]) *
                                                static_cast<long double>(units));
    out.from.push_back(std::min(mass, left));
    out.to.push_back(counts[k] * factor);
    left -= out.from.back();
  }
  *std::max_element(out.from.begin(), out.from.end()) += left;
  const double rounded = 4 * static_cast<double>(from.size()) / static_cast<double>(units);
  out.error = Upper::rounded(4 * slack + rounded, 4);
  return out;
}

Upper cost_above(MatrixView<const double> x, std::int64_t i, std::int64_t j, int order) {
  if (i == j) return {};
  double square = 0;
  for (std::int64_t k = 0; k < x.cols; ++k) square += (x(i, k) - x(j, k)) * (x(i, k) - x(j, k));
  const Upper above = Upper::rounded(square, x.cols + 4);
  return order == 2 ? above : sqrt(above);
}

/// −‖x_i − x_j‖^ρ in levels; largest: of ‖x_i − x_j‖^ρ.
std::vector<double> negative_levels(const Context& context, MatrixView<const double> locations,
                                    int order, Upper& largest) {
  const std::int64_t m = locations.rows;
  std::vector<double> out(static_cast<std::size_t>(m * m));
  const auto points = on_context(context, locations.data, m, locations.cols);
  Array<double> distances(context, m, m);
  context.backend().pairwise_distances(points.view(), points.view(), distances.view());
  context.backend().copy_to_host(out.data(), distances.data(), out.size() * sizeof(double));
  const double longest = *std::max_element(out.begin(), out.end());
  const double unit = longest > 0 ? longest : 1;
  parallel_chunks(context.backend().host_threads(), m, 64,
                  [&](std::int64_t begin, std::int64_t end) {
                    for (std::int64_t e = begin * m; e < end * m; ++e)
                      out[e] = -std::round(std::pow(out[e] / unit, order) * kCostLevels);
                  });
  largest = power(distance_above(longest, locations.cols), order);
  return out;
}

/// The plan over some of the arcs i → j between the two sides of a bipartite graph.
class SparsePlan {
 public:
  SparsePlan(const Masses& masses, const std::vector<double>& negative_costs)
      : masses_(masses), costs_(negative_costs) {}

  void add(std::int64_t i, std::int64_t j) { arcs_.push_back({i, j, 0}); }

  /// false if there is no plan. Flows are in units of mass.
  bool solve() {
    const auto m = static_cast<int>(masses_.from.size());
    lemon::SmartDigraph graph;
    graph.reserveNode(2 * m);
    graph.reserveArc(static_cast<int>(arcs_.size()));
    for (int k = 0; k < 2 * m; ++k) graph.addNode();
    lemon::SmartDigraph::NodeMap<std::int64_t> supply(graph);
    lemon::SmartDigraph::ArcMap<std::int64_t> cost(graph);
    for (int k = 0; k < m; ++k) {
      supply[graph.nodeFromId(k)] = masses_.from[k];
      supply[graph.nodeFromId(m + k)] = -masses_.to[k];
    }
    for (const auto& arc : arcs_) {
      const auto id = graph.addArc(graph.nodeFromId(static_cast<int>(arc.from)),
                                   graph.nodeFromId(static_cast<int>(m + arc.to)));
      cost[id] = arc.from == arc.to ? 0 : -static_cast<std::int64_t>(costs_[arc.from * m + arc.to]);
    }
    lemon::NetworkSimplex<lemon::SmartDigraph, std::int64_t, std::int64_t> simplex(graph);
    simplex.supplyMap(supply).costMap(cost);
    if (simplex.run() != simplex.OPTIMAL) return false;
    for (std::size_t a = 0; a < arcs_.size(); ++a)
      arcs_[a].flow = simplex.flow(graph.arcFromId(static_cast<int>(a)));
    row_prices.resize(m);
    column_prices.resize(m);
    for (int k = 0; k < m; ++k) {
      row_prices[k] = static_cast<double>(simplex.potential(graph.nodeFromId(k)));
      column_prices[k] = -static_cast<double>(simplex.potential(graph.nodeFromId(m + k)));
    }
    return true;
  }

  /// Σ flow · cost / Σ flow.
  Upper cost(MatrixView<const double> locations, int order) const {
    CompensatedSum sum;
    std::int64_t total = 0;
    for (const auto& arc : arcs_) {
      total += arc.flow;
      if (arc.flow > 0 && arc.from != arc.to)
        sum += (Upper::rounded(static_cast<double>(arc.flow), 1) *
                cost_above(locations, arc.from, arc.to, order))
                   .value();
    }
    return Upper::rounded(sum.value() / static_cast<double>(total), 8);
  }

  std::vector<double> row_prices, column_prices;

 private:
  struct Arc {
    std::int64_t from, to, flow;
  };
  const Masses& masses_;
  const std::vector<double>& costs_;
  std::vector<Arc> arcs_;
};

/// Arcs that carry some plan: what stays, and what is left over in the order of the indices.
void add_feasible_arcs(const Masses& masses, SparsePlan& plan) {
  const auto m = static_cast<std::int64_t>(masses.from.size());
  std::vector<std::int64_t> surplus(m);
  for (std::int64_t k = 0; k < m; ++k) {
    plan.add(k, k);
    surplus[k] = masses.from[k] - masses.to[k];
  }
  std::int64_t i = 0;
  std::int64_t j = 0;
  while (true) {
    while (i < m && surplus[i] <= 0) ++i;
    while (j < m && surplus[j] >= 0) ++j;
    if (i == m || j == m) return;
    plan.add(i, j);
    const std::int64_t moved = std::min(surplus[i], -surplus[j]);
    surplus[i] -= moved;
    surplus[j] += moved;
  }
}

/// Arcs between near locations, over which mass travels best when ρ = 2.
void add_near_arcs(const std::vector<double>& negative_costs, std::int64_t m, SparsePlan& plan) {
  constexpr std::int64_t kNeighbours = 8;
  const std::int64_t count = std::min(kNeighbours + 1, m);
  std::vector<std::int64_t> order(m);
  for (std::int64_t i = 0; i < m; ++i) {
    Pulse::beat();
    std::iota(order.begin(), order.end(), std::int64_t{0});
    const double* const row = negative_costs.data() + i * m;
    std::partial_sort(order.begin(), order.begin() + count, order.end(),
                      [row](std::int64_t a, std::int64_t b) {
                        return row[a] != row[b] ? row[a] > row[b] : a < b;
                      });
    for (std::int64_t k = 0; k < count; ++k)
      if (order[k] != i) plan.add(i, order[k]);
  }
}

/// Adds the arcs whose reduced cost is negative; false if there are none.
bool add_better_arcs(const EdgePricing& pricing, SparsePlan& plan) {
  constexpr std::int64_t kBlocks = 2;
  const auto [violations, columns] = pricing.price(plan.row_prices, plan.column_prices, kBlocks);
  bool any = false;
  for (std::int64_t i = 0; i < columns.rows(); ++i)
    for (std::int64_t b = 0; b < kBlocks; ++b)
      if (violations(i, b) > 0) {
        plan.add(i, columns(i, b));
        any = true;
      }
  return any;
}

}  // namespace

Upper discrete_transport_cost(const Context& context, MatrixView<const double> locations,
                              const std::vector<double>& from,
                              const std::vector<std::int64_t>& counts, int order, double slack,
                              const Deadline& deadline) {
  constexpr int kMostRounds = 100;
  const std::int64_t m = locations.rows;
  require_workspace(context, "discrete transport",
                    2 * static_cast<double>(m) * static_cast<double>(m) * sizeof(double));
  Upper largest;
  const std::vector<double> costs = negative_levels(context, locations, order, largest);
  const EdgePricing pricing(context, costs, m);
  const Masses masses = integer_masses(from, counts, slack);
  SparsePlan plan(masses, costs);
  add_feasible_arcs(masses, plan);
  add_near_arcs(costs, m, plan);
  Upper best = largest;
  for (int round = 0; round < kMostRounds; ++round) {
    Pulse::report(deadline.share());
    if (!plan.solve()) break;
    best = std::min(best, plan.cost(locations, order));
    if (deadline.passed() || !add_better_arcs(pricing, plan)) break;
  }
  return best + masses.error * largest;
}

}  // namespace wquant
