#pragma once

namespace wquant {

/// A proven upper bound on W₂(P, D) and its parts (quantization.md §10):
///
///     w2 = √(cells + dropped) + reduction + basis + rounding.
///
/// `cells` and `dropped` are squared distances, the others distances; all are in the units of the
/// input. Each part is rounded up, so w2 is never below the true distance.
struct Certificate {
  double w2 = 0;     ///< The bound itself.
  double cells = 0;  ///< Σ over cells of E[‖X − point‖²; cell], within the span of the grids.
  double dropped = 0;    ///< The mean squared distance from P to the affine spans of the grids.
  double reduction = 0;  ///< A bound on W₂ between P and the reduced mixture that was quantised.
  double basis = 0;      ///< The cost of covariances that the grids' axes do not diagonalise.
  double rounding = 0;   ///< A bound on all errors of floating-point arithmetic.

  /// An upper bound on (Σ_a p_a ‖x_a − E[X | cell a]‖²)^{1/2}, the distance between the points and
  /// the means of their cells. It is no part of w2. It bounds the cost of sending the points on to
  /// other locations c(a): with k² = Σ_a p_a ‖x_a − c(a)‖²,
  ///
  ///     E‖X − c‖² ≤ cells + dropped + 2 k centroid_gap + k²,
  ///
  /// where equality holds if the gap is 0. X comes from P, or from the reduced mixture if there is
  /// one.
  double centroid_gap = 0;
};

}  // namespace wquant
