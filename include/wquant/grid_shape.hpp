#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// The numbers of points n_k per dimension of the product grid that minimises Σ_k λ_k e(n_k)
/// subject to Π n_k ≤ budget, in the order of the variances λ_k (quantization.md §3). The minimum
/// is exact for the e(n) of `normal_distortion`. The variances may stand in any order and may be 0;
/// the budget is from 1 to 10⁹. Throws InvalidArgument.
WQUANT_API std::vector<std::int64_t> optimal_grid_shape(std::span<const double> variances,
                                                        std::int64_t budget);

}  // namespace wquant
