#pragma once

#include <cstdint>

#include "quantize/search/support_probe.hpp"

namespace wquant {

/// Finds the smallest tree that meets the tolerance, if one of at most `most` points does: a tree
/// passes all supports as it grows. False, with nothing done, where the components have no common
/// eigenbasis and so need several trees.
bool grow_tree(SupportProbe& probe, std::int64_t most);

}  // namespace wquant
