#pragma once

#include "base/enum_names.hpp"
#include "wquant/split_bound.hpp"

namespace wquant {

template <>
struct EnumNames<Moment> {
  static constexpr std::string_view kType = "Moment";
  static constexpr Named<Moment> kAll[] = {{Moment::stratified, "stratified"},
                                           {Moment::bernstein, "bernstein"},
                                           {Moment::betting, "betting"}};
};

template <>
struct EnumNames<DiscreteTerm> {
  static constexpr std::string_view kType = "DiscreteTerm";
  static constexpr Named<DiscreteTerm> kAll[] = {{DiscreteTerm::automatic, "auto"},
                                                 {DiscreteTerm::tree, "tree"},
                                                 {DiscreteTerm::routed, "routed"}};
};

}  // namespace wquant
