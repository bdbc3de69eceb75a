#pragma once

#include "base/enum_names.hpp"
#include "wquant/learn.hpp"

namespace wquant {

template <>
inline constexpr auto kNames<BoundMethod> = texts("split", "dual", "exact", "vertex", "fournier");

template <>
inline constexpr auto kNames<SelectOn> = texts("train", "eval");

}  // namespace wquant
