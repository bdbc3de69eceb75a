#pragma once

#include <cstdint>

#include "quantize/search/support_probe.hpp"

namespace wquant {

/// Finds about the fewest points that meet the tolerance, if `most` do, in a few trials, for a
/// family of which each takes long: supports between one that does and one that does not are
/// interpolated, as log W₂ is about linear in log N, until the two are within a 64th of each other.
void interpolate_support(SupportProbe& probe, std::int64_t most);

}  // namespace wquant
