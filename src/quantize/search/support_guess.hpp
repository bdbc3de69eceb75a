#pragma once

#include <cstdint>

#include "wquant/quantize.hpp"

namespace wquant {

/// About how many points the best family but crosses needs for this certificate, `most` at most:
/// for one Gaussian by shapes, else by one grid a component.
std::int64_t guess_support(const Context& context, const GaussianMixture& mixture,
                           const QuantizeOptions& options, std::int64_t most);

}  // namespace wquant
