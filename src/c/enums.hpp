#pragma once

#include <cstdint>
#include <string>

#include "wquant/error.hpp"

namespace wquant::c {

/// Throws InvalidArgument for a value that is none of 0 … last.
template <class Enum>
Enum enumerator(const char* name, std::int32_t value, Enum last) {
  if (value < 0 || value > static_cast<std::int32_t>(last))
    throw InvalidArgument(std::string(name) + ": " + std::to_string(value) + "; expected 0 to " +
                          std::to_string(static_cast<std::int32_t>(last)));
  return static_cast<Enum>(value);
}

/// Whether an enumerator of the C interface is the one of the C++ interface.
template <class Here, class There>
constexpr bool mirrors(Here here, There there) {
  return static_cast<int>(here) == static_cast<int>(there);
}

}  // namespace wquant::c
