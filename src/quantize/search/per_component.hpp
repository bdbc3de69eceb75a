#pragma once

#include "wquant/quantize.hpp"

namespace wquant {

/// One grid a component on its own eigenvectors, the budget shared by allocate_budget; one point a
/// group of merge_components where the budget is below the number of components.
Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

}  // namespace wquant
