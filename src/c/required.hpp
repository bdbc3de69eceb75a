#pragma once

#include <string>

#include "wquant/error.hpp"

namespace wquant::c {

/// What an argument points to. Throws InvalidArgument for NULL.
template <class T>
T& required(const char* name, T* pointer) {
  if (!pointer) throw InvalidArgument(std::string(name) + ": NULL; expected a valid pointer");
  return *pointer;
}

}  // namespace wquant::c
