#pragma once

#include "base/enum_names.hpp"
#include "wquant/transport_bounds.hpp"

namespace wquant {

template <>
struct EnumNames<Costs> {
  static constexpr std::string_view kType = "Costs";
  static constexpr Named<Costs> kAll[] = {{Costs::tight, "tight"}, {Costs::paper, "paper"}};
};

}  // namespace wquant
