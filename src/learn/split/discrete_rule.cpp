#include "learn/split/discrete_rule.hpp"

#include <algorithm>
#include <utility>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "backend/workspace_limit.hpp"
#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "learn/split/linkage_tree.hpp"
#include "learn/split/routing_graph.hpp"

namespace wquant {
namespace {

constexpr double kTreeShare = 1.0 / 8;      // of the confidence, beside a routing
constexpr double kLargestPrediction = 0.8;  // of the capacity

Array<double> host_distances(const Context& context, MatrixView<const double> locations) {
  const Array<double> points = on_context(context, locations.data, locations.rows, locations.cols);
  Array<double> out(context, locations.rows, locations.rows);
  context.backend().pairwise_distances(points.view(), points.view(), out.view());
  return on_host(std::move(out));
}

double bytes_needed(std::int64_t regions, DiscreteTerm term) {
  const auto m = static_cast<double>(regions);
  const double matrices = term == DiscreteTerm::tree ? 1 : 3;
  return sizeof(double) * matrices * m * m;
}

struct Candidate {
  std::unique_ptr<NeighbourRouting> routing;
  RoutingLimit predicted{Upper(kInfinity), Upper(kInfinity)};

  bool fits() const { return predicted.capacity.value() <= kLargestPrediction; }
  /// More neighbours may divide the loads by three, not by more (measured).
  bool may_fit() const { return predicted.capacity.value() <= 4 * kLargestPrediction; }
  /// First the capacity must suffice, then the bound decides.
  bool better_than(const Candidate& other) const {
    if (!routing || !other.routing) return routing != nullptr;
    if (fits() != other.fits()) return fits();
    return fits() ? predicted.distance < other.predicted.distance
                  : predicted.capacity < other.predicted.capacity;
  }
};

/// The best of few neighbours and more; the bound has one minimum over their number (measured).
template <class Make>
Candidate best_candidate(const Make& make) {
  Candidate best = make(4);
  for (const std::int64_t neighbours : {6, 8, 12}) {
    if (!best.fits() && !best.may_fit()) return best;
    Candidate next = make(neighbours);
    if (!next.better_than(best) && best.fits()) {
      if (neighbours > 6) return best;
      next = make(2);
      return next.better_than(best) ? std::move(next) : std::move(best);
    }
    if (next.better_than(best)) best = std::move(next);
  }
  return best;
}

}  // namespace

DiscreteRule::DiscreteRule(const Context& context, MatrixView<const double> locations,
                           const std::vector<double>& mass, const std::vector<std::int64_t>& counts,
                           int order, const SplitOptions& options) {
  require_workspace(context, std::to_string(locations.rows) + " regions",
                    bytes_needed(locations.rows, options.discrete));
  Pulse::report("distances", 0);
  Array<double> distances = host_distances(context, locations);
  if (options.discrete != DiscreteTerm::tree)
    choose_routing(context, std::as_const(distances).view(), locations.cols, mass, counts, order,
                   options);
  Pulse::report("linkage", 0);
  const int threads = context.backend().host_threads();
  tree_ = std::make_unique<TreeRouting>(threads, complete_linkage(distances.view()), locations.cols,
                                        order);
  if (options.discrete != DiscreteTerm::automatic || !neighbour_) return;
  const double beta = options.beta / 2;
  const Limit routed = limit(counts, beta);
  if (!routed.routed || routed.capacity.value() > kLargestPrediction ||
      routed.distance >= tree_->limit(counts, beta).distance)
    neighbour_.reset();
}

void DiscreteRule::choose_routing(const Context& context, MatrixView<const double> distances,
                                  std::int64_t dimension, const std::vector<double>& mass,
                                  const std::vector<std::int64_t>& counts, int order,
                                  const SplitOptions& options) {
  const Contraction nodes = contract(distances);
  if (nodes.first.size() < 2) return;
  NeighbourGraph graph{
      {},
      std::vector<double>(nodes.first.size(), 0.0),
      nodes.node,
      nodes.first.size() == mass.size() ? 0 : distance_above(nodes.moved, dimension).value(),
      0};
  for (std::size_t a = 0; a < mass.size(); ++a) graph.mass[nodes.node[a]] += mass[a];
  for (std::int64_t a = 0; a < distances.rows; ++a)
    for (std::int64_t b = 0; b < a; ++b) graph.diameter = std::max(graph.diameter, distances(a, b));
  graph.diameter = distance_above(graph.diameter, dimension).value();

  const auto make = [&](std::int64_t neighbours) {
    Pulse::report("routing", 0);
    graph.graph = routing_graph(distances, nodes.first, graph.mass, neighbours);
    Candidate out;
    out.routing = std::make_unique<NeighbourRouting>(context.backend().host_threads(), graph,
                                                     dimension, order);
    out.predicted = out.routing->limit(counts, options.beta / 2);
    return out;
  };
  neighbour_ = (options.neighbours > 0 ? make(options.neighbours) : best_candidate(make)).routing;
}

DiscreteRule::Limit DiscreteRule::limit(const std::vector<std::int64_t>& counts,
                                        double beta) const {
  if (!neighbour_) return {tree_->limit(counts, beta).distance, false, Upper()};
  const Upper fallback = tree_->limit(counts, beta * kTreeShare).distance;
  const RoutingLimit routed = neighbour_->limit(counts, beta);
  if (routed.capacity <= Upper(1) && routed.distance < fallback)
    return {routed.distance, true, routed.capacity};
  return {fallback, false, routed.capacity};
}

}  // namespace wquant
