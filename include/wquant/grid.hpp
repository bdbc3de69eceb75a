#pragma once

#include <cstdint>
#include <iosfwd>
#include <vector>

#include "wquant/axes.hpp"
#include "wquant/export.hpp"

namespace wquant {

/// The box { x : lower_k < z_k ≤ upper_k } in local coordinates z; unbounded across the axes.
class WQUANT_API Cell {
 public:
  /// lower, upper: r each, lower_k < upper_k, infinities allowed. Throws InvalidArgument.
  Cell(Axes axes, std::vector<double> lower, std::vector<double> upper);

  const Axes& axes() const { return axes_; }                   ///< of rank r.
  const std::vector<double>& lower() const { return lower_; }  ///< r, −∞ where unbounded.
  const std::vector<double>& upper() const { return upper_; }  ///< r, ∞ where unbounded.
  /// False if it is the whole space.
  bool is_bounded() const;
  /// Whether x (d) lies in it. Throws InvalidArgument for another length.
  bool contains(const std::vector<double>& x) const;

 private:
  Axes axes_;
  std::vector<double> lower_;
  std::vector<double> upper_;
};

/// A product grid in local coordinates and the partition into boxes that it stands for. Its
/// locations are o + V diag(s) c for all combinations c of `points()`, the last dimension running
/// fastest. Where the boxes do not fill the space, one location more, the last, takes all that is
/// outside of them.
class WQUANT_API Grid {
 public:
  /// points: for each of the axes' r dimensions at least one strictly ascending finite number. The
  /// boxes are bounded by midpoints and fill the space: in local coordinates each point gets what
  /// is nearest to it. Throws InvalidArgument, also when the locations exceed 2⁶².
  Grid(Axes axes, std::vector<std::vector<double>> points);

  /// A partition by hand. edges: for each dimension one number more than points, strictly
  /// ascending; the first may be −∞ and the last ∞. Point j gets (edge j, edge j + 1], wherever it
  /// lies. outside: local coordinates (r) of the location for the rest, if the boxes leave one;
  /// empty stands for the offset o.
  Grid(Axes axes, std::vector<std::vector<double>> points, std::vector<std::vector<double>> edges,
       std::vector<double> outside = {});

  /// The same points on a bounded domain: boxes are cut at lower_k and upper_k (r each, infinities
  /// allowed). Throws InvalidArgument where a bound lies beyond a neighbouring edge.
  Grid within(const std::vector<double>& lower, const std::vector<double>& upper,
              std::vector<double> outside = {}) const;

  /// The same locations and boxes in other axes, whose directions are the old ones up to order and
  /// sign (match_axes, which says what it throws).
  Grid rebase(const Axes& axes) const;

  const Axes& axes() const { return axes_; }  ///< of rank r.
  /// r lists of ascending local coordinates.
  const std::vector<std::vector<double>>& points() const { return points_; }
  /// The n_k + 1 edges of dimension k, ±∞ at the ends of an unbounded one.
  std::vector<double> edges(std::int64_t k) const;
  /// Points per dimension.
  std::vector<std::int64_t> shape() const;
  /// Number of locations: Π shape, and one more if there is an outside.
  std::int64_t size() const { return boxes_ + (has_outside_ ? 1 : 0); }

  /// Whether boxes are bounded by midpoints, not by hand.
  bool has_midpoint_edges() const { return edges_.empty(); }
  /// Whether the boxes leave something out.
  bool has_outside() const { return has_outside_; }
  /// The local coordinates (r) of the location for what they leave out; empty if nothing is.
  const std::vector<double>& outside() const { return outside_; }
  /// All boxes together.
  Cell domain() const;
  /// The box of location a < Π shape.
  Cell cell(std::int64_t a) const;
  /// Location (d) a < size().
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

/// "( −1 , 1 ] x ( 0 , inf ]"
WQUANT_API std::ostream& operator<<(std::ostream& out, const Cell& cell);
/// "grid 3 x 2, scales 1 0.5"
WQUANT_API std::ostream& operator<<(std::ostream& out, const Grid& grid);

}  // namespace wquant
