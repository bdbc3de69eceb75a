#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::box_moments on `stream`; all views in device memory.
void launch_box_moments(const BoxMembers& boxes, const BoxTable& out, cudaStream_t stream);

}  // namespace wquant
