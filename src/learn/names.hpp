#pragma once

#include "base/enum_names.hpp"
#include "wquant/learn.hpp"

namespace wquant {

template <>
consteval auto names_of<BoundMethod>() {
  return texts("split", "dual", "exact", "vertex", "fournier");
}

template <>
consteval auto names_of<SelectOn>() {
  return texts("train", "eval");
}

}  // namespace wquant
