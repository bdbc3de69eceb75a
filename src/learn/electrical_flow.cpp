#include "learn/electrical_flow.hpp"

#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/parallel.hpp"

namespace wquant {
namespace {

using Sparse = Eigen::SparseMatrix<double>;
using Factor = Eigen::SimplicialLLT<Sparse, Eigen::Lower, Eigen::AMDOrdering<int>>;

constexpr std::int64_t kColumns = 64;  // right-hand sides solved together

/// x ← L⁻ᵀ L⁻¹ x for the rows x of kColumns numbers; L has its diagonal first in each column.
void solve_in_place(const Sparse& lower, double* x) {
  const int* const begin = lower.outerIndexPtr();
  const int* const row = lower.innerIndexPtr();
  const double* const value = lower.valuePtr();
  const int n = static_cast<int>(lower.cols());
  for (int j = 0; j < n; ++j) {
    double* const xj = x + j * kColumns;
    for (int c = 0; c < kColumns; ++c) xj[c] /= value[begin[j]];
    for (int e = begin[j] + 1; e < begin[j + 1]; ++e) {
      double* const xi = x + row[e] * kColumns;
      for (int c = 0; c < kColumns; ++c) xi[c] -= value[e] * xj[c];
    }
  }
  for (int j = n - 1; j >= 0; --j) {
    double* const xj = x + j * kColumns;
    for (int e = begin[j] + 1; e < begin[j + 1]; ++e) {
      const double* const xi = x + row[e] * kColumns;
      for (int c = 0; c < kColumns; ++c) xj[c] -= value[e] * xi[c];
    }
    for (int c = 0; c < kColumns; ++c) xj[c] /= value[begin[j]];
  }
}

}  // namespace

ElectricalFlow::ElectricalFlow(int threads, const RoutingGraph& graph,
                               const std::vector<double>& mass)
    : mass_(mass) {
  find_hubs(graph);
  make_wires(graph);
  if (!solve_potentials(threads)) {
    residual_ = std::numeric_limits<double>::infinity();
    return;
  }
  centre(threads);
  residual_ = worst_residual(threads);
}

/// Nodes of one edge are leaves of their neighbour, the first of two that only have each other is
/// a hub.
void ElectricalFlow::find_hubs(const RoutingGraph& graph) {
  degree_.assign(mass_.size(), 0);
  std::vector<std::int64_t> neighbour(mass_.size());
  for (const Edge& edge : graph.edges) {
    ++degree_[edge.from];
    ++degree_[edge.to];
    neighbour[edge.from] = edge.to;
    neighbour[edge.to] = edge.from;
  }
  is_hub_.assign(mass_.size(), 0);
  std::vector<std::int64_t> number(mass_.size());
  for (std::int64_t i = 0; i < nodes(); ++i)
    if (degree_[i] > 1 || (i == 0 && nodes() == 2)) {
      is_hub_[i] = 1;
      number[i] = hubs_++;
    }
  for (std::int64_t i = 0; i < nodes(); ++i) hub_.push_back(number[is_hub_[i] ? i : neighbour[i]]);
}

void ElectricalFlow::make_wires(const RoutingGraph& graph) {
  constexpr double kLeastMass = 1e-9;
  double longest = 0;
  for (const Edge& edge : graph.edges) longest = std::max(longest, edge.length);
  for (const Edge& edge : graph.edges) {
    Wire wire{hub_[edge.from], hub_[edge.to]};
    if (!is_hub_[edge.from] || !is_hub_[edge.to]) {
      wire.leaf = is_hub_[edge.from] ? edge.to : edge.from;
      wire.sign = wire.leaf == edge.from ? 1 : -1;
    } else {
      const double length = edge.length / longest;
      wire.conductance =
          std::sqrt(std::max(mass_[edge.from], kLeastMass) * std::max(mass_[edge.to], kLeastMass)) /
          (length * length);
    }
    wires_.push_back(wire);
  }
}

/// potentials(i, y): of hub i if a unit enters at the hub of y and leaves at the last hub.
bool ElectricalFlow::solve_potentials(int threads) {
  potentials_.assign(static_cast<std::size_t>(hubs_ * nodes()), 0.0);
  const auto n = static_cast<int>(hubs_ - 1);
  if (n == 0) return true;
  std::vector<double> diagonal(static_cast<std::size_t>(hubs_), 0.0);
  for (const Wire& wire : wires_) {
    diagonal[wire.from] += wire.conductance;
    diagonal[wire.to] += wire.conductance;
  }
  std::vector<double> scale;
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < n; ++i) {
    scale.push_back(1 / std::sqrt(diagonal[i]));
    entries.emplace_back(i, i, 1.0);
  }
  for (const Wire& wire : wires_)
    if (wire.leaf < 0 && std::max(wire.from, wire.to) < n)
      entries.emplace_back(static_cast<int>(std::max(wire.from, wire.to)),
                           static_cast<int>(std::min(wire.from, wire.to)),
                           -wire.conductance * scale[wire.from] * scale[wire.to]);
  Sparse laplacian(n, n);
  laplacian.setFromTriplets(entries.begin(), entries.end());
  const Factor factor(laplacian);
  if (factor.info() != Eigen::Success) return false;
  const Sparse lower = factor.matrixL();
  const auto& order = factor.permutationP().indices();
  parallel_chunks(threads, nodes(), kColumns, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> x(static_cast<std::size_t>(n * kColumns), 0.0);
    for (std::int64_t y = begin; y < end; ++y)
      if (hub_[y] < n) x[order[hub_[y]] * kColumns + (y - begin)] = scale[hub_[y]];
    solve_in_place(lower, x.data());
    for (int i = 0; i < n; ++i)
      for (std::int64_t y = begin; y < end; ++y)
        potentials_[i * nodes() + y] = scale[i] * x[order[i] * kColumns + (y - begin)];
  });
  return true;
}

