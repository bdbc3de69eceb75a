#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "learn/split/neighbour_routing.hpp"
#include "learn/split/tree_routing.hpp"
#include "wquant/context.hpp"
#include "wquant/split_bound.hpp"

namespace wquant {

/// The routing of the discrete term, fixed before its samples are seen.
class DiscreteRule {
 public:
  struct Limit {
    Upper distance;
    bool routed;
    Upper capacity;
  };

  /// locations: M × d, host; mass: of the atoms, from training samples, with sum 1; counts: what
  /// `total` samples are predicted to bring. beta: what the choice is made for.
  DiscreteRule(const Context& context, MatrixView<const double> locations,
               const std::vector<double>& mass, const std::vector<std::int64_t>& counts, int order,
               const SplitOptions& options);

  /// ≥ W_ρ(q#P, P̂), missed with probability at most beta.
  Limit limit(const std::vector<std::int64_t>& counts, double beta) const;

 private:
  void choose_routing(const Context& context, MatrixView<const double> distances,
                      std::int64_t dimension, const std::vector<double>& mass,
                      const std::vector<std::int64_t>& counts, int order,
                      const SplitOptions& options);

  std::unique_ptr<TreeRouting> tree_;
  std::unique_ptr<NeighbourRouting> neighbour_;  // or none
};

}  // namespace wquant
