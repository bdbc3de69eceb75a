#pragma once

#include <cstdint>
#include <vector>

#include "backend/transfer.hpp"
#include "base/pulse.hpp"
#include "learn/transport/greedy_plan.hpp"
#include "learn/transport/transport_inputs.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// The gains where the backend prices them: a copy on a device, themselves on the host.
class EdgePricing {
 public:
  EdgePricing(const Context& context, const std::vector<double>& gains, std::int64_t regions);

  /// Backend::price_edges with `blocks` blocks of columns; M × blocks each, in host memory.
  struct Priced {
    Array<double> violations;
    Array<std::int64_t> columns;
  };
  Priced price(const std::vector<double>& row_prices, const std::vector<double>& column_prices,
               std::int64_t blocks) const;

  /// The edges that violate y_i / a_i + y_j / b_j ≥ g_ij most: the best of each row and each block
  /// of columns, if it is worth more than `least` = violation times min(a_i, b_j).
  std::vector<Move> violated(const Capacities& capacities, const std::vector<double>& y,
                             double least) const;

 private:
  const Context& context_;
  std::int64_t regions_;
  ContextCopy<double> gains_;
};

struct DualStep {
  double seconds = 0;
  double lower = 0;  ///< of the linear program, by the solver's word only.
  double upper = 0;
};

struct DualSolution {
  std::vector<double> y;        ///< feasible in exact arithmetic, whatever happened.
  Upper upper;                  ///< Σ y.
  std::vector<Move> plan;       ///< feasible for the linear program, to the solver's accuracy.
  std::vector<DualStep> steps;  ///< one a round.
  bool optimal = false;
};

/// min Σ y_i of design/learning.md B1 by column generation, from `start` on.
DualSolution solve_dual_program(const EdgePricing& pricing, const std::vector<double>& gains,
                                const Capacities& capacities, const std::vector<Move>& start,
                                const Deadline& deadline);

}  // namespace wquant
