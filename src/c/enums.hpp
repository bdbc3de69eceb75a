#pragma once

#include <cstdint>
#include <iterator>
#include <string>

#include "base/enum_names.hpp"
#include "wquant/error.hpp"

namespace wquant::c {

/// Throws InvalidArgument for a value that is no enumerator.
template <class Enum>
Enum enumerator(const char* name, std::int32_t value) {
  constexpr auto kCount = static_cast<std::int32_t>(std::size(EnumNames<Enum>::kAll));
  if (value < 0 || value >= kCount)
    throw InvalidArgument(std::string(name) + ": " + std::to_string(value) + "; expected 0 to " +
                          std::to_string(kCount - 1));
  return static_cast<Enum>(value);
}

/// Whether an enumerator of the C interface is the one of the C++ interface.
template <class Here, class There>
constexpr bool mirrors(Here here, There there) {
  return static_cast<int>(here) == static_cast<int>(there);
}

}  // namespace wquant::c
