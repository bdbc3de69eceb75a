#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"
#include "wquant/grid.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// Boxes in local coordinates made by cutting one box after the other (quantization.md §7), and a
/// point for each. The boxes, the leaves of a binary tree, fill the space.
class WQUANT_API Tree {
 public:
  /// Split number s cuts leaf `leaf` ≤ s at z_dimension = cut: what is at or below the cut keeps
  /// the number of the leaf, what is above becomes leaf s + 1.
  struct Split {
    std::int64_t leaf = 0;       ///< the leaf that is cut, ≤ s.
    std::int64_t dimension = 0;  ///< the local coordinate, 0 … r − 1.
    double cut = 0;              ///< where.
  };

  /// splits: in order, each with its cut strictly inside the leaf; the first n of them are a tree
  /// too. points: local coordinates, one row a leaf (splits + 1 × r), finite, wherever they lie.
  /// Throws InvalidArgument.
  Tree(Axes axes, std::vector<Split> splits, MatrixView<const double> points);

  const Axes& axes() const { return axes_; }                    ///< of rank r.
  const std::vector<Split>& splits() const { return splits_; }  ///< in order.
  /// size() × r, host memory.
  MatrixView<const double> points() const { return {points_.data(), size(), axes_.rank()}; }
  /// Number of leaves.
  std::int64_t size() const { return static_cast<std::int64_t>(splits_.size()) + 1; }

  /// The box of leaf a.
  Cell cell(std::int64_t a) const;
  /// The location (d) of leaf a.
  std::vector<double> location(std::int64_t a) const;
  /// The leaf that holds x (d); a box holds its upper edges. Throws InvalidArgument.
  std::int64_t find(const std::vector<double>& x) const;

  /// What becomes of the two sides of split s.
  struct Next {
    std::int64_t lower = -1;  ///< the next split (> s) of what is at or below the cut; −1: a leaf.
    std::int64_t upper = -1;  ///< of what is above it.
  };
  const std::vector<Next>& next() const { return next_; }  ///< one a split.

 private:
  Axes axes_;
  std::vector<Split> splits_;
  std::vector<double> points_;
  std::vector<Next> next_;
  std::vector<std::int64_t> parent_;  // of each leaf: its last split, −1 if there is none
  std::vector<std::int64_t>
      above_;  // of each split: the one before it on the way, −1 for the first
};

/// "tree of 5 leaves, rank 2, scales 1 0.5"
WQUANT_API std::ostream& operator<<(std::ostream& out, const Tree& tree);

}  // namespace wquant
