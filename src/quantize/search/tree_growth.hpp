#pragma once

#include <Eigen/Dense>
#include <memory>
#include <set>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/tree.hpp"

namespace wquant {

/// Components N(m_i, diag s_i²) in coordinates in which all of them are products.
struct ProductMixture {
  std::vector<double> weights;                                                        // K
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> means;       // K × d
  Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> deviations;  // K × d
};

struct TreeNode;

/// Trees that grow best-first from one heap (quantization.md §7): always the leaf is cut whose best
/// split lowers Σ p Σ_k var_k most. The sequence of splits is the same for any number of threads.
class GrowingForest {
 public:
  /// context: has the threads that grow it and the limit on its memory.
  GrowingForest(const Context& context, std::vector<ProductMixture> mixtures);
  ~GrowingForest();

  /// Until there are `leaves` in all or the cost is at most `cost`; false if no split lowers it
  /// before or memory is full.
  bool grow(std::int64_t leaves, double cost);

  std::int64_t leaves() const { return static_cast<std::int64_t>(trees_.size() + order_.size()); }
  /// Σ p Σ_k var_k over all leaves, to rounding.
  double cost() const { return cost_; }
  /// About what is kept of the boxes and the components that count in them; memory is full when
  /// that exceeds the workspace limit.
  double bytes() const;
  /// What is kept of a leaf, components aside.
  static double leaf_bytes(std::int64_t dimension);

  /// Tree t when there were `leaves` in all: its splits, and the means of its cells, leaf by leaf.
  struct Shape {
    std::vector<Tree::Split> splits;
    std::vector<Eigen::VectorXd> means;
  };
  std::vector<Shape> shapes(std::int64_t leaves) const;

 private:
  struct ByGain {
    bool operator()(const TreeNode* a, const TreeNode* b) const;
  };
  struct Growing {
    ProductMixture mixture;
    Eigen::VectorXd mean;                       // of all
    std::vector<Tree::Split> splits;            // in order,
    std::vector<Eigen::VectorXd> lower, upper;  // and the means of their sides
  };

  void split_ahead(std::int64_t leaves);
  void take(TreeNode* node);

  const Context& context_;
  int threads_;
  std::vector<Growing> trees_;
  std::vector<std::unique_ptr<TreeNode>> nodes_;
  std::set<TreeNode*, ByGain> heap_;   // the leaves,
  std::set<TreeNode*, ByGain> whole_;  // and those of them whose halves are not made
  std::vector<std::int64_t> order_;    // the trees that were cut, one after the other
  double cost_ = 0;
  double bytes_ = 0;  // of all nodes, those made ahead left out
};

}  // namespace wquant
