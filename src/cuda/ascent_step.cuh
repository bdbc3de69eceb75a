#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <cstdint>

#include "backend/backend.hpp"

namespace wquant {

/// As many threads as `scratch_bytes` serve take one point after another.
struct AscentPlan {
  std::int64_t blocks;
  std::size_t scratch_bytes;
};

/// Scratch memory of at most 256 MiB and `limit`, unless one block needs more.
AscentPlan plan_ascent_step(MatrixView<const double> points, std::size_t limit);

/// Backend::ascent_step on `stream`; all views and `scratch` in device memory.
void launch_ascent_step(const AscentPlan& plan, MatrixView<const double> points,
                        const AscentMixture& mixture, double cutoff, const AscentStep& out,
                        double* scratch, cudaStream_t stream);

}  // namespace wquant
