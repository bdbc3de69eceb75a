#pragma once

#include <cstdint>

#include "quantize/search/support_probe.hpp"

namespace wquant {

/// Finds the fewest points that meet the tolerance, if `most` do, by bisection: as if certificates
/// fell as points are added. Where those of a family that has succeeded need not, smaller supports
/// are tried one by one after that (docs/choosing_a_scheme.md says how many).
void bisect_support(SupportProbe& probe, std::int64_t most);

}  // namespace wquant
