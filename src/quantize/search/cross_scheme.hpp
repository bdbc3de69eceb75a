#pragma once

#include "wquant/quantize.hpp"

namespace wquant {

/// One cross a component on its own leading eigenvectors, the budget shared as for grids; a
/// component whose share is one point gets that. Few points for many components are merged groups.
Scheme make_cross_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options);

/// Below every certificate that make_cross_scheme can reach.
double cross_lower_bound(const GaussianMixture& mixture, const QuantizeOptions& options);

}  // namespace wquant
