#pragma once

#include <cstdint>

#include "wquant/quantize.hpp"

namespace wquant {

/// An estimate, at most `most`, of how many points the best family other than crosses needs for a
/// certificate of `options.tolerance`: for one Gaussian from the shapes of its grids, else from one
/// grid per component.
std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, std::int64_t most);

}  // namespace wquant
