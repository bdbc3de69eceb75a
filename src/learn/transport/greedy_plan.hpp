#pragma once

#include <cstdint>
#include <vector>

#include "learn/transport/transport_inputs.hpp"

namespace wquant {

/// Mass `flow` moved from column to row: region `source` gains what region `sink` loses.
struct Move {
  std::int64_t source = 0;
  std::int64_t sink = 0;
  double flow = 0;
};

/// A feasible plan of Theorem 3.1's program: the largest gain first, each region keeping the role
/// in which it was first used.
std::vector<Move> greedy_plan(const std::vector<double>& gains, const Capacities& capacities);

/// Σ g_ij f_ij of a plan, rounded downwards, after what exceeds a capacity has been scaled away.
/// The capacities are taken as they are rounded. 0 if some region has both roles.
double plan_value(const std::vector<double>& gains, const Capacities& capacities,
                  const std::vector<Move>& plan);

/// The capacities left when each region keeps the larger of its roles in the plan only.
Capacities larger_roles(const Capacities& capacities, const std::vector<Move>& plan);

}  // namespace wquant
