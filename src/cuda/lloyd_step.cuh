#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::lloyd_step on `stream`; all views in device memory. Labels and squared distances are
/// bit for bit the CPU's; the totals are not, having other parts. T is float or double.
///
/// `backend` lends 25 bytes a point and 8 (d + 2) a centre, for up to 2²⁰ points at once in parts
/// of 2¹⁷, and fewer if its limit says so, with the same bits. Throws OutOfMemory if a part is too
/// many.
///
/// Every point is searched in every step, and `lower` is 0. The search shares each tile of centres
/// among the points of a block: a bound spares nothing unless it settles all of them.
template <class T>
void launch_lloyd_step(MatrixView<const T> points, VectorView<const double> weights,
                       MatrixView<const T> centres, const LloydPoints& at,
                       const LloydTotals& totals, Backend& backend, cudaStream_t stream);

}  // namespace wquant
