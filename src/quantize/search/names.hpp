#pragma once

#include "base/enum_names.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

template <>
inline constexpr auto kNames<SchemeFamily> = texts("auto", "grid", "per-component", "cross",
                                                   "per-mode", "tree", "lloyd");

template <>
inline constexpr auto kNames<CrossRadii> = texts("optimal", "paper", "unscented");

template <>
inline constexpr auto kNames<LocalScale> = texts("hessian", "moments", "best");

}  // namespace wquant
