#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/pulse.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/transport_inputs.hpp"

namespace wquant {

/// The linear program of design/learning.md B1 over some edges only, solved by COIN-OR CLP's primal
/// simplex from the last basis: max Σ g_ij f_ij with Σ_j f_ij / a_i + Σ_k f_ki / b_i ≤ 1, f ≥ 0.
class RestrictedProgram {
 public:
  RestrictedProgram(const std::vector<double>& gains, const Capacities& capacities);
  ~RestrictedProgram();
  RestrictedProgram(const RestrictedProgram&) = delete;
  RestrictedProgram& operator=(const RestrictedProgram&) = delete;

  /// Adds the edges of positive gain between a source and a sink that are not there yet (flows do
  /// not matter). Returns how many these were.
  std::int64_t add(const std::vector<Move>& edges);

  enum class Status { optimal, stopped, failed };
  /// `stopped` where the deadline passes first.
  Status solve(const Deadline& deadline);

  /// Of the last solution, which is only as good as its status.
  double value() const;
  std::vector<double> y() const;
  std::vector<Move> plan() const;  ///< all edges.

 private:
  struct Solver;
  const std::vector<double>& gains_;
  const Capacities& capacities_;
  double scale_ = 1;  ///< of the objective.
  std::vector<Move> edges_;
  std::vector<bool> present_;  ///< M × M.
  std::unique_ptr<Solver> solver_;
};

}  // namespace wquant
