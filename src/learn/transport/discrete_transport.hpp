#pragma once

#include <cstdint>
#include <vector>

#include "base/pulse.hpp"
#include "base/upper.hpp"
#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// An upper bound on min Σ ‖x_i − x_j‖^ρ π_ij over the plans from one distribution on the M
/// locations (host, M × d) to another, tight to rounding if the deadline does not cut it short.
/// to: counts / Σ counts; from: any M numbers ≥ 0 whose exact sum is 1 within `slack`.
/// Throws OutOfMemory.
Upper discrete_transport_cost(const Context& context, MatrixView<const double> locations,
                              const std::vector<double>& from,
                              const std::vector<std::int64_t>& counts, int order, double slack,
                              const Deadline& deadline);

}  // namespace wquant
