#include "learn/dual_program.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/backend.hpp"
#include "common/transfer.hpp"
#include "learn/dual_repair.hpp"
#include "learn/restricted_program.hpp"

namespace wquant {
namespace {

/// Of the optimum: where column generation stops.
constexpr double kOptimalGap = 1e-10;

/// Keeps the better of the solution's y and a repaired `y`.
void improve(const std::vector<double>& gains, const Capacities& capacities, std::vector<double> y,
             DualSolution& solution) {
  repair(gains, capacities, y);
  repair(gains, capacities, y);
  const double upper = total_upward(y);
  if (!solution.y.empty() && !(upper < solution.upper)) return;
  solution.y = std::move(y);
  solution.upper = upper;
}

}  // namespace

EdgePricing::EdgePricing(const Context& context, const std::vector<double>& gains,
                         std::int64_t regions)
    : context_(context),
      regions_(regions),
      copy_(context.memory_space() == MemorySpace::host
                ? Array<double>(context, 0, 0)
                : on_context(context, gains.data(), regions, regions)),
      gains_(context.memory_space() == MemorySpace::host
                 ? MatrixView<const double>(gains.data(), regions, regions)
                 : copy_.view()) {}

std::vector<Move> EdgePricing::violated(const Capacities& capacities, const std::vector<double>& y,
                                        double least) const {
  constexpr std::int64_t kBlocks = 4;
  const std::int64_t blocks = std::min(kBlocks, regions_);
  const auto rows = on_context(context_, prices_of(y, capacities.source));
  const auto columns = on_context(context_, prices_of(y, capacities.sink));
  Array<double> violations(context_, regions_, blocks);
  Array<std::int64_t> best(context_, regions_, blocks);
  context_.backend().price_edges(gains_, {rows.data(), regions_, context_.memory_space()},
                                 {columns.data(), regions_, context_.memory_space()},
                                 violations.view(), best.view());
  const auto worth = violations.to_host();
  const auto sinks = best.to_host();
  std::vector<Move> out;
  for (std::int64_t i = 0; i < regions_; ++i)
    for (std::int64_t b = 0; b < blocks; ++b) {
      const std::int64_t j = sinks(i, b);
      if (j >= 0 && worth(i, b) * std::min(capacities.source[i], capacities.sink[j]) >
                        least)
        out.push_back({i, j, 0});
    }
  return out;
}

DualSolution solve_dual_program(const EdgePricing& pricing, const std::vector<double>& gains,
                                const Capacities& capacities, const std::vector<Move>& start,
                                const Watch& watch) {
  const auto m = static_cast<std::int64_t>(capacities.source.size());
  DualSolution out;
  improve(gains, capacities, std::vector<double>(m, 0.0), out);
  RestrictedProgram program(gains, capacities);
  program.add(start);
  while (!watch.expired()) {
    watch.poll();
    const auto status = program.solve(watch);
    const std::vector<double> y = program.y();
    improve(gains, capacities, y, out);
    out.plan = program.plan();
    if (status != RestrictedProgram::Status::optimal) break;
    out.steps.push_back({watch.seconds(), program.value(), out.upper});
    const double gap = kOptimalGap * out.upper;
    out.optimal = out.upper - program.value() <= gap;
    if (out.optimal) break;
    const auto edges = pricing.violated(capacities, y, gap / static_cast<double>(m));
    if (getenv("HB")) fprintf(stderr, "round %zu t %.3f lo %.9g up %.9g edges %ld new %zu\n", out.steps.size(), watch.seconds(), program.value(), out.upper, program.edges(), edges.size());
    if (edges.empty()) break;
    program.add(edges);
  }
  return out;
}

}  // namespace wquant
