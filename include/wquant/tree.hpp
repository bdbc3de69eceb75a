#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"
#include "wquant/grid.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// A partition of the space into boxes in local coordinates, made by cutting one box after the
/// other (quantization.md §7), with a point for each box. The boxes are the leaves of a binary
/// tree.
class WQUANT_API Tree {
 public:
  /// Split number s cuts leaf number `leaf` ≤ s at z_dimension = cut. The part at or below the cut
  /// keeps the number of the leaf, the part above becomes leaf s + 1.
  struct Split {
    std::int64_t leaf = 0;       ///< The leaf that is cut, ≤ s.
    std::int64_t dimension = 0;  ///< The local coordinate that is compared, 0 … r − 1.
    double cut = 0;              ///< The value at which the leaf is cut.
  };

  /// splits: in the order in which they are made, each with its cut strictly inside the leaf; so
  /// the first n of them make a tree too. points: the local coordinates of the points, one finite
  /// row per leaf (splits + 1 × r); a point need not lie in its box. Throws InvalidArgument.
  Tree(Axes axes, std::vector<Split> splits, MatrixView<const double> points);

  const Axes& axes() const { return axes_; }                    ///< The axes, of rank r.
  const std::vector<Split>& splits() const { return splits_; }  ///< The splits in their order.
  /// The local coordinates of the points, size() × r, in host memory; valid as long as the tree.
  MatrixView<const double> points() const { return {points_.data(), size(), axes_.rank()}; }
  /// The number of leaves.
  std::int64_t size() const { return static_cast<std::int64_t>(splits_.size()) + 1; }

  /// The box of leaf a.
  Cell cell(std::int64_t a) const;
  /// The location of leaf a, d numbers.
  std::vector<double> location(std::int64_t a) const;
  /// The leaf whose box holds x (d numbers); a box holds its upper edges. Throws InvalidArgument
  /// for another length.
  std::int64_t find(const std::vector<double>& x) const;

  /// The next splits on the two sides of split s. Each is a number > s, or −1 for a leaf.
  struct Next {
    std::int64_t lower = -1;  ///< The next split of the part at or below the cut.
    std::int64_t upper = -1;  ///< The next split of the part above the cut.
  };
  const std::vector<Next>& next() const { return next_; }  ///< The next splits of every split.

 private:
  Axes axes_;
  std::vector<Split> splits_;
  std::vector<double> points_;
  std::vector<Next> next_;
  std::vector<std::int64_t> parent_;  // of each leaf: its last split, −1 if there is none
  std::vector<std::int64_t>
      above_;  // of each split: the one before it on the way, −1 for the first
};

/// Writes "tree of 5 leaves, rank 2, scales 1 0.5".
WQUANT_API std::ostream& operator<<(std::ostream& out, const Tree& tree);

}  // namespace wquant
