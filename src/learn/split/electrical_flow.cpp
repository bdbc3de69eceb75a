#include "learn/split/electrical_flow.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/limits.hpp"
#include "base/parallel.hpp"

namespace wquant {
namespace {

constexpr std::int64_t kColumns = GroundedLaplacian::kColumns;

}  // namespace

ElectricalFlow::ElectricalFlow(int threads, const RoutingGraph& graph,
                               const std::vector<double>& mass)
    : mass_(mass) {
  constexpr double kGoodResidual = 1e-11;
  constexpr int kCorrections = 3;
  find_hubs(graph);
  make_wires(graph);
  const GroundedLaplacian laplacian(hubs_, conductances());
  residual_ = kInfinity;
  if (!laplacian.factorised()) return;
  solve_potentials(threads, laplacian);
  centre(threads);
  residual_ = worst_residual(threads);
  for (int k = 0; k < kCorrections && residual_ > kGoodResidual && residual_ < 1; ++k) {
    correct_potentials(threads, laplacian);
    centre(threads);
    residual_ = worst_residual(threads);
  }
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
  hub_mass_.assign(static_cast<std::size_t>(hubs_), 0.0);
  for (std::int64_t i = 0; i < nodes(); ++i) hub_mass_[hub_[i]] += mass_[i];
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

std::vector<Conductance> ElectricalFlow::conductances() const {
  std::vector<Conductance> out;
  for (const Wire& wire : wires_)
    if (wire.leaf < 0) out.push_back({wire.from, wire.to, wire.conductance});
  return out;
}

/// potentials(i, y): of hub i if a unit enters at the hub of y and leaves at the last hub.
void ElectricalFlow::solve_potentials(int threads, const GroundedLaplacian& laplacian) {
  potentials_.resize(static_cast<std::size_t>(hubs_ * nodes()));
  parallel_chunks(threads, nodes(), kColumns, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> x(static_cast<std::size_t>(hubs_ * kColumns), 0.0);
    for (std::int64_t y = begin; y < end; ++y) x[hub_[y] * kColumns + (y - begin)] = 1;
    laplacian.solve(x.data());
    for (std::int64_t i = 0; i < hubs_; ++i)
      std::copy_n(x.data() + i * kColumns, end - begin, potentials_.data() + i * nodes() + begin);
  });
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
  const double* const from = potentials_.data() + wire.from * nodes();
  const double* const to = potentials_.data() + wire.to * nodes();
  if (correction_.empty()) {
    for (std::int64_t y = begin; y < end; ++y)
      out[y - begin] = wire.conductance * (from[y] - to[y]) - wire.mean;
    return;
  }
  const double* const more_from = correction_.data() + wire.from * nodes();
  const double* const more_to = correction_.data() + wire.to * nodes();
  for (std::int64_t y = begin; y < end; ++y)
    out[y - begin] =
        wire.conductance * ((from[y] - to[y]) + (more_from[y] - more_to[y])) - wire.mean;
}

void ElectricalFlow::centre(int threads) {
  constexpr std::int64_t kEdgesPerChunk = 64;
  parallel_chunks(threads, edges(), kEdgesPerChunk, [&](std::int64_t begin, std::int64_t end) {
    std::vector<double> flow(mass_.size());
    for (std::int64_t e = begin; e < end; ++e) {
      if (wires_[e].leaf >= 0) continue;
      wires_[e].mean = 0;
      through(e, 0, nodes(), flow.data());
      double mean = 0;
      for (std::int64_t y = 0; y < nodes(); ++y) mean += mass_[y] * flow[y];
      wires_[e].mean = mean;
    }
  });
}

/// For columns begin … end − 1 what each hub still has to send, for itself and its leaves, and the
/// sum of the magnitudes that this came of.
struct ElectricalFlow::Leftover {
  std::vector<double> value, size;  // hubs × kColumns
};

ElectricalFlow::Leftover ElectricalFlow::leftover(std::int64_t begin, std::int64_t end) const {
  Leftover out{std::vector<double>(static_cast<std::size_t>(hubs_ * kColumns), 0.0), {}};
  for (std::int64_t i = 0; i < hubs_; ++i)
    std::fill_n(out.value.data() + i * kColumns, end - begin, -hub_mass_[i]);
  for (std::int64_t y = begin; y < end; ++y) out.value[hub_[y] * kColumns + (y - begin)] += 1;
  out.size = out.value;
  for (double& x : out.size) x = std::fabs(x);
  double flow[kColumns];
  for (std::int64_t e = 0; e < edges(); ++e) {
    const Wire& wire = wires_[e];
    if (wire.leaf >= 0) continue;
    through(e, begin, end, flow);
    for (std::int64_t c = 0; c < end - begin; ++c) {
      out.value[wire.from * kColumns + c] -= flow[c];
      out.value[wire.to * kColumns + c] += flow[c];
      out.size[wire.from * kColumns + c] += std::fabs(flow[c]);
      out.size[wire.to * kColumns + c] += std::fabs(flow[c]);
    }
  }
  return out;
}

/// One step of iterative refinement; the sum of both parts of the potentials is never formed.
void ElectricalFlow::correct_potentials(int threads, const GroundedLaplacian& laplacian) {
  std::vector<double> correction = correction_;
  correction.resize(potentials_.size(), 0.0);
  parallel_chunks(threads, nodes(), kColumns, [&](std::int64_t begin, std::int64_t end) {
    Leftover left = leftover(begin, end);
    laplacian.solve(left.value.data());
    for (std::int64_t i = 0; i < hubs_; ++i)
      for (std::int64_t y = begin; y < end; ++y)
        correction[i * nodes() + y] += left.value[i * kColumns + (y - begin)];
  });
  correction_ = std::move(correction);
}

double ElectricalFlow::worst_residual(int threads) const {
  std::vector<double> terms(static_cast<std::size_t>(hubs_), 8.0);
  for (std::int64_t i = 0; i < nodes(); ++i) terms[hub_[i]] += 1 + static_cast<double>(degree_[i]);
  std::vector<double> residual(mass_.size(), 0.0);
  parallel_chunks(threads, nodes(), kColumns, [&](std::int64_t begin, std::int64_t end) {
    const Leftover left = leftover(begin, end);
    for (std::int64_t i = 0; i < hubs_; ++i)
      for (std::int64_t y = begin; y < end; ++y) {
        const std::int64_t c = i * kColumns + (y - begin);
        residual[y] += std::fabs(left.value[c]) +
                       terms[i] * kEpsilon * (left.size[c] + (hub_[y] == i ? 1 : 0));
      }
  });
  double worst = 0;
  for (const double r : residual) {
    if (std::isnan(r)) return kInfinity;
    worst = std::max(worst, r * (1 + static_cast<double>(hubs_ + 4) * kEpsilon));
  }
  return worst;
}

}  // namespace wquant
