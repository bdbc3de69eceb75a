#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::region_statistics on `stream`; all views in device memory. Labels and distances are bit
/// for bit the CPU's; the sums are not, having more parts. `backend` lends 24 bytes a point, at
/// most 48 more, and a copy of the locations. T is float or double.
template <class T>
void launch_region_statistics(MatrixView<const T> points, const RegionGeometry& regions, int order,
                              const RegionTotals& totals, Backend& backend, cudaStream_t stream);

}  // namespace wquant
