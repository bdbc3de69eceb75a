#pragma once

#include <cstdint>
#include <vector>

namespace wquant {

/// A cross in R^n: the points ±r_j e_k. Z ~ N(0, I_n) goes to the axis and sign of its coordinate
/// of largest magnitude M and to the radius nearest M, or nearest R = ‖Z‖ (quantization.md §4).
struct CrossShells {
  /// P_j: the mass of shell j, shared equally by its 2n points. They sum to 1 within mass_error.
  std::vector<double> mass;
  /// ≥ |mass_j − exact| for each j.
  std::vector<double> mass_error;
  /// ≥ E‖Z − its point‖² / n: the bound on W₂² in units of the axes' summed variances.
  double factor = 0;
  /// ≥ Σ_j P_j (m_j − r_j)² / n, m_j e_k the mean of cell (k, +, j): what moving the points to the
  /// means of their cells would save.
  double centroid_gap = 0;
};

/// Shells of M, for ascending radii ≥ 0 and n ≥ 1.
CrossShells coordinate_shells(std::int64_t n, const std::vector<double>& radii);

/// Shells of R. One radius √n gives the unscented transform's symmetric set.
CrossShells norm_shells(std::int64_t n, const std::vector<double>& radii);

}  // namespace wquant
