#pragma once

#include "base/enum_names.hpp"
#include "wquant/split_bound.hpp"

namespace wquant {

template <>
consteval auto names_of<Moment>() {
  return texts("stratified", "bernstein", "betting");
}

template <>
consteval auto names_of<DiscreteTerm>() {
  return texts("auto", "tree", "routed");
}

}  // namespace wquant
