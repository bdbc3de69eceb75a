#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "wquant/view.hpp"

namespace wquant {

/// Backend::symmetric_parts on a stream.
void launch_symmetric_parts(TensorView<const double> matrices, double tolerance,
                            TensorView<double> symmetric, MatrixView<double> diagonals,
                            VectorView<std::int64_t> off_diagonal, VectorView<std::int64_t> faults,
                            cudaStream_t stream);

}  // namespace wquant
