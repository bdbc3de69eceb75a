#pragma once

#include <cstdint>

#include "base/enum_names.hpp"

namespace wquant::c {

/// Throws InvalidArgument for a value that is no enumerator.
template <class Enum>
Enum enumerator(const char* name, std::int32_t value) {
  require_enumerator<Enum>(name, value);
  return static_cast<Enum>(value);
}

/// Whether an enumerator of the C interface is the one of the C++ interface.
template <class Here, class There>
constexpr bool mirrors(Here here, There there) {
  return static_cast<int>(here) == static_cast<int>(there);
}

}  // namespace wquant::c
