#pragma once

#include "wquant/quantize.hpp"

namespace wquant {

/// Free points (quantization.md §8): centres of weighted k-means on the cells of fine_scheme, whose
/// number grows until what is lost within them is next to nothing, or as far as time allows.
Scheme make_lloyd_scheme(const Context& context, const GaussianMixture& mixture,
                         const QuantizeOptions& options);

}  // namespace wquant
