#pragma once

#include <cstdint>
#include <vector>

#include "learn/split/grounded_laplacian.hpp"
#include "learn/split/routing_graph.hpp"

namespace wquant {

/// The electrical flow on a graph with conductances sqrt(m_i m_j) / ℓ_e², m the masses: to each
/// node y belongs the flow that sends a unit from y to all nodes in proportion to m. On the one
/// edge of a leaf the flow is what the leaf sends, exactly; elsewhere the computed flow is the
/// definition, and `residual` says what it leaves over. (design/learning.md B6)
class ElectricalFlow {
 public:
  /// masses with sum 1 but for rounding; ≥ 2 nodes.
  ElectricalFlow(int threads, const RoutingGraph& graph, const std::vector<double>& mass);

  std::int64_t nodes() const { return static_cast<std::int64_t>(mass_.size()); }
  std::int64_t edges() const { return static_cast<std::int64_t>(wires_.size()); }
  std::int64_t degree(std::int64_t node) const { return degree_[node]; }

  /// ≥ max_y ‖(δ_y − m) − outflow of y's flow‖₁, rounding included; infinite if the Laplacian could
  /// not be factorised.
  double residual() const { return residual_; }

  /// Through one edge, `from` to `to`, the flows of nodes begin … end − 1.
  void through(std::int64_t edge, std::int64_t begin, std::int64_t end, double* out) const;

 private:
  struct Wire {
    std::int64_t from, to;   // hubs
    double conductance = 0;  // of an edge between hubs
    std::int64_t leaf = -1;  // or else the node that hangs on it,
    double sign = 1;         // 1 if the edge leads away from it
    double mean = 0;         // Σ_y m_y (flow of y before it is centred)
  };
  struct Leftover;

  void find_hubs(const RoutingGraph& graph);
  void make_wires(const RoutingGraph& graph);
  std::vector<Conductance> conductances() const;
  void solve_potentials(int threads, const GroundedLaplacian& laplacian);
  void correct_potentials(int threads, const GroundedLaplacian& laplacian);
  void centre(int threads);
  Leftover leftover(std::int64_t begin, std::int64_t end) const;
  double worst_residual(int threads) const;

  std::vector<double> mass_;
  std::vector<std::int64_t> degree_;
  std::vector<std::int64_t> hub_;  // of each node: itself, or what it hangs on
  std::vector<std::int64_t> is_hub_;
  std::vector<Wire> wires_;
  std::int64_t hubs_ = 0;
  std::vector<double> hub_mass_;    // with its leaves
  std::vector<double> potentials_;  // hubs × nodes; the last hub is grounded
  std::vector<double> correction_;  // of the potentials, or empty
  double residual_ = 0;
};

}  // namespace wquant
