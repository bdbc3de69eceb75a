#pragma once

#include <cuda_runtime_api.h>

#include "wquant/view.hpp"

namespace wquant {

/// Backend::pairwise_distances on `stream`; all views in device memory. Bit for bit the CPU's.
void launch_pairwise_distances(MatrixView<const double> a, MatrixView<const double> b,
                               MatrixView<double> distances, cudaStream_t stream);

}  // namespace wquant
