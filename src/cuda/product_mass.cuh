#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::product_mass on `stream`; all views in device memory. Entries of `probabilities` that
/// belong to no grid are left alone.
void launch_product_mass(const ProductGrids& grids, const GridComponents& components,
                         VectorView<double> probabilities, cudaStream_t stream);

}  // namespace wquant
