#pragma once

#include <cstdint>
#include <vector>

namespace wquant {

/// The m radii for which every point ±r_j e_k is the mean of its cell under shells of M:
/// r_j = E[M | shell j]. For n = 1, the positive half of the optimal 2m-point quantiser.
std::vector<double> optimal_cross_radii(std::int64_t n, std::int64_t m);

/// r_j = √n E[Z | Z in the j-th of m equiprobable slices of (0, ∞)], Z ~ N(0, 1)
/// (arXiv 2511.15854).
std::vector<double> paper_cross_radii(std::int64_t n, std::int64_t m);

}  // namespace wquant
