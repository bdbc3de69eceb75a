#pragma once

#include <vector>

#include "accuracy/learning_instances.hpp"

namespace wquant::test {

/// max Σ worth_v x_v, x ≥ 0, Σ_v rows_rv x_v ≤ right_r, right ≥ 0: the simplex method with Bland's
/// rule in 100 digits, so that it ends and its last dictionary proves its value.
Real simplex(std::vector<std::vector<Real>> rows, std::vector<Real> right, std::vector<Real> worth);

/// max Σ gain_ij f_ij with Σ_j f_ij ≤ source_i and Σ_i f_ij ≤ sink_j.
Real best_plan(const std::vector<std::vector<Real>>& gain, const std::vector<Real>& source,
               const std::vector<Real>& sink);

/// min Σ cost_ij π_ij over the couplings of two distributions with the same mass.
Real transport_optimum(const std::vector<std::vector<Real>>& cost, const std::vector<Real>& from,
                       const std::vector<Real>& to);

/// Theorem 3.1's program for stored limits, from the mathematics (design/learning.md A4, B1, B2).
struct ExactProgram {
  ExactProgram(const Partition& partition, const RegionStatistics& statistics,
               const ProbabilityBox& limits, Costs costs);

  /// c_ij. Whether a ball holds a point is decided in double: d differences, squares and sums leave
  /// a relative error of (d + 4) ε / 2 and squares that vanish. What no ball holds is anywhere in
  /// Ξ.
  Real sup_cost(const Partition& partition, std::size_t i, std::size_t j, Costs costs) const;

  /// bound^ρ with z relaxed to [0, 1]: by strong duality the least that the dual can prove.
  Real relaxed() const;

  /// bound^ρ itself: all 2^M choices of who gains.
  Real integer() const;

  /// Whether y proves what it claims: y ≥ 0, y_i / a_i + y_j / b_j ≥ g_ij.
  bool proves(const std::vector<double>& y) const;

  std::size_t m;
  int order;
  std::vector<Real> p, source, sink;
  std::vector<std::vector<Real>> cost, gain;
  Real base = 0;
};

}  // namespace wquant::test
