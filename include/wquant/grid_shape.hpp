#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wquant/export.hpp"

namespace wquant {

/// Points per dimension of the product grid that minimises Σ_k λ_k e(n_k) subject to
/// Π n_k ≤ budget, in the order of `variances` (quantization.md §3). Exact for the table e(n) of
/// `normal_distortion`. Any order of the variances, zeros allowed; budget from 1 to 10⁹.
/// Throws InvalidArgument.
WQUANT_API std::vector<std::int64_t> optimal_grid_shape(std::span<const double> variances,
                                                        std::int64_t budget);

}  // namespace wquant
