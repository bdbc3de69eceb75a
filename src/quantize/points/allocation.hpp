#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/view.hpp"

namespace wquant {

/// E(n) for n = 0 … largest (E(0) is unused): the least distortion Σ_k λ_k e(n_k) of a product grid
/// of at most n points on a Gaussian with these variances (any order).
std::vector<double> grid_distortions(VectorView<const double> variances, std::int64_t largest);

/// E_g(n) for n = 0 … largest (E_g(0) is unused), not increasing, for group g.
using DistortionCurves =
    std::function<std::vector<double>(std::int64_t group, std::int64_t largest)>;

/// Points per group that minimise Σ_g w_g E_g(n_g) subject to Σ n_g ≤ budget, n_g ≥ 1, by greedy
/// marginal gain on the lower convex hulls of the E_g — optimal whenever the budget runs out at a
/// hull's vertex —, then spending what is left on the best single gains (quantization.md §5).
/// weights: G, budget ≥ G. Throws OutOfMemory if the curves exceed the workspace limit.
std::vector<std::int64_t> allocate_budget(const Context& context, VectorView<const double> weights,
                                          const DistortionCurves& curves, std::int64_t budget);

/// About how many points that allocation needs for Σ_g w_g E_g(n_g) ≤ target, `most` at most.
std::int64_t budget_for(const Context& context, VectorView<const double> weights,
                        const DistortionCurves& curves, double target, std::int64_t most);

}  // namespace wquant
