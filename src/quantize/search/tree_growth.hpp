#pragma once

#include <Eigen/Core>
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

/// Trees that grow from one heap, the best split first (quantization.md §7): the next leaf to be
/// cut is always the one whose best split lowers Σ p Σ_k var_k most. The sequence of splits is the
/// same for any number of threads.
class GrowingForest {
 public:
  /// context: gives the threads that grow the trees and the limit on their memory.
  GrowingForest(const Context& context, std::vector<ProductMixture> mixtures);
  ~GrowingForest();

  /// Cuts until there are `leaves` leaves in all or the cost is at most `cost`. Returns false if it
  /// ended earlier, because no split lowers the cost or memory is full.
  bool grow(std::int64_t leaves, double cost);

  std::int64_t leaves() const { return static_cast<std::int64_t>(trees_.size() + order_.size()); }
  /// Σ p Σ_k var_k over all leaves, to rounding.
  double cost() const { return cost_; }
  /// About the memory that the boxes and their members take. Memory is full when this exceeds the
  /// workspace limit.
  double bytes() const;
  /// The memory of one leaf without its members.
  static double leaf_bytes(std::int64_t dimension);

  /// One of the trees: its splits, and the mean of each of its boxes, leaf by leaf.
  struct Shape {
    std::vector<Tree::Split> splits;
    std::vector<Eigen::VectorXd> means;
  };
  /// The shapes of all trees at the time when they had `leaves` leaves together.
  std::vector<Shape> shapes(std::int64_t leaves) const;

 private:
  struct ByGain {
    bool operator()(const TreeNode* a, const TreeNode* b) const;
  };
  struct Growing {
    ProductMixture mixture;
    Eigen::VectorXd mean;                       // of the whole mixture
    std::vector<Tree::Split> splits;            // in the order in which they were made
    std::vector<Eigen::VectorXd> lower, upper;  // for each split, the means of its two sides
  };

  void split_ahead(std::int64_t leaves);
  void take(TreeNode* node);

  const Context& context_;
  int threads_;
  std::vector<Growing> trees_;
  std::vector<std::unique_ptr<TreeNode>> nodes_;
  std::set<TreeNode*, ByGain> heap_;   // the leaves
  std::set<TreeNode*, ByGain> whole_;  // the leaves whose halves are not made yet
  std::vector<std::int64_t> order_;    // for each split, the tree that it was made in
  double cost_ = 0;
  double bytes_ = 0;  // the memory of all nodes except those made ahead
};

}  // namespace wquant
