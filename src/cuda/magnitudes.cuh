#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

/// Backend::largest_magnitude on a stream.
template <class T>
void launch_largest_magnitude(MatrixView<const T> values, double limit, VectorView<double> largest,
                              VectorView<std::int64_t> first_beyond, cudaStream_t stream);

/// Backend::divide on a stream.
template <class T>
void launch_divide(MatrixView<const T> values, double unit, MatrixView<T> out, cudaStream_t stream);

}  // namespace wquant