void ElectricalFlow::through(std::int64_t edge, std::int64_t begin, std::int64_t end,
                             double* out) const {
  const Wire& wire = wires_[edge];
  if (wire.leaf >= 0) {
    std::fill(out, out + (end - begin), -wire.sign * mass_[wire.leaf]);
    if (begin <= wire.leaf && wire.leaf < end)
      out[wire.leaf - begin] = wire.sign * (1 - mass_[wire.leaf]);
    return;
  }
  const double* const from = potential(wire.from);
  const double* const to = potential(wire.to);
  for (std::int64_t y = begin; y < end; ++y)
    out[y - begin] = wire.conductance * (from[y] - to[y]) - wire.mean;
}

void ElectricalFlow::centre(int threads) {
  constexpr std::int64_t kEdgesPerChunk = 64;
  parallel_chunks(threads, edges(), kEdgesPerChunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> flow(mass_.size());
    for (std::int64_t e = begin; e < end; ++e) {
      if (wires_[e].leaf >= 0) continue;
      through(e, 0, nodes(), flow.data());
      double mean = 0;
      for (std::int64_t y = 0; y < nodes(); ++y) mean += mass_[y] * flow[y];
      wires_[e].mean = mean;
    }
  });
}

/// Leaves have none, so what a hub must send is its own demand and theirs.
double ElectricalFlow::worst_residual(int threads) const {
  std::vector<double> wanted(static_cast<std::size_t>(hubs_), 0.0);
  std::vector<double> terms(static_cast<std::size_t>(hubs_), 8.0);
  for (std::int64_t i = 0; i < nodes(); ++i) {
    wanted[hub_[i]] += mass_[i];
    terms[hub_[i]] += 1 + static_cast<double>(degree_[i]);
  }
  std::vector<double> worst(mass_.size());
  parallel_chunks(threads, nodes(), kColumns, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> left(static_cast<std::size_t>(hubs_ * kColumns), 0.0);
    std::vector<double> size(left.size(), 0.0);
    double flow[kColumns];
    for (std::int64_t e = 0; e < edges(); ++e) {
      const Wire& wire = wires_[e];
      if (wire.leaf >= 0) continue;
      through(e, begin, end, flow);
      for (std::int64_t c = 0; c < end - begin; ++c) {
        left[wire.from * kColumns + c] -= flow[c];
        left[wire.to * kColumns + c] += flow[c];
        size[wire.from * kColumns + c] += std::fabs(flow[c]);
        size[wire.to * kColumns + c] += std::fabs(flow[c]);
      }
    }
    for (std::int64_t y = begin; y < end; ++y) {
      double sum = 0;
      for (std::int64_t i = 0; i < hubs_; ++i) {
        const std::int64_t c = i * kColumns + (y - begin);
        const double own = hub_[y] == i ? 1 : 0;
        const double rounding =
            terms[i] * std::numeric_limits<double>::epsilon() * (size[c] + own + wanted[i]);
        sum += std::fabs(own - wanted[i] + left[c]) + rounding;
      }
      worst[y] = sum * (1 + static_cast<double>(hubs_) * std::numeric_limits<double>::epsilon());
    }
  });
  double out = 0;
  for (const double sum : worst)
    if (!(sum <= out)) out = std::isnan(sum) ? std::numeric_limits<double>::infinity() : sum;
  return out;
}

}  // namespace wquant
