#pragma once

#include <cstdint>
#include <vector>

#include "learn/confidence/concentration.hpp"
#include "learn/split/electrical_flow.hpp"
#include "learn/split/routing.hpp"
#include "learn/split/routing_graph.hpp"

namespace wquant {

/// The graph that mass is routed on, and what is known of the atoms in its nodes.
struct NeighbourGraph {
  RoutingGraph graph;
  std::vector<double> mass;        ///< of the nodes, from training samples.
  std::vector<std::int64_t> node;  ///< of each atom.
  double moved = 0;                ///< ≥ the distance of any atom to its node.
  double diameter = 0;             ///< ≥ the distance of any two atoms, > 0.
};

/// Mass travels from atom to neighbouring atom by an electrical flow: design/learning.md B6.
class NeighbourRouting : public Routing {
 public:
  /// Lengths as computed in R^dimension.
  NeighbourRouting(int threads, NeighbourGraph graph, std::int64_t dimension, int order);

  /// Missed with probability at most 7/8 of beta; the capacity is infinite if an atom that passes
  /// mass on was never seen, or the flow is too inaccurate.
  RoutingLimit limit(const std::vector<std::int64_t>& counts, double beta) const override;

  const ElectricalFlow& flow() const { return flow_; }
  /// (ℓ_e / D)^ρ, rounded upwards.
  const std::vector<double>& cost() const { return cost_; }

  // The parts of the limit, in multiples of D^ρ.

  /// ≥ E T, missed with probability at most beta.
  Upper expected_upper(const Frequencies& nodes, double beta) const;
  /// ≥ T = Σ_e cost_e |f_e|, missed with probability at most beta / 2 beyond that of its two means.
  Upper transport_upper(const Frequencies& nodes, double beta) const;
  /// ≥ T_i = Σ_{e∋i} |f_e|, missed with probability at most 3 level.
  Upper load_upper(std::int64_t node, const Frequencies& nodes, double level) const;

 private:
  void sum_over_edges();
  Upper capacity(const std::vector<std::int64_t>& counts, const Frequencies& nodes,
                 double beta) const;
  /// With the roundings of the sums over edges and nodes that it was made of.
  Upper charged(Upper x) const {
    return Upper::rounded(x.value(), 4 * (flow_.edges() + flow_.nodes()) + 64);
  }

  int threads_;
  int order_;
  NeighbourGraph graph_;
  ElectricalFlow flow_;
  std::vector<double> cost_;
  std::vector<std::vector<std::int64_t>> incident_;  // edges of each node
  double weight_ = 0;                                // Σ_e w_e
  std::vector<double> variation_;                    // φ of each node
  std::vector<double> reach_;                        // ψ
  std::vector<double> reach_square_;                 // ψ²
};

}  // namespace wquant
