#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// Backend::sample_discrete on `stream`; all views in device memory.
void launch_sample_discrete(MatrixView<const double> locations, const CumulativeTable& choice,
                            std::uint64_t seed, std::int64_t first, MatrixView<double> points,
                            VectorView<std::int64_t> labels, cudaStream_t stream);

}  // namespace wquant
