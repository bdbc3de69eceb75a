#pragma once

namespace wquant {

/// A proven upper bound on W₂(P, D) and its parts (quantization.md §10):
///
///     w2 = √(cells + dropped) + reduction + basis + rounding.
///
/// `cells` and `dropped` are squared distances, the others distances; all in the units of the
/// input. Each part is rounded up, so w2 is never below the true W₂ distance, rounding included.
struct Certificate {
  double w2 = 0;     ///< the bound.
  double cells = 0;  ///< Σ over cells of E[‖X − point‖²; cell] inside the span of the grids.
  double dropped = 0;    ///< mean squared distance from P to the affine spans of the grids.
  double reduction = 0;  ///< bound on W₂ between P and the reduced mixture that was quantised.
  double basis = 0;      ///< cost of covariances that the grids' axes do not diagonalise.
  double rounding = 0;   ///< everything that floating point may have hidden.

  /// ≥ (Σ_a p_a ‖x_a − E[X | cell a]‖²)^{1/2}, how far the points are from the means of their
  /// cells; no part of w2. Where it is 0, sending the points on costs exactly what that costs: with
  /// k² = Σ_a p_a ‖x_a − c(a)‖², E‖X − c‖² ≤ cells + dropped + 2 k centroid_gap + k². That holds
  /// for X from P and from the reduced mixture, of which cells and dropped speak.
  double centroid_gap = 0;
};

}  // namespace wquant
