#include "learn/transport/dual_program.hpp"

#include <algorithm>
#include <cmath>

#include "backend/backend.hpp"
#include "backend/transfer.hpp"
#include "learn/transport/dual_repair.hpp"
#include "learn/transport/restricted_program.hpp"

namespace wquant {
namespace {

/// Of the optimum: where column generation stops.
constexpr double kOptimalGap = 1e-10;

/// Costs of this size are what rounding leaves of zeros; no solver can tell them apart.
constexpr double kNegligibleCost = 1e-280;

/// Keeps the better of the solution's y and a repaired `y`.
void improve(const std::vector<double>& gains, const Capacities& capacities, std::vector<double> y,
             DualSolution& solution) {
  raise_slight(gains, capacities, y);
  repair(gains, capacities, y);
  repair(gains, capacities, y);
  const Upper upper = sum_above(y);
  if (!solution.y.empty() && !(upper < solution.upper)) return;
  solution.y = std::move(y);
  solution.upper = upper;
}

/// Prices pulled from those of the restricted program towards the best feasible ones, which settle
/// sooner (Wentges, 1997); the weight is the best of those measured.
std::vector<double> between(std::vector<double> y, const std::vector<double>& feasible) {
  constexpr double kPull = 0.8;
  for (std::size_t i = 0; i < y.size(); ++i) y[i] += kPull * (feasible[i] - y[i]);
  return y;
}

}  // namespace

EdgePricing::EdgePricing(const Context& context, const std::vector<double>& gains,
                         std::int64_t regions)
    : context_(context), regions_(regions), gains_(context, {gains.data(), regions, regions}) {}

EdgePricing::Priced EdgePricing::price(const std::vector<double>& row_prices,
                                       const std::vector<double>& column_prices,
                                       std::int64_t blocks) const {
  const auto rows = on_context(context_, row_prices);
  const auto columns = on_context(context_, column_prices);
  Array<double> violations(context_, regions_, blocks);
  Array<std::int64_t> best(context_, regions_, blocks);
  context_.backend().price_edges(gains_.view(), flat_view(rows), flat_view(columns),
                                 violations.view(), best.view());
  return {on_host(std::move(violations)), on_host(std::move(best))};
}

std::vector<Move> EdgePricing::violated(const Capacities& capacities, const std::vector<double>& y,
                                        double least) const {
  constexpr std::int64_t kBlocks = 4;
  const auto [violations, columns] =
      price(prices_of(y, capacities.source), prices_of(y, capacities.sink), kBlocks);
  std::vector<Move> out;
  for (std::int64_t i = 0; i < regions_; ++i)
    for (std::int64_t b = 0; b < kBlocks; ++b) {
      const std::int64_t j = columns(i, b);
      if (j < 0) continue;
      const double unit = std::min(capacities.source[i], capacities.sink[j]);
      if (violations(i, b) * unit > least) out.push_back({i, j, 0});
    }
  return out;
}

DualSolution solve_dual_program(const EdgePricing& pricing, const std::vector<double>& gains,
                                const Capacities& capacities, const std::vector<Move>& start,
                                const Deadline& deadline) {
  const std::size_t m = capacities.source.size();
  DualSolution out;
  improve(gains, capacities, std::vector<double>(m, 0.0), out);
  out.optimal = out.upper < Upper(kNegligibleCost);
  RestrictedProgram program(gains, capacities);
  program.add(start);
  while (!out.optimal && !deadline.passed()) {
    Pulse::report(deadline.share());
    const auto status = program.solve(deadline);
    const std::vector<double> y = program.y();
    improve(gains, capacities, y, out);
    out.plan = program.plan();
    if (status != RestrictedProgram::Status::optimal) break;
    out.steps.push_back({deadline.elapsed(), program.value(), out.upper.value()});
    const double gap = kOptimalGap * out.upper.value();
    const double least = gap / static_cast<double>(m);
    out.optimal = out.upper.value() - program.value() <= gap;
    if (!out.optimal && program.add(pricing.violated(capacities, between(y, out.y), least)) == 0 &&
        program.add(pricing.violated(capacities, y, least)) == 0)
      out.optimal = true;  // to the solver's own tolerance
  }
  return out;
}

}  // namespace wquant
