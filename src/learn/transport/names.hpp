#pragma once

#include "base/enum_names.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {

template <>
inline constexpr auto kNames<Costs> = texts("tight", "paper");

}  // namespace wquant
