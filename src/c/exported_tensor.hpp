#pragma once

#include <memory>

#include "wquant/array.hpp"
#include "wquant/wquant.h"

namespace wquant::c {

/// A tensor over the array's memory, which `owner` keeps alive until the tensor's deleter is
/// called; on_host: over a copy of its own of what lies on a device. `device` is where the array
/// lies. dimensions 1: the elements; 2: rows × cols. T is double, float or std::int64_t.
template <class T>
DLManagedTensor* exported_tensor(const Array<T>& array, int dimensions, DLDevice device,
                                 std::shared_ptr<const void> owner, bool on_host);

/// The device of host memory.
inline constexpr DLDevice kHost{kDLCPU, 0};

}  // namespace wquant::c
