#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::nearest on `stream`; all views in device memory. Bit for bit the CPU's. The search
/// rounds the centres to T, the squared distances take them as they are. For T = U, and for T =
/// float with U = double. `backend` lends 8 bytes a point and a copy of
/// the centres.
template <class T, class U>
void launch_nearest(MatrixView<const T> points, MatrixView<const U> centres,
                    VectorView<std::int64_t> labels, VectorView<double> squared_distances,
                    Backend& backend, cudaStream_t stream);

}  // namespace wquant
