#pragma once

#include "base/enum_names.hpp"
#include "wquant/quantize.hpp"

namespace wquant {

template <>
struct EnumNames<SchemeFamily> {
  static constexpr std::string_view kType = "SchemeFamily";
  static constexpr Named<SchemeFamily> kAll[] = {{SchemeFamily::automatic, "auto"},
                                                 {SchemeFamily::grid, "grid"},
                                                 {SchemeFamily::per_component, "per-component"},
                                                 {SchemeFamily::cross, "cross"},
                                                 {SchemeFamily::per_mode, "per-mode"},
                                                 {SchemeFamily::tree, "tree"},
                                                 {SchemeFamily::lloyd, "lloyd"}};
};

template <>
struct EnumNames<CrossRadii> {
  static constexpr std::string_view kType = "CrossRadii";
  static constexpr Named<CrossRadii> kAll[] = {{CrossRadii::optimal, "optimal"},
                                               {CrossRadii::paper, "paper"},
                                               {CrossRadii::unscented, "unscented"}};
};

template <>
struct EnumNames<LocalScale> {
  static constexpr std::string_view kType = "LocalScale";
  static constexpr Named<LocalScale> kAll[] = {{LocalScale::hessian, "hessian"},
                                               {LocalScale::moments, "moments"},
                                               {LocalScale::best, "best"}};
};

}  // namespace wquant
