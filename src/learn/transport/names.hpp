#pragma once

#include "base/enum_names.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {

template <>
consteval auto names_of<Costs>() {
  return texts("tight", "paper");
}

}  // namespace wquant
