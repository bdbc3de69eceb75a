#include "learn/transport/integer_program.hpp"

#include <algorithm>
#include <cmath>
#include <coin/CbcEventHandler.hpp>
#include <coin/CbcModel.hpp>
#include <coin/CoinPackedMatrix.hpp>
#include <coin/OsiClpSolverInterface.hpp>
#include <memory>
#include <new>

#include "base/limits.hpp"
#include "learn/transport/interruption.hpp"

namespace wquant {
namespace {

/// Asks at every node.
class CbcStopper final : public CbcEventHandler {
 public:
  explicit CbcStopper(Interruption& interruption) : interruption_(interruption) {}
  CbcEventHandler* clone() const override { return new CbcStopper(*this); }
  CbcAction event(CbcEvent) override { return interruption_.report() ? stop : noAction; }

 private:
  Interruption& interruption_;
};

/// Columns: one x_ij = f_ij / min(a_i, b_j) per edge, then z. Rows: Σ_j f_ij / a_i − z_i ≤ 0, then
/// Σ_i f_ij / b_j + z_j ≤ 1. The objective is divided by the largest g_ij min(a_i, b_j).
struct Formulation {
  std::vector<Move> edges;  // flow: min(a_i, b_j)
  std::vector<double> worth;
  double scale = 0;
};

Formulation formulate(const std::vector<double>& gains, const Capacities& capacities) {
  const auto m = static_cast<std::int64_t>(capacities.source.size());
  Formulation out;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < m; ++j) {
      const double unit = std::min(capacities.source[i], capacities.sink[j]);
      if (i == j || !(unit > 0 && gains[i * m + j] > 0)) continue;
      out.edges.push_back({i, j, unit});
      out.worth.push_back(gains[i * m + j] * unit);
      out.scale = std::max(out.scale, out.worth.back());
    }
  return out;
}

void load(const Formulation& formulation, const Capacities& capacities,
          OsiClpSolverInterface& solver) {
  const auto m = static_cast<int>(capacities.source.size());
  const auto n = static_cast<int>(formulation.edges.size());
  std::vector<int> rows;
  std::vector<int> columns;
  std::vector<double> elements;
  const auto entry = [&](std::int64_t row, int column, double value) {
    rows.push_back(static_cast<int>(row));
    columns.push_back(column);
    elements.push_back(value);
  };
  std::vector<double> objective(n + m, 0.0);
  for (int e = 0; e < n; ++e) {
    const auto& [source, sink, unit] = formulation.edges[e];
    entry(source, e, unit / capacities.source[source]);
    entry(m + sink, e, unit / capacities.sink[sink]);
    objective[e] = -formulation.worth[e] / formulation.scale;
  }
  for (int k = 0; k < m; ++k) {
    entry(k, n + k, -1);
    entry(m + k, n + k, 1);
  }
  const CoinPackedMatrix matrix(true, rows.data(), columns.data(), elements.data(),
                                static_cast<CoinBigIndex>(elements.size()));
  std::vector<double> upper(n + m, solver.getInfinity());
  std::fill(upper.begin() + n, upper.end(), 1.0);
  std::vector<double> right(std::size_t{2} * m, 0.0);
  const std::vector<double> lower(right.size(), -solver.getInfinity());
  std::fill(right.begin() + m, right.end(), 1.0);
  solver.loadProblem(matrix, nullptr, upper.data(), objective.data(), lower.data(), right.data());
  for (int k = 0; k < m; ++k) solver.setInteger(n + k);
}

/// The columns of a plan, and their objective.
std::vector<double> columns_of(const Formulation& formulation, std::int64_t m,
                               const std::vector<Move>& plan, double& objective) {
  const std::size_t n = formulation.edges.size();
  std::vector<double> out(n + static_cast<std::size_t>(m), 0.0);
  std::vector<double> flows(static_cast<std::size_t>(m * m), 0.0);
  for (const Move& move : plan) {
    flows[move.source * m + move.sink] += move.flow;
    if (move.flow > 0) out[n + move.source] = 1;
  }
  objective = 0;
  for (std::size_t e = 0; e < n; ++e) {
    const auto& [source, sink, unit] = formulation.edges[e];
    out[e] = flows[source * m + sink] / unit;
    objective -= out[e] * formulation.worth[e] / formulation.scale;
  }
  return out;
}

void silence(CbcModel& model) {
  model.setLogLevel(0);
  model.messageHandler()->setLogLevel(0);
  model.solver()->messageHandler()->setLogLevel(0);
  model.solver()->setHintParam(OsiDoReducePrint, true, OsiHintTry);
}

void read(const CbcModel& model, const Formulation& formulation, bool optimal,
          IntegerSolution& out) {
  // CBC's bound holds up to its tolerances, 1e-7: reduced costs that much below 0 times columns,
  // whose sum is at most the number of regions since each x_ij ≤ f_ij / a_i + f_ij / b_j; rows
  // exceeded that much times prices, whose sum is the bound.
  constexpr double kTolerance = 1e-7;
  const int rows = model.getNumRows();  // two for a region
  const double regions = static_cast<double>(rows) / 2;
  const double proven = -model.getBestPossibleObjValue();
  if (std::isfinite(proven) && proven > -1)
    out.upper = (std::max(proven, 0.0) * (1 + 2 * kTolerance) + (regions + 2) * kTolerance) *
                formulation.scale;
  out.optimal = optimal;
  const double* const solution = model.bestSolution();
  if (!solution) return;
  for (std::size_t e = 0; e < formulation.edges.size(); ++e) {
    Move move = formulation.edges[e];
    move.flow *= solution[e];
    if (move.flow > 0) out.plan.push_back(move);
  }
}

void branch_and_bound(OsiClpSolverInterface& solver, const Formulation& formulation,
                      const std::vector<Move>& start, std::int64_t regions,
                      const Deadline& deadline, Interruption& interruption, IntegerSolution& out) {
  CbcModel model(solver);
  silence(model);
  hand_over<CbcEventHandler>(std::make_unique<CbcStopper>(interruption), model);
  model.setUseElapsedTime(true);
  model.setMaximumSeconds(std::max(0.0, deadline.left()));
  model.setAllowableGap(0);
  model.setAllowableFractionGap(0);
  model.setCutoffIncrement(0);
  double objective = 0;
  const std::vector<double> columns = columns_of(formulation, regions, start, objective);
  model.setBestSolution(columns.data(), static_cast<int>(columns.size()), objective, true);
  model.branchAndBound();
  read(model, formulation, model.isProvenOptimal() && !interruption.stopped(), out);
}

}  // namespace

