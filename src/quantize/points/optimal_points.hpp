#pragma once

#include <functional>
#include <vector>

namespace wquant {

/// What a quantiser's centroid equations need of a one-dimensional distribution, for cells bounded
/// by the midpoints of n ascending points: n masses, n first moments, the density at n − 1 edges.
struct CentroidTerms {
  std::vector<double> mass;
  std::vector<double> first_moment;
  std::vector<double> edge_density;
};

using CentroidEvaluation = std::function<CentroidTerms(const std::vector<double>& points)>;

/// Points that solve c_j P_j = F_j (each the mean of its cell) from an ascending start, by Newton's
/// method on the tridiagonal system (quantization.md §2). Where the Hessian of the distortion is
/// not positive definite, or a step would break the order or enlarge the distortion, steps between
/// Newton's and Lloyd's are tried, and Lloyd's last. `tolerance` is on the largest move, relative
/// to the points' extent.
std::vector<double> stationary_points(std::vector<double> start, const CentroidEvaluation& evaluate,
                                      double tolerance, int most_iterations);

}  // namespace wquant
