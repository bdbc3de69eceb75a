#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::cell_moments on `stream`; all views in device memory. Cells of `out` that belong to no
/// row are left alone.
void launch_cell_moments(const CellRows& rows, const CellTable& out, cudaStream_t stream);

}  // namespace wquant
