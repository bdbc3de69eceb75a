#pragma once

#include <cstdint>

#include "wquant/quantize.hpp"

namespace wquant {

/// An estimate, at most `most`, of how many points the family needs to certify `tolerance`: for one
/// Gaussian from the shapes of its grids, else from one grid per component. 1 for families of which
/// neither says anything.
std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, double tolerance, std::int64_t most);

}  // namespace wquant
