#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant::test {

/// min Σ cost_ij π_ij over couplings of from / total and to / total: counts with the same total, so
/// that the network simplex works on integers; costs are rounded down to multiples of 2⁻³⁸ of the
/// largest, as with real ones it may go round in circles. (Squared distances are no metric: what an
/// atom has in both need not stay there.)
double transport_cost(MatrixView<const double> cost, const std::vector<std::int64_t>& from,
                      const std::vector<std::int64_t>& to);

/// Multiples of 2⁻⁴⁰ with sum 1; the largest takes up what rounding left.
std::vector<std::int64_t> whole_masses(const std::vector<double>& probabilities);

/// W_ρ of the locations a with probabilities p and b with q.
double transport_distance(MatrixView<const double> a, const std::vector<double>& p,
                          MatrixView<const double> b, const std::vector<double>& q, int order);

}  // namespace wquant::test
