#pragma once

#include <vector>

#include "base/pulse.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/transport_inputs.hpp"

namespace wquant {

/// What branch and bound found out about max Σ g_ij f_ij of design/learning.md A4.
struct IntegerSolution {
  double upper = 0;        ///< proven by the solver, its tolerances added; +infinity if it failed.
  std::vector<Move> plan;  ///< the best one found; empty if there is none.
  bool optimal = false;    ///< closed before the deadline.
};

/// COIN-OR CBC, from a feasible plan on, until the deadline.
IntegerSolution solve_integer_program(const std::vector<double>& gains,
                                      const Capacities& capacities, const std::vector<Move>& start,
                                      const Deadline& deadline);

/// Memory that it takes, roughly.
double integer_program_bytes(std::int64_t regions);

}  // namespace wquant
