#pragma once

#include <cstdint>

#include "wquant/gaussian_mixture.hpp"
#include "wquant/scheme.hpp"

namespace wquant {

/// The cells that free points are made of (quantization.md §8): at most `support`, each sent whole
/// to the free point nearest to its location, which is its mean but for rounding.
Scheme fine_scheme(const Context& context, const GaussianMixture& mixture, std::int64_t support);

}  // namespace wquant
