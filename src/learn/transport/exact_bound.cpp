#include <algorithm>
#include <utility>

#include "base/pulse.hpp"
#include "learn/transport/dual_bound.hpp"
#include "learn/transport/dual_program.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/integer_program.hpp"
#include "learn/transport/transport_inputs.hpp"

namespace wquant {
namespace {

/// Re-solves the transport problem between the sources and the sinks of a plan, so that its value
/// does not rest on the solver's tolerance for integers.
double polished_value(const Context& context, const TransportInputs& inputs,
                      const std::vector<Move>& plan, const Deadline& deadline) {
  const Capacities roles = larger_roles(inputs.capacities, plan);
  const EdgePricing pricing(context, inputs.gains, inputs.regions);
  const auto solution = solve_dual_program(pricing, inputs.gains, roles, plan, deadline);
  return plan_value(inputs.gains, inputs.capacities, solution.plan);
}

}  // namespace

ExactBound exact_bound(const Context& context, const Partition& partition,
                       const RegionStatistics& statistics, const TransportOptions& options) {
  const Pulse pulse(options.progress);
  const Deadline deadline(options.time_limit);
  Pulse::report("exact program", 0);
  const TransportInputs inputs = transport_inputs(context, partition, statistics, options);
  const RelaxedProgram relaxed = solve_relaxed_program(context, inputs, deadline);
  Upper upper = relaxed.dual.upper;
  double value = relaxed.value;
  bool optimal = relaxed.dual.optimal && relaxed.dual.steps.empty();
  if (!optimal && !deadline.passed() &&
      integer_program_bytes(inputs.regions) < static_cast<double>(context.workspace_limit())) {
    const IntegerSolution found =
        solve_integer_program(inputs.gains, inputs.capacities, relaxed.plan, deadline);
    value = std::max(value, polished_value(context, inputs, found.plan, deadline));
    // A bound below a value that is reached would be no bound.
    if (found.upper >= value) {
      upper = std::min(upper, Upper(found.upper));
      optimal = found.optimal;
    }
  }
  const int order = statistics.order;
  const double bound = upper_bound(inputs, upper, order).value();
  return {.bound = bound,
          .lower = std::min(bound, lower_bound(inputs, value, order, partition.dimension())),
          .optimal = optimal};
}

}  // namespace wquant
