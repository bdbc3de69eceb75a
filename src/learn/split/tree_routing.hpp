#pragma once

#include <cstdint>
#include <vector>

#include "learn/split/linkage_tree.hpp"
#include "learn/split/routing.hpp"

namespace wquant {

/// Mass travels through the nodes of a complete-linkage tree, as hubs: design/learning.md B3.
class TreeRouting : public Routing {
 public:
  /// The tree of computed distances in R^dimension.
  TreeRouting(int threads, LinkageTree tree, std::int64_t dimension, int order);

  RoutingLimit limit(const std::vector<std::int64_t>& counts, double beta) const override;

  /// D ≥ the largest distance.
  double diameter() const { return diameter_; }
  /// ½ (h(A↑)^ρ − h(A)^ρ) / D^ρ for all nodes but the root.
  const std::vector<double>& cost() const { return cost_; }
  const LinkageTree& tree() const { return tree_; }

 private:
  std::vector<std::int64_t> node_counts(const std::vector<std::int64_t>& counts) const;

  int threads_;
  LinkageTree tree_;
  int order_;
  double diameter_;
  std::vector<double> cost_;
};

}  // namespace wquant
