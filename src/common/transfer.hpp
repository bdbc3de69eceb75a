#pragma once

#include <cstdint>
#include <vector>

#include "backend/backend.hpp"
#include "wquant/array.hpp"
#include "wquant/context.hpp"

namespace wquant {

/// rows × cols host values, packed, in the memory of the context.
template <class T>
Array<T> on_context(const Context& context, const T* values, std::int64_t rows, std::int64_t cols) {
  Array<T> out(context, rows, cols);
  context.backend().copy_from_host(out.data(), values,
                                   sizeof(T) * static_cast<std::size_t>(rows * cols));
  return out;
}

/// The values of a vector as rows of `cols`.
template <class T>
Array<T> on_context(const Context& context, const std::vector<T>& values, std::int64_t cols = 1) {
  return on_context(context, values.data(), static_cast<std::int64_t>(values.size()) / cols, cols);
}

}  // namespace wquant
