#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// What Backend::mixture_density is to write; scores and hessians may be null.
struct DensityOutputs {
  VectorView<double> log_densities;
  MatrixView<double> scores;
  MatrixView<double> hessians;
};

/// As many threads as `scratch_bytes` serve take one point after another.
struct DensityPlan {
  std::int64_t blocks;
  std::size_t scratch_bytes;
};

/// Scratch memory of at most 64 MiB and `limit`, unless one block needs more.
DensityPlan plan_mixture_density(MatrixView<const double> points, const DensityOutputs& out,
                                 std::size_t limit);

/// Backend::mixture_density on `stream`; all views and `scratch` in device memory.
void launch_mixture_density(const DensityPlan& plan, MatrixView<const double> points,
                            const MixtureDensity& mixture, const DensityOutputs& out,
                            double* scratch, cudaStream_t stream);

}  // namespace wquant
