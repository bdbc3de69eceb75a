#pragma once

#include "base/pulse.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

/// The scheme with the fewest points, of the family that the options ask for or of any, whose
/// certificate is at most `options.tolerance`; docs/choosing_a_scheme.md says what that means where
/// certificates need not fall as points are added. Throws OutOfMemory, with the best certificate
/// reached, if points within the workspace limit do not suffice. Of any family: with a deadline
/// first the three that take least time, then the others for fewer points still, as long as it
/// lasts. `reduction`, less than the tolerance, is what the certificate holds for the mixture that
/// this one stands for.
Scheme smallest_scheme(const Context& context, const GaussianMixture& mixture,
                       const QuantizeOptions& options, double reduction, const Deadline& deadline,
                       QuantizeStatistics& statistics);

}  // namespace wquant
