#include <algorithm>
#include <limits>
#include <numeric>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "learn/transport/discrete_transport.hpp"
#include "learn/transport/dual_program.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/transport_inputs.hpp"

namespace wquant {
namespace {

/// By how much the mass of the free region, what the others leave of 1, may be off: two roundings a
/// region in long double, one in double.
double mass_error(std::size_t regions) {
  return 4 * kEpsilon + 2 * static_cast<double>(regions) *
                            static_cast<double>(std::numeric_limits<long double>::epsilon());
}

/// The vertex w* of the confidence box next to p̂ (design/learning.md A5).
struct Vertex {
  std::vector<double> mass;
  std::vector<std::int64_t> low, high;  ///< I and J: the regions at l and at u
  std::int64_t free = -1;               ///< the one in between; −1 if there is none.
};

Vertex nearest_vertex(const TransportInputs& inputs) {
  const std::vector<double>& lower = inputs.limits.lower;
  const std::vector<double>& upper = inputs.limits.upper;
  std::vector<std::int64_t> order(lower.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return inputs.probabilities[a] - lower[a] > inputs.probabilities[b] - lower[b];
  });
  Vertex out{lower, {}, {}, -1};
  long double left = 1;
  for (const double mass : lower) left -= mass;
  for (const std::int64_t k : order) {
    const long double room = static_cast<long double>(upper[k]) - lower[k];
    if (out.free >= 0) {
      out.low.push_back(k);
    } else if (left > room) {
      out.mass[k] = upper[k];
      out.high.push_back(k);
      left -= room;
    } else {
      out.mass[k] = std::clamp(static_cast<double>(lower[k] + left), lower[k], upper[k]);
      out.free = k;
    }
  }
  return out;
}

/// How far the regions can move from w*: those at l up, those at u down, the free one either way.
Capacities vertex_capacities(const TransportInputs& inputs, const Vertex& vertex, bool free_rises) {
  const auto& [lower, upper] = inputs.limits;
  const double error = mass_error(lower.size());
  Capacities out{std::vector<double>(lower.size(), 0.0), std::vector<double>(lower.size(), 0.0)};
  for (const std::int64_t k : vertex.low)
    out.source[k] = Upper::rounded(upper[k] - lower[k], 1).value();
  for (const std::int64_t k : vertex.high)
    out.sink[k] = Upper::rounded(upper[k] - lower[k], 1).value();
  if (const std::int64_t k = vertex.free; k >= 0) {
    if (free_rises)
      out.source[k] = Upper::rounded(upper[k] - vertex.mass[k] + error, 2).value();
    else
      out.sink[k] = Upper::rounded(vertex.mass[k] - lower[k] + error, 2).value();
  }
  return out;
}

/// A: the worst cost from the distributions of the box to w*.
Upper moment_term(const Context& context, const TransportInputs& inputs, const Vertex& vertex,
                  const Deadline& deadline) {
  std::vector<double> mass = vertex.mass;
  if (vertex.free >= 0) mass[vertex.free] += mass_error(mass.size());
  const EdgePricing pricing(context, inputs.gains, inputs.regions);
  Upper worst;
  for (const bool free_rises : {true, false}) {
    const Capacities capacities = vertex_capacities(inputs, vertex, free_rises);
    const auto start = greedy_plan(inputs.gains, capacities);
    worst = std::max(worst,
                     solve_dual_program(pricing, inputs.gains, capacities, start, deadline).upper);
  }
  return weighted_sum(mass, inputs.own) + worst;
}

}  // namespace

VertexBound vertex_bound(const Context& context, const Partition& partition,
                         const RegionStatistics& statistics, const TransportOptions& options) {
  const Pulse pulse(options.progress);
  const Deadline deadline(options.time_limit);
  Pulse::report("vertex bound", 0);
  const int order = statistics.order;
  const TransportInputs inputs = transport_inputs(context, partition, statistics, options);
  const Vertex vertex = nearest_vertex(inputs);
  const Upper moment = root(moment_term(context, inputs, vertex, deadline), order);
  const Upper discrete =
      root(discrete_transport_cost(context, partition.locations(), vertex.mass, statistics.count,
                                   order, mass_error(vertex.mass.size()), deadline),
           order);
  return {
      .bound = (moment + discrete).value(), .moment = moment.value(), .discrete = discrete.value()};
}

}  // namespace wquant
