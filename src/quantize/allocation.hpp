#pragma once

#include <cstdint>
#include <vector>

#include "wquant/view.hpp"

namespace wquant {

/// E(n) for n = 0 … largest (E(0) is unused): the least distortion Σ_k λ_k e(n_k) of a product grid
/// of at most n points on a Gaussian with these variances (any order).
std::vector<double> grid_distortions(VectorView<const double> variances, std::int64_t largest);

/// Points per group that minimise Σ_g w_g E_g(n_g) subject to Σ n_g ≤ budget, n_g ≥ 1, by greedy
/// marginal gain on the lower convex hulls of the E_g — optimal whenever the budget runs out at a
/// hull's vertex —, then spending what is left on the best single gains (quantization.md §5).
/// weights: G, variances: G × d, budget ≥ G.
std::vector<std::int64_t> allocate_budget(VectorView<const double> weights,
                                          MatrixView<const double> variances, std::int64_t budget);

}  // namespace wquant
