#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wquant/error.hpp"

namespace wquant::c {

/// An element of a list that a result holds. Throws InvalidArgument.
template <class T>
const T& element(const std::vector<T>& list, std::int64_t index) {
  const auto count = static_cast<std::int64_t>(list.size());
  if (index < 0 || index >= count)
    throw InvalidArgument("index: " + std::to_string(index) +
                          "; expected at least 0 and less than " + std::to_string(count));
  return list[static_cast<std::size_t>(index)];
}

}  // namespace wquant::c
