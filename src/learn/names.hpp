#pragma once

#include "base/enum_names.hpp"
#include "wquant/learn.hpp"

namespace wquant {

template <>
struct EnumNames<BoundMethod> {
  static constexpr std::string_view kType = "BoundMethod";
  static constexpr Named<BoundMethod> kAll[] = {{BoundMethod::split, "split"},
                                                {BoundMethod::dual, "dual"},
                                                {BoundMethod::exact, "exact"},
                                                {BoundMethod::vertex, "vertex"},
                                                {BoundMethod::fournier, "fournier"}};
};

template <>
struct EnumNames<SelectOn> {
  static constexpr std::string_view kType = "SelectOn";
  static constexpr Named<SelectOn> kAll[] = {{SelectOn::train, "train"},
                                             {SelectOn::evaluation, "eval"}};
};

}  // namespace wquant
