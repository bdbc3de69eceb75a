#pragma once

#include <cuda_runtime_api.h>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::lloyd_step on `stream`; all views in device memory. Labels and squared distances are
/// bit for bit the CPU's, the totals are not, having other parts; they do not depend on what
/// `backend` lends, which is at least 25 bytes a point of 2¹⁷ and 8 (d + 2) a centre, and at most 8
/// times that. Throws OutOfMemory if the limit is lower. T is float or double.
///
/// Every point is searched in every step, and `lower` is 0. The nearest-centre kernel shares each
/// tile of centres among 64 points and more; a bound spares the tile only where it settles all of
/// them, so that it would have to settle nearly every point of the cloud before it saved anything.
template <class T>
void launch_lloyd_step(MatrixView<const T> points, VectorView<const double> weights,
                       MatrixView<const T> centres, const LloydPoints& at,
                       const LloydTotals& totals, Backend& backend, cudaStream_t stream);

}  // namespace wquant
