#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// The box { x : lower_k < z_k ≤ upper_k } in local coordinates z, unbounded across the axes.
class WQUANT_API Cell {
 public:
  /// lower, upper: r numbers each, lower_k < upper_k; infinities are allowed. Throws
  /// InvalidArgument.
  Cell(Axes axes, std::vector<double> lower, std::vector<double> upper);

  const Axes& axes() const { return axes_; }  ///< The axes, of rank r.
  /// The r lower bounds, −∞ where there is none.
  const std::vector<double>& lower() const { return lower_; }
  /// The r upper bounds, ∞ where there is none.
  const std::vector<double>& upper() const { return upper_; }
  /// Whether any bound is finite; otherwise the cell is the whole space.
  bool is_bounded() const;
  /// Whether x (d numbers) lies in the cell. Throws InvalidArgument for another length.
  bool contains(const std::vector<double>& x) const;

 private:
  Axes axes_;
  std::vector<double> lower_;
  std::vector<double> upper_;
};

/// A product grid in local coordinates, and a partition of the space into boxes, one per location.
/// The locations are o + V diag(s) c for all combinations c of `points()`; the last dimension runs
/// fastest. Where the boxes do not fill the space, one more location, the last, stands for all that
/// is outside of them.
class WQUANT_API Grid {
 public:
  /// points: for each of the r dimensions at least one finite number, strictly ascending. The boxes
  /// end half-way between neighbouring points and fill the space: in local coordinates each box
  /// holds what is nearest to its point. Throws InvalidArgument, also for more than 2⁶² locations.
  Grid(Axes axes, std::vector<std::vector<double>> points);

  /// A partition that is made by hand. edges: for each dimension one number more than points,
  /// strictly ascending; the first may be −∞ and the last ∞. Point j stands for the interval
  /// (edge j, edge j + 1], whether it lies in it or not. outside: r local coordinates of the
  /// location for what the boxes leave out, if anything; empty stands for the offset o. Throws
  /// InvalidArgument.
  Grid(Axes axes, std::vector<std::vector<double>> points, std::vector<std::vector<double>> edges,
       std::vector<double> outside = {});

  /// The same points on a bounded domain: the boxes are cut at lower_k and upper_k (r numbers each;
  /// infinities are allowed), and `outside` is the location for the rest, as for the constructor.
  /// Throws InvalidArgument if a cut leaves nothing of a box.
  Grid within(const std::vector<double>& lower, const std::vector<double>& upper,
              std::vector<double> outside = {}) const;

  /// The same locations and boxes in other axes, whose directions are the old ones up to order and
  /// sign. Throws what match_axes throws.
  Grid rebase(const Axes& axes) const;

  const Axes& axes() const { return axes_; }  ///< The axes, of rank r.
  /// The local coordinates of the points: r lists, each ascending.
  const std::vector<std::vector<double>>& points() const { return points_; }
  /// The n_k + 1 edges of dimension k; the first is −∞ and the last ∞ if the boxes are unbounded.
  std::vector<double> edges(std::int64_t k) const;
  /// The number of points n_k of each dimension.
  std::vector<std::int64_t> shape() const;
  /// The number of locations: Π n_k, and one more if the boxes leave something out.
  std::int64_t size() const { return boxes_ + (has_outside_ ? 1 : 0); }

  /// Whether the boxes end half-way between points; otherwise the edges were made by hand.
  bool has_midpoint_edges() const { return edges_.empty(); }
  /// Whether the boxes leave something out.
  bool has_outside() const { return has_outside_; }
  /// The r local coordinates of the location for what the boxes leave out; empty if they fill the
  /// space.
  const std::vector<double>& outside() const { return outside_; }
  /// The union of all boxes.
  Cell domain() const;
  /// The box of location a < Π n_k.
  Cell cell(std::int64_t a) const;
  /// Location a < size(), d numbers.
  std::vector<double> location(std::int64_t a) const;

 private:
  std::vector<std::int64_t> indices(std::int64_t a) const;

  Axes axes_;
  std::vector<std::vector<double>> points_;
  std::vector<std::vector<double>> edges_;  // empty: midpoints
  std::vector<double> outside_;
  std::int64_t boxes_ = 1;
  bool has_outside_ = false;
};

/// Writes "(-1, 1] x (0, inf]".
WQUANT_API std::ostream& operator<<(std::ostream& out, const Cell& cell);
/// Writes "grid 3 x 2, scales 1 0.5".
WQUANT_API std::ostream& operator<<(std::ostream& out, const Grid& grid);

}  // namespace wquant
