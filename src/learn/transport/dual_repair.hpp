#pragma once

#include <vector>

#include "learn/transport/transport_inputs.hpp"

namespace wquant {

/// y_i / a_i and y_j / b_j rounded downwards; +infinity where the capacity is 0.
std::vector<double> prices_of(const std::vector<double>& y, const std::vector<double>& capacities);

/// Raises y_i where regions of next to no capacity miss an inequality: they cost next to nothing,
/// but a linear program within its tolerance does not see them, and `repair` would raise the
/// others.
void raise_slight(const std::vector<double>& gains, const Capacities& capacities,
                  std::vector<double>& y);

/// Turns any y into one that satisfies y ≥ 0 and y_i / a_i + y_j / b_j ≥ g_ij, i ≠ j, in exact
/// arithmetic (design/learning.md B1), with no coordinate larger than the others need: in order,
/// each y_i becomes the least number that its own inequalities allow. gains: M × M.
void repair(const std::vector<double>& gains, const Capacities& capacities, std::vector<double>& y);

}  // namespace wquant
