#pragma once

#include <cstdint>

#include "wquant/quantize.hpp"

namespace wquant {

/// About how many points the family needs to certify `tolerance`, at most `most`: for one Gaussian
/// by the shapes of grids, else by one grid per component. 1 for families of which that says
/// nothing.
std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, double tolerance, std::int64_t most);

}  // namespace wquant
