#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::seeding_step on `stream`; all views in device memory. The squares are bit for bit the
/// CPU's, the costs are summed in another order. T is float or double.
template <class T>
void launch_seeding_step(MatrixView<const T> points, VectorView<const double> weights,
                         MatrixView<const T> candidates, VectorView<double> squares,
                         MatrixView<double> costs, cudaStream_t stream);

}  // namespace wquant
