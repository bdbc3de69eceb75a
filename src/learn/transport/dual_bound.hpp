#pragma once

#include <vector>

#include "base/pulse.hpp"
#include "learn/transport/dual_program.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/transport_inputs.hpp"

namespace wquant {

/// Theorem 3.1's program with its integers relaxed, and a feasible plan of the program itself.
struct RelaxedProgram {
  DualSolution dual;
  std::vector<Move> plan;  ///< no region has both roles.
  double value = 0;        ///< of the plan, rounded downwards.
};
RelaxedProgram solve_relaxed_program(const Context& context, const TransportInputs& inputs,
                                     const Deadline& deadline);

/// (base + gain)^{1/ρ}, rounded upwards for a bound; and downwards, less all that the inputs were
/// rounded up by, for a value that is surely reached.
Upper upper_bound(const TransportInputs& inputs, Upper gain, int order);
double lower_bound(const TransportInputs& inputs, double gain, int order, std::int64_t dimension);

}  // namespace wquant
