#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::product_locations on `stream`; all views in device memory. Rows of `locations` that
/// belong to no grid are left alone.
void launch_product_locations(const ProductGrids& grids, const GridFrames& frames,
                              MatrixView<double> locations, cudaStream_t stream);

}  // namespace wquant
