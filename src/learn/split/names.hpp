#pragma once

#include "base/enum_names.hpp"
#include "wquant/split_bound.hpp"

namespace wquant {

template <>
inline constexpr auto kNames<Moment> = texts("stratified", "bernstein", "betting");

template <>
inline constexpr auto kNames<DiscreteTerm> = texts("auto", "tree", "routed");

}  // namespace wquant
