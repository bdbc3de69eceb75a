#pragma once

#include <cstdint>
#include <vector>

#include "wquant/context.hpp"
#include "wquant/gaussian_mixture.hpp"

namespace wquant {

/// A partition of the components into at most `groups` groups with small Σ_i w_i ‖μ_i − mean of its
/// group‖², for budgets below the number of components: with one point per group, that sum and the
/// components' own variances are all of W₂². The group with the largest sum is cut at its mean
/// across its widest coordinate until there are enough, then Lloyd's iteration polishes.
std::vector<std::vector<std::int64_t>> merge_components(const Context& context,
                                                        const GaussianMixture& mixture,
                                                        std::int64_t groups);

/// Σ_{i ∈ group} w_i μ_i / Σ w_i, the plain average where all weights are 0.
std::vector<double> group_mean(const GaussianMixture& mixture,
                               const std::vector<std::int64_t>& group);

}  // namespace wquant
