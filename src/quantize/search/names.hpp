#pragma once

#include "base/enum_names.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

template <>
consteval auto names_of<SchemeFamily>() {
  return texts("auto", "grid", "per-component", "cross", "per-mode", "tree", "lloyd");
}

template <>
consteval auto names_of<CrossRadii>() {
  return texts("optimal", "paper", "unscented");
}

template <>
consteval auto names_of<LocalScale>() {
  return texts("hessian", "moments", "best");
}

}  // namespace wquant
