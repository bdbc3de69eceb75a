#include "learn/transport/dual_bound.hpp"

#include <algorithm>
#include <utility>

#include "base/limits.hpp"
#include "base/pulse.hpp"
#include "base/upper.hpp"

namespace wquant {
namespace {

/// The moves that the roles allow.
std::vector<Move> within(const Capacities& roles, std::vector<Move> plan) {
  std::erase_if(plan, [&](const Move& move) {
    return move.flow == 0 || roles.source[move.source] == 0 || roles.sink[move.sink] == 0;
  });
  return plan;
}

void keep_better(const TransportInputs& inputs, std::vector<Move> plan, RelaxedProgram& out) {
  const double value = plan_value(inputs.gains, inputs.capacities, plan);
  if (!(value > out.value)) return;
  out.plan = std::move(plan);
  out.value = value;
}

}  // namespace

RelaxedProgram solve_relaxed_program(const Context& context, const TransportInputs& inputs,
                                     const Deadline& deadline) {
  const EdgePricing pricing(context, inputs.gains, inputs.regions);
  RelaxedProgram out;
  keep_better(inputs, greedy_plan(inputs.gains, inputs.capacities), out);
  out.dual = solve_dual_program(pricing, inputs.gains, inputs.capacities, out.plan, deadline);
  const Capacities roles = larger_roles(inputs.capacities, out.dual.plan);
  const std::vector<Move> rounded = within(roles, out.dual.plan);
  keep_better(inputs, rounded, out);
  keep_better(inputs, solve_dual_program(pricing, inputs.gains, roles, rounded, deadline).plan,
              out);
  return out;
}

Upper upper_bound(const TransportInputs& inputs, Upper gain, int order) {
  return root(inputs.base + gain, order);
}

double lower_bound(const TransportInputs& inputs, double gain, int order, std::int64_t dimension) {
  const double slack = 1e-11 + 16 * static_cast<double>(dimension + 16) * kEpsilon;
  const double below = (inputs.base.value() + gain) * (1 - slack);
  if (!(below > 0)) return 0;
  return order == 2 ? lower_bound_of(std::sqrt(below), 2) : below;
}

DualBound dual_bound(const Context& context, const Partition& partition,
                     const RegionStatistics& statistics, const TransportOptions& options) {
  const Pulse pulse(options.progress);
  const Deadline deadline(options.time_limit);
  Pulse::report("dual program", 0);
  TransportInputs inputs = transport_inputs(context, partition, statistics, options);
  RelaxedProgram relaxed = solve_relaxed_program(context, inputs, deadline);
  const int order = statistics.order;
  const double bound = upper_bound(inputs, relaxed.dual.upper, order).value();
  const double lower =
      std::min(bound, lower_bound(inputs, relaxed.value, order, partition.dimension()));
  return {.bound = bound,
          .lower = lower,
          .certificate = {.partition = partition,
                          .order = order,
                          .beta = options.beta,
                          .costs = options.costs,
                          .limits = std::move(inputs.limits),
                          .y = std::move(relaxed.dual.y),
                          .bound = bound},
          .rounds = static_cast<std::int64_t>(relaxed.dual.steps.size()),
          .optimal = relaxed.dual.optimal};
}

}  // namespace wquant
