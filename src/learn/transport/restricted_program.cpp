#include "learn/transport/restricted_program.hpp"

#include <algorithm>
#include <cmath>
#include <coin/ClpFactorization.hpp>
#include <coin/ClpSimplex.hpp>
#include <memory>
#include <new>

#include "learn/transport/interruption.hpp"

namespace wquant {
struct RestrictedProgram::Solver {
  ClpSimplex clp;
};

RestrictedProgram::RestrictedProgram(const std::vector<double>& gains, const Capacities& capacities)
    : gains_(gains),
      capacities_(capacities),
      present_(gains.size()),
      solver_(std::make_unique<Solver>()) {
  const auto m = static_cast<int>(capacities.source.size());
  double largest = 0;
  for (int i = 0; i < m; ++i)
    for (int j = 0; j < m; ++j)
      largest =
          std::max(largest, gains[static_cast<std::size_t>(i) * static_cast<std::size_t>(m) + j] *
                                std::min(capacities.source[i], capacities.sink[j]));
  if (largest > 0) scale_ = largest;
  ClpSimplex& clp = solver_->clp;
  clp.setLogLevel(0);
  clp.resize(m, 0);
  for (int i = 0; i < m; ++i) clp.setRowBounds(i, -COIN_DBL_MAX, 1.0);
  clp.setOptimizationDirection(1);
  clp.scaling(0);
  clp.setPrimalTolerance(1e-9);
  clp.setDualTolerance(1e-9);
  clp.factorization()->setDenseThreshold(0);  // BLAS threads could change bits
}

RestrictedProgram::~RestrictedProgram() = default;

std::int64_t RestrictedProgram::add(const std::vector<Move>& edges) {
  const auto m = static_cast<std::int64_t>(capacities_.source.size());
  std::vector<double> objective;
  std::vector<CoinBigIndex> starts{0};
  std::vector<int> rows;
  std::vector<double> elements;
  for (const Move& edge : edges) {
    const double a = capacities_.source[edge.source];
    const double b = capacities_.sink[edge.sink];
    const double unit = std::min(a, b);
    const double gain = gains_[edge.source * m + edge.sink];
    if (!(unit > 0 && gain > 0) || present_[edge.source * m + edge.sink]) continue;
    present_[edge.source * m + edge.sink] = true;
    edges_.push_back({edge.source, edge.sink, 0});
    objective.push_back(-gain * unit / scale_);
    rows.insert(rows.end(), {static_cast<int>(edge.source), static_cast<int>(edge.sink)});
    elements.insert(elements.end(), {unit / a, unit / b});
    starts.push_back(static_cast<CoinBigIndex>(rows.size()));
  }
  if (objective.empty()) return 0;
  solver_->clp.addColumns(static_cast<int>(objective.size()), nullptr, nullptr, objective.data(),
                          starts.data(), rows.data(), elements.data());
  return static_cast<std::int64_t>(objective.size());
}

RestrictedProgram::Status RestrictedProgram::solve(const Deadline& deadline) {
  if (edges_.empty()) return Status::optimal;  // CLP expects columns.
  ClpSimplex& clp = solver_->clp;
  Interruption interruption(deadline);
  auto idle = std::make_unique<ClpEventHandler>();
  hand_over<ClpEventHandler>(std::make_unique<ClpStopper>(interruption), clp);
  bool failed = false;
  bool out_of_memory = false;
  try {
    clp.primal(0);
  } catch (const std::bad_alloc&) {
    out_of_memory = true;
  } catch (...) {
    failed = true;
  }
  hand_over(std::move(idle), clp);
  interruption.rethrow();
  if (out_of_memory) throw std::bad_alloc();
  if (failed) return Status::failed;
  if (clp.status() == 0) return Status::optimal;
  return interruption.stopped() ? Status::stopped : Status::failed;
}

double RestrictedProgram::value() const {
  return edges_.empty() ? 0 : -solver_->clp.objectiveValue() * scale_;
}

std::vector<double> RestrictedProgram::y() const {
  const auto m = static_cast<std::int64_t>(capacities_.source.size());
  std::vector<double> out(m, 0.0);
  if (edges_.empty()) return out;
  const double* const duals = solver_->clp.dualRowSolution();
  for (std::int64_t i = 0; i < m; ++i) {
    const double value = -duals[i] * scale_;
    out[i] = std::isfinite(value) ? std::max(0.0, value) : 0;
  }
  return out;
}

std::vector<Move> RestrictedProgram::plan() const {
  std::vector<Move> out = edges_;
  const double* const x = solver_->clp.primalColumnSolution();
  for (std::size_t e = 0; e < out.size(); ++e) {
    const double unit = std::min(capacities_.source[out[e].source], capacities_.sink[out[e].sink]);
    out[e].flow = std::isfinite(x[e]) ? std::max(0.0, x[e] * unit) : 0;
  }
  return out;
}

}  // namespace wquant
