#pragma once

#include <cstdint>
#include <vector>

namespace wquant {

/// z_k ~ N(mean_k, deviation_k²), independent; a deviation of 0 is a point mass, others are above
/// 1e-150.
struct ProductNormal {
  std::vector<double> mean;
  std::vector<double> deviation;
};

/// What a product Gaussian puts into the cells of a cross that was made for another: z goes to the
/// axis and sign of its coordinate of largest magnitude and to the radius nearest that magnitude
/// (quantization.md §4). Ties between point masses go to the lowest axis, a point mass at 0 to +.
struct CrossCells {
  /// P(k, ±, j) at [(2k + (0 for +, 1 for −)) m + j].
  std::vector<double> mass;
  /// ≥ |mass − exact| for each cell.
  std::vector<double> mass_error;
  /// ≥ E Σ_l s_l² (z − its point)_l².
  double cost = 0;
  /// ≥ Σ_cells P ‖E[s∘z | cell] − s∘point‖², and at most cost. Across the cell's own axis the
  /// mean's square is bounded by the mean over the cell of its square at fixed M (Jensen).
  double centroid_gap = 0;
};

/// scales: s_l > 0; radii: at least one, ascending, ≥ 0. All results are finite; how tight they are
/// is up to the double grid where a deviation is below 1e-14 of its mean.
CrossCells cross_cells(const ProductNormal& normal, const std::vector<double>& scales,
                       const std::vector<double>& radii);

}  // namespace wquant
