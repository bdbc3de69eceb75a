#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::sample_mixture on `stream`; all views in device memory.
void launch_sample_mixture(const GaussianComponents& components, const CumulativeTable& choice,
                           std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                           VectorView<std::int64_t> labels, cudaStream_t stream);

}  // namespace wquant
