#pragma once

#include "wquant/quantize.hpp"

namespace wquant {

/// One grid per component, on the component's own eigenvectors; allocate_budget shares the points
/// out. Where there are fewer points than components, one point per group of merge_components.
Scheme make_per_component_scheme(const Context& context, const GaussianMixture& mixture,
                                 const QuantizeOptions& options);

}  // namespace wquant
