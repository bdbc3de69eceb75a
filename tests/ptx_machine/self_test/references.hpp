#pragma once

#include "self_test/device.hpp"

namespace ptx::test {

struct Outcome {
  Result result;
  bool right;  // the kernel's output equals the host's reference
};

/// The kernels of good.cu that order their threads by barriers, fences and atomics.
Outcome run_jacobi(Device& device);
Outcome run_gemm(Device& device);
Outcome run_segmented_sum(Device& device);
Outcome run_last_block_sum(Device& device);
Outcome run_spin_lock(Device& device);
Outcome run_async_copy(Device& device);

}  // namespace ptx::test