double integer_program_bytes(std::int64_t regions) {
  constexpr double kBytesPerEdge = 400;
  return kBytesPerEdge * static_cast<double>(regions) * static_cast<double>(regions);
}

IntegerSolution solve_integer_program(const std::vector<double>& gains,
                                      const Capacities& capacities, const std::vector<Move>& start,
                                      const Deadline& deadline) {
  const Formulation formulation = formulate(gains, capacities);
  IntegerSolution out;
  if (formulation.edges.empty()) {
    out.optimal = true;
    return out;
  }
  out.upper = kInfinity;
  Interruption interruption(deadline);
  try {
    OsiClpSolverInterface solver;
    solver.messageHandler()->setLogLevel(0);
    load(formulation, capacities, solver);
    auto idle = std::make_unique<ClpEventHandler>();
    hand_over<ClpEventHandler>(std::make_unique<ClpStopper>(interruption), *solver.getModelPtr());
    solver.initialSolve();
    // A linear program cut short inside branch and bound would prove nothing.
    hand_over<ClpEventHandler>(std::make_unique<ClpStopper>(interruption, StopOn::refusal),
                               *solver.getModelPtr());
    if (!interruption.stopped())
      branch_and_bound(solver, formulation, start,
                       static_cast<std::int64_t>(capacities.source.size()), deadline, interruption,
                       out);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (...) {
    out = {};
    out.upper = kInfinity;
  }
  interruption.rethrow();
  return out;
}

}  // namespace wquant
